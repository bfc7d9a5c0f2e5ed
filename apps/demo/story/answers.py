"""What those who were asked answered: stars, words, and whether they went on to a public site."""

from dataclasses import dataclass

from apps.demo.story.telling import read_rows


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer to the campaign; ``days`` and ``at`` count from its launch."""

    who: int
    days: int
    at: str
    stars: int
    text: str = ""
    site: str = ""
    reply: str = ""
    case: str = ""


ANSWERS = read_rows("answers", Answer)
RIVAL_ANSWERS = read_rows("rival_answers", Answer)
