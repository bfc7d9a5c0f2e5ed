"""What a customer's words tell: which kinds of trouble they name, and how they feel about it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from apps.text.findings import compile_words, fold

LEXICON_VERSION = 1

# One line of phrases per flag; English. A phrase counts unless it is denied just before.
_FLAGS: Mapping[str, re.Pattern[str]] = {
    name: compile_words(rf"\b(?:{expression})\b")
    for name, expression in {
        "safety": (
            r"food poison\w*|poison(?:ed|ing)|got (?:very |really |so )?(?:sick|ill)|made (?:me|us"
            r"|him|her|them) (?:sick|ill)|allerg\w+|anaphyla\w+|ambulance|hospital\w*"
            r"|emergency room"
            r"|injur\w+|unsafe|danger\w*|hazard\w*|burn(?:ed|t) (?:my|his|her|our|me)"
            r"|electric shock"
            r"|gas leak|caught fire|on fire|smoke|glass in|metal in|hair in|bug in|cockroach\w*"
            r"|mice"
            r"|mouse|rats?|mould\w*|mold(?:y)?|harass\w+|assault\w*|threaten\w*|bled|bleeding"
            r"|slipped|undercooked|raw chicken"
            r"|(?:brakes?|steering|tyres?|tires?|wheels?|handlebars?|harness)"
            r" (?:(?:just|then|has|have|had|suddenly|almost|nearly) ){0,2}"
            r"(?:fail\w*|went|gave (?:way|out)|broke|snapped|burst|locked|came off)"
            r"|no brakes?"
        ),
        "billing": (
            r"over ?charg\w+|charged (?:me |us )?(?:twice|double|extra|again)|double[- ]?charg\w+"
            r"|wrong (?:bill|invoice|amount|price|charge)|hidden (?:fee|charge|cost)s?|rip[- ]?off"
            r"|ripped off|scam\w*|fraud\w*|billed|billing|invoice|too expensive|overpriced"
            r"|not what (?:i|we) (?:was|were) quoted|took money|without (?:my )?permission"
        ),
        "refund": (
            r"refund\w*|money back|my money|reimburs\w+|compensat\w+|chargeback|credit note"
        ),
        "rude": (
            r"rude\w*|impolite|disrespect\w*|unprofessional|arrogan\w+|condescend\w+|dismissive"
            r"|ignored (?:me|us)|shout(?:ed|ing)|yell(?:ed|ing)|swore|snapped at|rolled (?:her|his"
            r"|their) eyes|unfriendly|hostile|aggressive|bad attitude|attitude|nasty|insult\w*"
            r"|discriminat\w+|racist|sexist|patroni[sz]\w+"
        ),
        "wait": (
            r"wait(?:ed|ing)?|late|delay\w*|slow|queue\w*|on hold|took (?:forever|ages|so long"
            r"|hours|weeks|months)|hours? later|no ?show|never (?:called|answered|replied"
            r"|responded)"
            r"|no (?:answer|reply|response)|overdue|held up"
        ),
        "broken": (
            r"broke|broken|fault\w*|defect\w*|does ?n[o']t work|did ?n[o']t work|not work\w*"
            r"|stopped working|fell (?:apart|off)|damaged?|torn|ripped|leak\w*|crack\w*|scratch\w*"
            r"|botched|ruined|wrong (?:item|order|size|colou?r|part|dish)|cold (?:food|meal|soup"
            r"|coffee)|stale|dirty|filthy|poor quality|shoddy"
        ),
        "missing": (
            r"missing|never (?:arrived|came|delivered|received|got)|did ?n[o']t (?:arrive|come"
            r"|receive|get)|not delivered|undelivered|lost (?:my|our)|incomplete|forgot(?:ten)? "
            r"(?:my|our|the|half)|left out"
        ),
    }.items()
}
_DENIED = re.compile(
    r"\b(?:no|not|never|without|hardly|barely|zero|wasn't|weren't|isn't|aren't|didn't|don't|nor"
    r"|neither)(?:\s+(?:to|a|an|any|the|have|had|been|be|at all|too|very|even|have to))*\s+$",
    re.IGNORECASE,
)
# Phrases that carry their own "not" are trouble by themselves.
_OWN_DENIAL = re.compile(r"^(?:not|no|never|did|does|without)", re.IGNORECASE)


@dataclass(frozen=True)
class Flag:
    """A kind of trouble and the words that name it."""

    name: str
    start: int
    end: int


def find_flags(text: str) -> list[Flag]:
    """Return the first undenied naming of each kind of trouble, in order of appearance."""
    plain = fold(text)
    flags = []
    for name, expression in _FLAGS.items():
        for match in expression.finditer(plain):
            before = plain[max(match.start() - 40, 0) : match.start()]
            if _OWN_DENIAL.match(match.group()) or not _DENIED.search(before):
                flags.append(Flag(name, match.start(), match.end()))
                break
    return sorted(flags, key=lambda flag: (flag.start, flag.name))


def text_flags(text: str) -> frozenset[str]:
    """Return the kinds of trouble that a text names."""
    return frozenset(flag.name for flag in find_flags(text))


_STRENGTHS: Mapping[float, str] = {
    3.0: "amazing awesome brilliant delicious excellent exceptional fabulous fantastic flawless "
    "gorgeous incredible love loved loves magnificent outstanding perfect perfection phenomenal "
    "stunning superb wonderful best",
    2.0: "beautiful caring delighted enjoy enjoyed enjoyable friendly generous glad grateful great "
    "happy helpful impressed impressive kind lovely pleased pleasant pleasure polite "
    "professional recommend recommended skilled smile smiling spotless tasty thank thanks "
    "thoughtful welcoming",
    1.0: "attentive clean clear comfortable convenient cosy easy efficient fair fast fine fresh "
    "good honest improved like liked nice ok okay patient prompt quick quickly reasonable "
    "reliable safe satisfied smooth sorted tidy warm well",
    -1.0: "average bland bored boring busy cold confusing crowded difficult expensive hard late "
    "loud meh mediocre messy noisy old overpriced slow small tired unclear wait waited waiting "
    "wrong delayed delay missing",
    -2.0: "annoyed annoying avoid bad broke broken careless complain complained complaint damaged "
    "dirty disappointed disappointing disappointment fail failed faulty ignored leaking "
    "lost mistake mistakes overcharged poor poorly problem problems refused regret "
    "ruined rushed sad scratched stale unfriendly unhappy unhelpful unprofessional upset useless "
    "waste wasted worse mouldy undercooked",
    -3.0: "abysmal appalling atrocious awful dangerous disaster disgrace disgusted disgusting "
    "dreadful filthy fraud furious hate hated horrendous horrible horrid incompetent insult "
    "insulting lied liar lies nightmare pathetic racist revolting rude scam shambles shocking "
    "terrible unacceptable vile worst unsafe poisoning poisoned",
}
_WEIGHTS = {word: weight for weight, words in _STRENGTHS.items() for word in words.split()}
_NEGATIONS = frozenset(
    str.split(
        "not no never none nothing neither "
        "nor without hardly barely cannot can't don't doesn't didn't "
        "isn't wasn't weren't aren't won't wouldn't couldn't shouldn't haven't hasn't hadn't"
    )
)
_BOOSTERS = {
    **dict.fromkeys(("very", "really", "extremely", "so", "absolutely", "totally"), 1.3),
    **dict.fromkeys(("incredibly", "utterly", "completely", "truly", "most"), 1.3),
    **dict.fromkeys(("slightly", "somewhat", "a-bit", "fairly", "quite", "little"), 0.7),
}
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[!?.;]|[\U0001f600-\U0001f64f\u2764]")
_HAPPY_FACES = frozenset("😀😁😂😃😄😅😆😊😋😌😍😎😘🙂😻❤")
_SAD_FACES = frozenset("😒😓😔😖😞😟😠😡😢😣😤😥😨😩😫😭😰😱🙁")
_REACH = 3
_DENIAL_WEIGHT = -0.7
_AFTER_BUT, _BEFORE_BUT = 1.4, 0.6
_FLATNESS = 15.0


def sentiment(text: str) -> float:
    """Return how a text feels, from -1 (very bad) to 1 (very good); 0 where nothing is known.

    A small word list with denial, emphasis and "but": made to explain itself, not to replace
    stars, which outrank it.
    """
    total = 0.0
    clause: list[float] = []
    words: list[str] = []
    for word in _TOKEN.findall(fold(text).lower()):
        if word in ".;!?":
            total += sum(clause)
            clause, words = [], []
            continue
        if word in {"but", "however", "although"}:
            total += sum(clause) * _BEFORE_BUT
            clause, words = [0.0], []
            continue
        weight = _weigh(word, words[-_REACH:])
        clause.append(weight * (_AFTER_BUT if clause[:1] == [0.0] else 1.0))
        words.append(word)
    total += sum(clause)
    return round(total / math.sqrt(total * total + _FLATNESS), 4)


def _weigh(word: str, before: list[str]) -> float:
    if word in _HAPPY_FACES:
        return 2.0
    if word in _SAD_FACES:
        return -2.0
    weight = _WEIGHTS.get(word, 0.0)
    for booster in before[-1:]:
        weight *= _BOOSTERS.get(booster, 1.0)
    if not _NEGATIONS.isdisjoint(before):
        weight *= _DENIAL_WEIGHT
    return weight
