"""What a checker says about a passage: good, doubtful or bad, where, why, and what to do."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_SPACE = re.compile(r"\[[^\]]*\]| \??")


class Tone(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One remark; start and end are offsets in the text, both 0 when something is missing."""

    kind: str
    tone: Tone
    code: str
    title: str
    text: str = ""
    start: int = 0
    end: int = 0
    fix: str = ""


class Words(Protocol):
    """A text that is put into the reader's language when it is shown."""

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Pattern:
    """A wording that is looked for, and what is said about it."""

    code: str
    expression: re.Pattern[str]
    title: Words
    why: Words
    fix: Words = ""
    tone: Tone = Tone.BAD


def compile_words(expression: str) -> re.Pattern[str]:
    """Return a pattern that knows no case; a space stands for any run of white space."""
    return re.compile(_SPACE.sub(_widen, expression), re.IGNORECASE)


def _widen(match: re.Match[str]) -> str:
    return {" ": r"\s+", " ?": r"\s*"}.get(match.group(), match.group())


def fold(text: str) -> str:
    """Return ``text`` of the same length with plain apostrophes, so that patterns stay simple."""
    return text.translate(
        {0x2019: "'", 0x2018: "'", 0x02BC: "'", 0xA0: " ", 0x201C: '"', 0x201D: '"'}
    )


def find_all(kind: str, text: str, patterns: Iterable[Pattern]) -> Iterator[Finding]:
    """Yield a finding for the first match of each pattern, in the order of the patterns."""
    plain = fold(text)
    for pattern in patterns:
        match = pattern.expression.search(plain)
        if match:
            yield Finding(
                kind,
                pattern.tone,
                pattern.code,
                str(pattern.title),
                str(pattern.why),
                match.start(),
                match.end(),
                str(pattern.fix),
            )
