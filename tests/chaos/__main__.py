"""`make chaos`: kill campaigns; each prints one JSON line, a broken promise ends in 1."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.chaos import campaign
from tests.chaos.faults import FAULTS
from tests.chaos.ledger import Ledger
from tests.chaos.load import SLUG
from tests.rigs import smtp, twilio
from tests.rigs.processes import Product

MESSAGES = {"email": 20_000, "sms": 5_000}
KILLS = 100
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


def main() -> int:
    """Run the campaigns that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channel", choices=tuple(MESSAGES), action="append")
    parser.add_argument("--messages", type=int)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", choices=tuple(PLANS), action="append")
    parser.add_argument("--fault", choices=tuple(FAULTS), action="append", help="instead of a plan")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    given = parser.parse_args()
    plans = {"own": tuple(given.fault)} if given.fault else PLANS
    names = ["own"] if given.fault else given.plan or ["processes"]
    broken = 0
    for channel in given.channel or list(MESSAGES):
        for name in names:
            plan = campaign.Plan(faults=plans[name], kills=given.kills, seed=given.seed)
            messages = given.messages or MESSAGES[channel]
            folder = Path(tempfile.mkdtemp(prefix="cxsaas-chaos-"))
            report = run_campaign(channel, messages=messages, plan=plan, folder=folder, say=_say)
            print(json.dumps({"chaos": name, "channel": channel, **report.as_line()}), flush=True)
            broken += bool(report.faults)
            if given.keep or report.faults:
                _say(f"Logs and data are in {folder}.")
            else:
                shutil.rmtree(folder)
    return 1 if broken else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
