"""Whether an apology has its five parts, and what takes the worth out of it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.text.findings import Finding, Pattern, Tone, Words, compile_words, find_all, fold

KIND = "apology"
PARTS = ("responsibility", "regret", "repair", "explanation", "repentance")
_MOST_EXPLAINING = 3
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")

_FAILED = (
    r"failed|let (?:you|your \w+|everyone) down|made (?:a|an|the|this|that|some)? ?(?:\w+ )?"
    r"(?:mistakes?|errors?)|got (?:it|this|that|your [\w ]{1,30}|the [\w ]{1,30}) (?:\w+ )?wrong"
    r"|messed (?:it |this |that )?up|dropped the ball|fell short|broke|lost|forgot|overlooked"
    r"|missed|overcharged|charged you (?:twice|too much|for)|kept you waiting|neglected"
    r"|mishandled|ignored|damaged|ruined|mixed up|sent you (?:the|a) wrong|gave you (?:the|a) wrong"
    r"|served you|did not (?:check|tell|answer|call|clean|deliver|keep|listen|notice|meet|send|live"
    r"|do|give|treat|write|turn up|come|train|look)|didn't (?:check|tell|answer|call|clean|deliver"
    r"|keep|listen|notice|meet|send|live|do|give|treat|write|turn up|come|train|look)"
    r"|should(?:n't| not|n't)? have|should've|were wrong|was wrong|were late|was late|were careless"
)
_FIX = (
    r"refund|replace|redo|re-?make|repair|fix|credit|return|reimburse|correct|collect|deliver"
    r"|re-?book|waive|deduct|exchange|pay|send|bring|come|call|clean|cancel|put (?:it|this|that) "
    r"right|make (?:it|this|that|up)|take (?:it |the [\w ]{1,30})?off|re-?do"
)
_FIXING = (
    r"refunding|replacing|redoing|re-?making|repairing|fixing|crediting|returning|reimbursing"
    r"|correcting|collecting|delivering|re-?booking|waiving|deducting|exchanging|paying|sending"
    r"|bringing|coming|calling|cleaning|cancell?ing|taking (?:it |the [\w ]{1,30})?off"
    r"|(?:putting|setting) (?:it|this|that|things) right|making (?:it|this|that) (?:up|good|right)"
)
# In the present tense only with a day or an hour: “we repair bikes” mends nothing.
_PRESENT = compile_words(
    r"\b(?:we|i)(?: also| gladly| personally| now)* (?:refund|replace|redo|re-?make|repair|fix"
    r"|credit|return|reimburse|correct|collect|deliver|re-?book|waive|deduct|exchange|send|bring"
    r"|come|clean|cancel|call you|pay (?:you|it|for|back)|(?:put|set) (?:it|this|that|things) right"
    r"|make (?:it|this|that) (?:up|good|right)|take (?:it |the [\w ]{1,30})?off)\b"
)
_NO_PROMISE = compile_words(
    r"\b(?:every|each|always|usually|normally|often|sometimes|generally)\b|\?"
)
_FIXED = (
    r"refunded|replaced|redone|remade|repaired|fixed|credited|returned|reimbursed|corrected"
    r"|collected|delivered|rebooked|waived|deducted|exchanged|paid|sent|booked|cancelled|removed"
    r"|put (?:it|this|that) right|ordered|set aside|cleaned"
)
_WHEN = compile_words(
    r"\b(?:today|tonight|tomorrow|now|already|yesterday|this (?:morning|afternoon|evening|week)|by "
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|the end|tomorrow|\d)"
    r"|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|the \d)|within \w+|in "
    r"(?:\d+|one|two|three|five|seven|ten) (?:working )?(?:minutes?|hours?|days?|weeks?)"
    r"|at \d|before \w+|next (?:week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)|immediately|straight away|in full)\b"
)


@dataclass(frozen=True)
class _Part:
    title: Words
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    fix: Words


_RULES: dict[str, _Part] = {
    "responsibility": _Part(
        _("Takes responsibility"),
        compile_words(
            rf"\b(?:we|i)(?: have|'ve| had| really| simply| clearly| badly)* (?:{_FAILED})"
            r"|\b(?:it|this|that) (?:was|is) (?:entirely |completely |all |simply )?(?:our|my) "
            r"(?:own )?(?:fault|mistake|error|failure|doing|responsibility)"
            r"|\b(?:the )?(?:fault|mistake|error|blame|responsibility) (?:is|was|lies) "
            r"(?:entirely |all )?(?:ours|mine|with us)"
            r"|\b(?:we|i) (?:take|accept|bear|own) (?:full |all |complete |the |this )*"
            r"(?:responsibility|blame|mistake|fault|it)\b"
            r"|\b(?:we|i) (?:are|am|were|was) (?:to blame|at fault|responsible)"
            r"|\bour (?:mistake|fault|error|failure)\b"
        ),
        compile_words(
            r"\b(?:we|i) (?:thought|believed|hoped|expected|promised|had hoped|had thought)\b"
            r"|\bon our watch\b|\bnot (?:the|up to|to) (?:our|the) standards?\b|\bstandards? we\b"
            r"|\bwe could have\b|\byou (?:deserved?|expected|were promised)\b"
        ),
        _("Say in one sentence what you did wrong: “We lost your order.”"),
    ),
    "regret": _Part(
        _("Shows regret"),
        compile_words(
            r"\b(?:sorry|apologi[sz]e|apolog(?:y|ies)|ashamed|embarrassed|regret|feel (?:awful"
            r"|terrible|bad)|forgive)\b"
        ),
        compile_words(r"\b(?:unfortunate(?:ly)?|sad(?:dened)? to hear|wish (?:we|i) had)\b"),
        _("Say that you are sorry, and for what."),
    ),
    "repair": _Part(
        _("Says how it is put right"),
        compile_words(
            rf"\b(?:we|i)(?: have|'ve)(?: already| now| just)* (?:{_FIXED})\b"
            rf"|\b(?:we|i|\w+)(?:'ll| will|(?: am|'m| are|'re) going to)(?: also| gladly"
            rf"| personally| now)* (?:{_FIX})\b"
            rf"|\b(?:we|i)(?: are|'re| am|'m)(?: also| now| already| just)* (?:{_FIXING})\b"
            r"|\b(?:we|i) (?:refunded|replaced|repaired)\b"
            r"|\byou(?:'ll| will) (?:get|receive|have|find)\b|\bis on its way\b"
            r"|\bhas been (?:refunded|credited|replaced|repaired|fixed)\b"
        ),
        compile_words(
            r"\b(?:make|put|set) (?:it|this|that|things) (?:right|up to you)\b|\bmake amends\b"
            r"|\bhope to be able to\b|\b(?:would|'d) like to (?:offer|refund|replace|make|put)\b"
        ),
        _("Say what you will do, by when, and who does it."),
    ),
    "explanation": _Part(
        _("Explains what happened"),
        compile_words(
            r"\b(?:because|the reason (?:was|is|for)|what happened (?:was|is)|this happened"
            r"|it happened|due to|as a result of|was caused by|were short|was short|had (?:failed"
            r"|broken|been|not been|only|forgotten|written|entered|booked|left)|while (?:we|our"
            r"|the))"
        ),
        compile_words(r"\b(?:when (?:we|our|the)|since (?:we|our|the)|after (?:we|our|the))\b"),
        _("Say in a sentence or two how it came about, without excuses."),
    ),
    "repentance": _Part(
        _("Says what changes"),
        compile_words(
            r"\b(?:won't|will not|never|not|cannot|can't) (?:ever )?happen again\b"
            r"|\b(?:from now on|from today|from this week|in future,? (?:we|i|every|all)|going "
            r"forward)\b|\b(?:we|i)(?: have|'ve)(?: also| now| since| already)* (?:changed|trained"
            r"|retrained|introduced|added|hired|put in place|installed|updated|rewritten|started"
            r"|set up|stopped)\b"
            r"|\b(?:we|i) (?:now|no longer|are changing|am changing|are training|will train|will "
            r"change|will check)\b|\bso that (?:it|this|that|nobody|no one|no other \w+) (?:does|"
            r"will|can|has to|is)?\b[^.!?]{0,40}\b(?:again|not|never|no)\b"
            r"|\bto make sure (?:it|this|that|no)\b|\bevery \w+ (?:is|will be) (?:now )?checked\b"
        ),
        compile_words(
            r"\b(?:do|be) better\b|\bhope to\b|\bstriv\w+\b|\blearn(?:ed|t|ing)? from\b"
            r"|\bwork(?:ing)?"
            r" (?:hard )?to\b|\btake (?:this|it|your \w+) (?:very )?seriously\b|\bnext time\b"
        ),
        _("Say what you have changed so that it does not happen again."),
    ),
}

_DENIES = compile_words(
    r"\b(?:not|never|n't|no) (?:\w+ )?(?:our|my) (?:fault|mistake|error|responsibility)\b"
    r"|\b(?:is|was|"
    r"were|are)(?:n't| not) (?:our|to blame|at fault|responsible)|\b(?:did not|didn't) (?:do "
    r"anything|make (?:a|any) mistake)|\bnot (?:sorry|going to)\b|\bno need to apologi[sz]e\b"
    r"|\byou (?:should|must|need to|ought to) apologi[sz]e\b|\b(?:won't|will not|cannot|can't|are "
    r"unable to|unable to) (?:\w+ )?(?:refund|replace|repair|credit|pay|take|accept)\b"
)
_HOLLOW = (
    Pattern(
        "if_apology",
        compile_words(
            r"\b(?:sorry|apologi[sz]e|apologies|regret)\b[^.!?]{0,30}\b(?:if (?:you|we|anyone|i"
            r"|this|"
            r"our|that)|(?:that )?you (?:feel|felt|are upset|were offended|think)|any "
            r"inconvenience)\b|\bif you (?:felt|feel|were offended)\b"
        ),
        _("Doubts what the customer felt"),
        _("“If you felt” and “any inconvenience” sound as if nothing had happened."),
        _("Name what happened: “We are sorry that you waited an hour.”"),
        Tone.WARN,
    ),
    Pattern(
        "sorry_but",
        compile_words(
            r"\b(?:sorry|apologi[sz]e|apologies|regret)\b[^.!?]{0,60}\b(?:but|however)\b"
        ),
        _("Takes the apology back"),
        _("A “but” after “sorry” turns the apology into an excuse."),
        _("End the sentence before the “but”."),
    ),
    Pattern(
        "blames_customer",
        compile_words(
            r"\byou (?:should have|should've|could have|did not|didn't|failed to|forgot"
            r"|ought to have"
            r"|must have|never (?:told|called|asked|said))\b|\bif you had\b"
            r"|\byour (?:own )?(?:fault"
            r"|mistake|error|misunderstanding|expectations?)\b|\byou misunderstood\b"
        ),
        _("Blames the customer"),
        _("Whoever reads that they were at fault does not come back."),
        _("Leave it out; say what you could have done."),
    ),
    Pattern(
        "blames_others",
        compile_words(
            r"\b(?:was|is|were|are) (?:the fault of|due to|because of|caused by|down to) (?:our "
            r"|the |a "
            r"|an )?(?:supplier|courier|carrier|driver|contractor|new (?:employee|staff|colleague)"
            r"|trainee|temp|system|computer|software|weather|traffic|landlord|previous)\w*"
            r"|\b(?:blame|fault of) (?:our|the) (?!mistake|error)\w+|\bnot (?:our|my) (?:fault|"
            r"responsibility|problem|department)\b|\bbeyond our control\b|\bunforeseen\b"
        ),
        _("Points at somebody else"),
        _("The customer bought from you, whoever slipped."),
        _("Say “we”, and what you will do about it."),
    ),
    Pattern(
        "promise_of_silence",
        compile_words(
            r"\b(?:remove|delete|take down|change|edit|update)\b[^.!?]{0,20}\b(?:your|the"
            r"|this) review\b"
        ),
        _("Asks for a change of the review"),
        _("An apology that wants something back is none, and review sites forbid it."),
        _("Leave the review out of it."),
    ),
)


def check_apology(text: str) -> list[Finding]:
    """Return one finding for each of the five parts, then what weakens the apology.

    A part that is only implied is found with tone WARN; a missing one is BAD without a place.
    """
    findings = [_check_part(part, rule, text) for part, rule in _RULES.items()]
    findings.extend(find_all(KIND, text, _HOLLOW))
    explaining = [span for span in _sentences(text) if _RULES["explanation"].strong.search(span[2])]
    if len(explaining) > _MOST_EXPLAINING:
        findings.append(
            Finding(
                KIND,
                Tone.WARN,
                "long_explanation",
                str(_("Explains more than it makes good")),
                str(_("A long explanation reads like an excuse.")),
                explaining[0][0],
                explaining[-1][1],
                str(_("Keep the explanation to two sentences.")),
            )
        )
    return findings


def count_parts(findings: list[Finding]) -> int:
    """Return how many of the five parts are there, implied ones included."""
    return sum(finding.code in PARTS and finding.tone != Tone.BAD for finding in findings)


def _check_part(part: str, rule: _Part, text: str) -> Finding:
    strong = _find(rule.strong, text)
    if part == "repair" and not (strong and _is_exact(text, strong)):
        strong, vague = _find_present(text), strong
    else:
        vague = None
    if strong:
        return Finding(KIND, Tone.GOOD, part, str(rule.title), "", *strong)
    weak = vague or _find(rule.weak, text)
    if weak:
        hint = _("It is only implied; say it plainly.")
        return Finding(KIND, Tone.WARN, part, str(rule.title), str(hint), *weak, str(rule.fix))
    return Finding(
        KIND, Tone.BAD, part, str(rule.title), str(_("This part is missing.")), fix=str(rule.fix)
    )


def _find(expression: re.Pattern[str], text: str) -> tuple[int, int] | None:
    for start, _end, sentence in _sentences(text):
        match = expression.search(sentence)
        if match and not _DENIES.search(sentence):
            return start + match.start(), start + match.end()
    return None


def _find_present(text: str) -> tuple[int, int] | None:
    """Find what is done at a time that is named: “we collect the bike today”."""
    for start, _end, sentence in _sentences(text):
        match = _PRESENT.search(sentence)
        if not match or _DENIES.search(sentence) or _NO_PROMISE.search(sentence):
            continue
        if _WHEN.search(sentence):
            return start + match.start(), start + match.end()
    return None


def _is_exact(text: str, span: tuple[int, int]) -> bool:
    """Tell whether the sentence around ``span`` says when, or that it is done."""
    for start, end, sentence in _sentences(text):
        if start <= span[0] < end:
            done = re.search(r"\b(?:have|'ve|has been)\b", sentence, re.IGNORECASE)
            return bool(_WHEN.search(sentence) or done)
    return False


def _sentences(text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), match.group()) for match in _SENTENCE.finditer(fold(text))]
