"""C.A.R.E.: the stages of a case, their clocks, its playbook, and what is missing to close it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.failures.choices import FailureKind
from apps.recovery.choices import Outcome, Stage

GRAVEST = 5

# From each stage to the next, back one step when more comes to light, and up at any time.
MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.COLLECT: frozenset({Stage.APOLOGISE, Stage.ESCALATE}),
    Stage.APOLOGISE: frozenset({Stage.COLLECT, Stage.RESPOND, Stage.ESCALATE}),
    Stage.RESPOND: frozenset({Stage.COLLECT, Stage.APOLOGISE, Stage.ESCALATE}),
    Stage.ESCALATE: frozenset({Stage.COLLECT, Stage.APOLOGISE, Stage.RESPOND}),
}
_CLOCKS: Mapping[Stage, tuple[timedelta, timedelta]] = {
    Stage.COLLECT: (timedelta(hours=4), timedelta(hours=1)),
    Stage.APOLOGISE: (timedelta(hours=24), timedelta(hours=4)),
    Stage.RESPOND: (timedelta(days=3), timedelta(days=1)),
    Stage.ESCALATE: (timedelta(days=1), timedelta(hours=4)),
}


def can_move(current: str, following: str) -> bool:
    """Tell whether a case may go from one stage into another."""
    return following in MOVES.get(Stage(current), frozenset())


def due_at(stage: str, opened_at: datetime, severity: int) -> datetime:
    """Return by when a stage must be done; where somebody was in danger much sooner.

    ``opened_at`` is when the case was opened; for ESCALATE, when it was escalated.
    """
    usual, gravest = _CLOCKS[Stage(stage)]
    return opened_at + (gravest if severity >= GRAVEST else usual)


@dataclass(frozen=True)
class CaseFacts:
    """Where a case stands, counted by the caller; ``outcome`` is how it is to be closed."""

    outcome: str = Outcome.SETTLED
    is_understood: bool = False
    is_apologised: bool = False
    make_right_items: int = 0
    make_right_open: int = 0
    prevent_items: int = 0
    prevent_open: int = 0
    promises_open: int = 0
    is_customer_asked: bool = False
    is_reachable: bool = True
    returned: bool = False
    has_note: bool = False


def may_close(facts: CaseFacts) -> list[str]:
    """Return what is still missing before a case may be closed, in sentences; empty: close it.

    "Not ours" and "parted ways" need a written reason and no open promise; all else needs the
    whole way. A customer who came back need not be asked, and one nobody can reach cannot be.
    """
    missing = _find_loose_ends(facts)
    if facts.outcome in {Outcome.NOT_OURS, Outcome.PARTED}:
        if not facts.has_note:
            missing.append(_("Write down why."))
        return missing
    if not facts.is_understood:
        missing.insert(0, _("Write down what happened."))
    if not facts.is_apologised:
        missing.append(_("Nobody has apologised yet."))
    missing.extend(_find_plan_gaps(facts))
    if facts.outcome == Outcome.RETURNED and not facts.returned:
        missing.append(_("The customer has not come back yet."))
    if facts.is_reachable and not facts.returned and not facts.is_customer_asked:
        missing.append(_("Ask the customer whether it is put right."))
    return missing


def _find_loose_ends(facts: CaseFacts) -> list[str]:
    if not facts.promises_open:
        return []
    return [
        ngettext(
            "Keep or settle %(count)d promise.",
            "Keep or settle %(count)d promises.",
            facts.promises_open,
        )
        % {"count": facts.promises_open}
    ]


def _find_plan_gaps(facts: CaseFacts) -> list[str]:
    gaps = []
    if not facts.make_right_items:
        gaps.append(_("Plan what makes it right for this customer."))
    elif facts.make_right_open:
        gaps.append(
            ngettext(
                "Do the last step that makes it right.",
                "Do the %(count)d steps that make it right.",
                facts.make_right_open,
            )
            % {"count": facts.make_right_open}
        )
    if not facts.prevent_items:
        gaps.append(_("Plan what keeps it from happening again."))
    elif facts.prevent_open:
        gaps.append(
            ngettext(
                "Do the last step that keeps it from happening again.",
                "Do the %(count)d steps that keep it from happening again.",
                facts.prevent_open,
            )
            % {"count": facts.prevent_open}
        )
    return gaps


@dataclass(frozen=True)
class Playbook:
    """What to do about one kind of failure: for this customer, and for all that follow."""

    key: str
    title: str
    make_right: tuple[str, ...]
    prevent: tuple[str, ...]


_BOOKS = {
    FailureKind.SAFETY: (
        gettext_lazy("Somebody was in danger"),
        (
            gettext_lazy("Call the customer and ask how they are"),
            gettext_lazy("Secure what happened: place, product, witnesses"),
            gettext_lazy("Bear the cost of what was harmed"),
        ),
        (
            gettext_lazy("Take the product or place out of use until it is checked"),
            gettext_lazy("Tell the owner, and the authority where the law asks for it"),
        ),
    ),
    FailureKind.BROKEN: (
        gettext_lazy("Faulty or not done right"),
        (
            gettext_lazy("Do it again or replace it, at the customer's choice"),
            gettext_lazy("Check it yourself before it is handed over"),
        ),
        (gettext_lazy("Find where it went wrong, and add a check there"),),
    ),
    FailureKind.WAIT: (
        gettext_lazy("Wait or delay"),
        (
            gettext_lazy("Offer a fixed time, with a name to ask for"),
            gettext_lazy("Make good the lost time on the same service"),
        ),
        (gettext_lazy("Look at staffing and bookings of that hour"),),
    ),
    FailureKind.RUDE: (
        gettext_lazy("How we treated them"),
        (
            gettext_lazy("Let the manager call, and listen first"),
            gettext_lazy("Name a person for the next visit"),
        ),
        (gettext_lazy("Talk it through with the team, without blame"),),
    ),
    FailureKind.BILLING: (
        gettext_lazy("Price or bill"),
        (
            gettext_lazy("Check the bill line by line"),
            gettext_lazy("Pay back what was too much, and send a correct bill"),
        ),
        (gettext_lazy("Correct the price where it came from"),),
    ),
    FailureKind.MISSING: (
        gettext_lazy("Not delivered"),
        (
            gettext_lazy("Find it, or send it again at once"),
            gettext_lazy("Tell the customer the day and who brings it"),
        ),
        (gettext_lazy("Check the step where it was lost"),),
    ),
    FailureKind.OTHER: (
        gettext_lazy("Something else"),
        (gettext_lazy("Ask the customer what would put it right"),),
        (gettext_lazy("Find the cause, and name who removes it"),),
    ),
}


def pick_playbook(kind: str, severity: int) -> Playbook:
    """Return the playbook for a kind of failure; a grave one always begins with a call."""
    known = FailureKind(kind)
    title, make_right, prevent = _BOOKS[known]
    steps = [str(step) for step in make_right]
    if severity >= GRAVEST - 1 and known not in {FailureKind.SAFETY, FailureKind.RUDE}:
        steps.insert(0, _("Call the customer today"))
    return Playbook(known.value, str(title), tuple(steps), tuple(str(step) for step in prevent))


@dataclass(frozen=True)
class NextStep:
    """What to do now in a case, and why just that."""

    stage: Stage
    title: str
    why: str


def next_step(facts: CaseFacts) -> NextStep | None:
    """Return the next step of a case; None when it may be closed."""
    if not facts.is_understood:
        why = _("Nobody can put right what nobody has understood.")
        return NextStep(Stage.COLLECT, _("Find out what happened"), why)
    if not facts.is_apologised:
        why = _("The apology comes first; an offer without one looks like a price.")
        return NextStep(Stage.APOLOGISE, _("Apologise"), why)
    missing = may_close(facts)
    if not missing:
        return None
    why = _("The case can be closed when this is done.")
    return NextStep(Stage.RESPOND, missing[0].removesuffix("."), why)


_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day))\b", re.IGNORECASE
)
_ENDING_LINES = 2
_ENDING_LENGTH = 60


def complete_letter(text: str, *, name: str, signer: str) -> str:
    """Return a letter with a greeting and the writer's name, added only where it lacks them."""
    words = text.strip()
    lines = [line.strip(" ,.!:–-").casefold() for line in words.splitlines() if line.strip()]
    is_greeted = bool(_GREETING.match(words)) or (bool(name) and lines[:1] == [name.casefold()])
    own = signer.casefold().split()[:1]
    ending = [line for line in lines[1:][-_ENDING_LINES:] if len(line) <= _ENDING_LENGTH]
    is_signed = not own or any(own[0] in re.findall(r"\w+", line) for line in ending)
    if not is_greeted:
        greeting = _("Hello %(name)s,") % {"name": name} if name else _("Hello,")
        words = f"{greeting}\n\n{words}"
    return words if is_signed else f"{words}\n\n{signer}"
