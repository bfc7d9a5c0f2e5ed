"""What a new business has set up and what is left, from what stands in its tables."""

from dataclasses import dataclass

from apps.core.db import fetch_all
from apps.core.facts import Actor
from apps.insights import sql

# In the order in which one thing asks for the other.
STEPS = ("location", "destination", "postal", "sender", "hours", "customers", "campaign", "team")


@dataclass(frozen=True)
class Setup:
    """The steps of setting up and whether each is done."""

    done: dict[str, bool]
    is_put_away: bool = False

    @property
    def left(self) -> int:
        """Return how many steps are left to do."""
        return sum(not done for done in self.done.values())

    @property
    def is_shown(self) -> bool:
        """Tell whether the list stands on the home page."""
        return bool(self.left) and not self.is_put_away


def read_setup(*, actor: Actor) -> Setup:
    """Return how far a business is set up, with one query; nothing for who cannot set it up."""
    if not actor.can("settings.change"):
        return Setup({})
    put_away, *done = fetch_all(sql.SETUP)[0]
    return Setup(dict(zip(STEPS, done, strict=True)), is_put_away=put_away)
