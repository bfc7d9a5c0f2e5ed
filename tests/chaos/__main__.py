"""`make chaos`: campaigns of faults; each prints one JSON line, a broken promise ends in 1."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import (
    attacks,
    campaign,
    contract,
    fairness,
    provision,
    release,
    stall,
    tickets,
)
from tests.chaos.faults import FAULTS
from tests.chaos.ledger import Ledger
from tests.chaos.load import SLUG
from tests.rigs import smtp, twilio
from tests.rigs.processes import Product

MESSAGES = {"email": 20_000, "sms": 5_000}
KILLS = 100
PROVISION_TIMES = 20
CONTRACT_S = 30 * 60
WORKERS = ("fast", "bulk", "bulk-2")
PLANS = {
    "processes": ("child", "worker", "workers", "all"),
    "broker": ("broker",),
    "database": ("database",),
    "freeze": ("freeze",),
}


def run_campaign(
    channel: str, *, messages: int, plan: campaign.Plan, folder: Path, say: Callable[[str], None]
) -> campaign.Report:
    """Start the product, queue messages, hurt it while they go out, reckon."""
    journal = folder / "provider.journal"
    rig = (
        smtp.SmtpSink(journal=journal, behaviour=smtp.Behaviour(keep_content=False))
        if channel == "email"
        else twilio.FakeTwilio(journal=journal, behaviour=twilio.Behaviour(latency_s=0.02))
    )
    with rig, Product(folder / "data") as product:
        product.start("beat")
        account = rig.settings()
        sender = "hello@chaos.example" if channel == "email" else "+15005550006"
        words = ("--channel", channel, "--count", str(messages), "--sender", sender)
        say(product.run("tests.chaos.load", *words, "--account", json.dumps(account)).strip())
        if product.postgres is None:
            raise LookupError("database")
        ledger = Ledger(product.postgres.superuser_dsn("cxsaas"), slug=SLUG)
        for name in WORKERS:
            product.launch(name)

        def taken() -> Iterable[Mapping[str, object]]:
            return rig.journal.read()

        def size() -> int:
            return journal.stat().st_size

        return campaign.run(
            product,
            plan=plan,
            expected=messages,
            ledger=ledger,
            journal=taken,
            progress=size,
            say=say,
        )


def run_messages(given: argparse.Namespace) -> bool:
    """Kill what sends messages; tell whether every promise held."""
    plans = {"own": tuple(given.fault)} if given.fault else PLANS
    names = ["own"] if given.fault else given.plan or ["processes"]
    held = True
    for channel in given.channel or list(MESSAGES):
        for name in names:
            plan = campaign.Plan(faults=plans[name], kills=given.kills, seed=given.seed)
            messages = given.messages or MESSAGES[channel]
            with _folder(given) as folder:
                report = run_campaign(
                    channel, messages=messages, plan=plan, folder=folder.path, say=_say
                )
                folder.faults = report.faults
            _print({"chaos": name, "channel": channel, **report.as_line()})
            held = held and not report.faults
    return held


def run_tickets(given: argparse.Namespace) -> bool:
    """Kill what works tickets off; tell whether every promise held."""
    with _folder(given) as folder:
        report = tickets.run(tickets.Plan(seed=given.seed), folder=folder.path, say=_say)
        folder.faults = report.faults
    _print({"chaos": "tickets", **report.as_line()})
    return not report.faults


def run_fairness(given: argparse.Namespace) -> bool:
    """Measure a small business beside a large one; tell whether every promise held."""
    with _folder(given) as folder:
        reports = fairness.run(fairness.Plan(), folder=folder.path, say=_say)
        folder.faults = [fault for report in reports for fault in report.faults]
    for report in reports:
        _print({"chaos": "fairness", **report.as_line()})
    return not any(report.faults for report in reports)


def run_provision(given: argparse.Namespace) -> bool:
    """Kill what makes businesses; tell whether every promise held."""
    with _folder(given) as folder:
        report = provision.run(times=PROVISION_TIMES, folder=folder.path, say=_say)
        folder.faults = report.faults
    _print({"chaos": "provision", **report.as_line()})
    return not report.faults


def run_stall(given: argparse.Namespace) -> bool:
    """Kill what works on a ticket; tell whether the work went on soon."""
    with _folder(given) as folder:
        report = stall.run(stall.Plan(), folder=folder.path, say=_say)
        folder.faults = report.faults
    _print({"chaos": "stall", **report.as_line()})
    return not report.faults


def run_release(given: argparse.Namespace) -> bool:
    """Kill what migrates; tell whether the last runner brought everybody to the release."""
    with _folder(given) as folder:
        report = release.run(release.Plan(seed=given.seed), folder=folder.path, say=_say)
        folder.faults = report.faults
    _print({"chaos": "release", **report.as_line()})
    return not report.faults


def run_contract(given: argparse.Namespace) -> bool:
    """Hold the API against its own description; tell whether every answer fits it."""
    with _folder(given) as folder:
        tally = contract.measure(seconds=CONTRACT_S, seed=given.seed, folder=folder.path)
        folder.faults = tally.failures
    for failure in tally.failures:
        _say(failure)
    _print({"chaos": "contract", **tally.as_line()})
    return not tally.failures


def run_attacks(given: argparse.Namespace) -> bool:
    """Ask for what belongs to others, and with hostile input; tell whether all was refused."""
    held = attacks.run()
    _print({"chaos": "attacks", "held": held})
    return held


RIGS = {
    "messages": run_messages,
    "tickets": run_tickets,
    "fairness": run_fairness,
    "stall": run_stall,
    "provision": run_provision,
    "release": run_release,
    "contract": run_contract,
    "attacks": run_attacks,
}


def main() -> int:
    """Run the campaigns that the command line asks for; all of them when it names none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rigs", nargs="*", metavar="RIG", help=f"of {', '.join(RIGS)}; or all")
    parser.add_argument("--channel", choices=tuple(MESSAGES), action="append")
    parser.add_argument("--messages", type=int)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", choices=tuple(PLANS), action="append")
    parser.add_argument("--fault", choices=tuple(FAULTS), action="append", help="instead of a plan")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    given = parser.parse_args()
    unknown = sorted(set(given.rigs) - set(RIGS))
    if unknown:
        parser.error(f"there is no rig {', '.join(unknown)}")
    held = [RIGS[name](given) for name in given.rigs or RIGS]
    return 0 if all(held) else 1


@dataclass
class _Folder:
    path: Path
    faults: list[str] = field(default_factory=list)


@contextmanager
def _folder(given: argparse.Namespace) -> Iterator[_Folder]:
    """Give a campaign a folder; it stays when something was wrong, or when that is asked for."""
    folder = _Folder(Path(tempfile.mkdtemp(prefix="cxsaas-chaos-")))
    folder.faults = ["it did not come to its end"]
    try:
        yield folder
    finally:
        if given.keep or folder.faults:
            _say(f"Logs and data are in {folder.path}.")
        else:
            shutil.rmtree(folder.path)


def _print(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
