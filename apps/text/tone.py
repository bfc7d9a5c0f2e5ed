"""How a reply sounds: arguing, threatening, telling private things, or kind."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from apps.text.findings import Finding, Pattern, Tone, Words, compile_words, find_all, fold

_THREATS = (
    Pattern(
        "legal_threat",
        compile_words(
            r"\b(?:legal (?:action|steps?|proceedings|team|consequences|counsel)|(?:our|my"
            r"|a) (?:lawyers?"
            r"|solicitors?|attorneys?)|su(?:e|ing) you|take you to court|see you in court"
            r"|court action"
            r"|defamat\w+|libel\w*|slander\w*|cease and desist|press charges|report you to)\b"
        ),
        _("Threatens with the law"),
        _("Threats to stop or remove a review are forbidden (16 CFR 465.7)."),
        _("If a review is unlawful, report it to the site; write nothing of it here."),
    ),
    Pattern(
        "removal_demand",
        compile_words(
            r"\b(?:remove|delete|take down|withdraw|change|edit|update|revise"
            r"|retract)\b[^.!?]{0,20}\b"
            r"(?:your|this|the) (?:\w+ )?(?:review|comment|post|rating|statement)\b"
        ),
        _("Asks to change or remove the review"),
        _("Readers take it for pressure, and review sites forbid it."),
        _("Say what you do about the matter; the review stays theirs."),
    ),
    Pattern(
        "accusation",
        compile_words(
            r"\b(?:liar|lying|you(?:'re| are) (?:a |just )?(?:troll|fake|competitor|scammer"
            r"|blackmail\w*)"
            r"|fake review|blackmail\w*|extort\w*|never (?:been )?(?:a )?customer"
            r"|no record of you)\b"
        ),
        _("Accuses the customer"),
        _(
            "A public accusation that cannot be proved may break the law, and readers side with"
            " them."
        ),
        _("Ask for a way to find the visit, and say how to reach you."),
    ),
)
_ARGUING = (
    Pattern(
        "arguing",
        compile_words(
            r"\byou(?:'re| are| were) (?:\w+ )?(?:wrong|mistaken|exaggerating|confused)\b"
            r"|\b(?:that|this|it)(?:'s| is| was) (?:simply |just |completely "
            r"|plainly )?(?:not true|untrue"
            r"|false|incorrect|nonsense|ridiculous|absurd|unfair|impossible)\b"
            r"|\b(?:as|like) (?:we|i) (?:already |clearly |previously )+\w+|\bwe disagree\b"
            r"|\bin fact,? you\b|\bto be fair to us\b|\byour (?:claim|allegation|accusation"
            r"|version)s?\b"
            r"|\bthe truth is\b|\bget your facts\b|\bour (?:records|cameras"
            r"|cctv) (?:clearly )?(?:show"
            r"|prove)\b"
        ),
        _("Argues"),
        _("Readers judge the reply, not who was right."),
        _("Correct a fact only where it endangers somebody; else say what you will do."),
    ),
    Pattern(
        "blames",
        compile_words(
            r"\byou (?:should have|should've|could have|failed to|forgot to|refused to"
            r"|ought to have"
            r"|chose to|never (?:told|asked|said|called|complained))\b|\bif you had\b"
            r"|\byour (?:own )?"
            r"(?:fault|mistake|misunderstanding)\b|\byou must understand\b|\bmaybe next time you\b"
        ),
        _("Blames the customer"),
        _("Blame ends the conversation."),
        _("Say what you could have done."),
    ),
    Pattern(
        "sarcasm",
        compile_words(
            r"\b(?:thanks for nothing|congratulations on|good luck finding|how dare|so sorry that "
            r"(?:our|we|you had to)|poor you|oh please|with all due respect|enjoy your"
            r"|have a nice life"
            r"|clearly you)\b|\bcalm down\b|\bget over it\b"
        ),
        _("Sounds sarcastic"),
        _("It is read by everyone who looks you up."),
        _("Say it plainly, or not at all."),
    ),
    Pattern(
        "others_are_happy",
        compile_words(
            r"\b(?:other|all our|most of our|our other|hundreds of"
            r"|thousands of) (?:\w+ )?(?:customers|"
            r"guests|clients|patients|people)\b[^.!?]{0,40}\b(?:love|happy|never|satisfied"
            r"|no problem|"
            r"enjoy|complain)\w*|\b(?:no ?body|no one) else\b"
        ),
        _("Compares with happier customers"),
        _("It tells this customer that they do not count."),
        _("Stay with this one case."),
        Tone.WARN,
    ),
)
_DISTANCE = (
    Pattern(
        "policy_wall",
        compile_words(
            r"\b(?:(?:that(?:'s| is)|it(?:'s| is)|this is) (?:our|company|the) policy"
            r"|our policy (?:is|does"
            r"|states|says)|not (?:my|our) (?:job|department|problem)|(?:nothing|not much) (?:i"
            r"|we) can "
            r"do|(?:i|we) (?:can't|cannot) help|you(?:'ll| will) have to|you need to|you must"
            r"|calm down|there is no way)\b"
        ),
        _("Puts up a wall"),
        _("It says what cannot be done."),
        _("Begin with what you can do: “Here is what I can do for you now.”"),
        Tone.WARN,
    ),
    Pattern(
        "takes_their_side",
        compile_words(
            r"\b(?:i(?:'ll| will) (?:take care|look after|see to|make sure|call|check)"
            r"|here is what (?:i|we)"
            r"|let me|(?:i|we) have a few ideas|let's (?:try|find)|(?:i|we) can (?:do|offer"
            r"|arrange|help)"
            r"|you can count on)\b"
        ),
        _("Takes their side"),
        "",
        tone=Tone.GOOD,
    ),
    Pattern(
        "sees_the_feeling",
        compile_words(
            r"\b(?:(?:i|we) (?:understand|can see|see|hear) (?:how|why|that)|must have been"
            r"|i can imagine"
            r"|that is (?:frustrating|upsetting|disappointing)|you (?:have every"
            r"|are) right to be)\b"
        ),
        _("Sees how it felt"),
        "",
        tone=Tone.GOOD,
    ),
)
_THANKS = Pattern(
    "thanks",
    compile_words(r"\b(?:thank you|thanks|we appreciate|grateful)\b"),
    _("Thanks the customer"),
    "",
    tone=Tone.GOOD,
)

_PRIVATE: tuple[tuple[str, str, Words], ...] = (
    (
        "private_email",
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
        _("Shows an email address"),
    ),
    (
        "private_number",
        (
            r"\b(?:order|invoice|booking|reservation|ticket|account|policy|customer|case|claim|member)"
            r"(?: (?:no|nr|number|id|ref|reference))?\.?:? ?#? ?(?=[\w/-]{0,30}\d)"
            r"[\w/-]{4,30}|#\d{4,}"
        ),
        _("Shows an order or account number"),
    ),
    (
        "private_card",
        r"\b(?:\d[ -]?){13,19}\b|\bcard (?:ending|number)\b[^.!?]{0,20}\d{4}",
        _("Shows card details"),
    ),
    (
        "private_phone",
        (
            r"(?<![\w/#-])(?:\+|00|\(?0)\d[\d ()/.-]{6,16}\d(?!\w)"
            r"|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)"
        ),
        _("Shows a phone number"),
    ),
    (
        "private_health",
        (
            r"\byour (?:diagnosis|treatment|medication|prescription|surgery|test results?|condition"
            r"|pregnancy|therapy|symptoms|medical \w+|loan|debt|credit score)\b"
        ),
        _("Tells of health or money matters"),
    ),
)


def check_tone(kind: str, text: str) -> list[Finding]:
    """Return how a reply sounds: threats, arguing, distance, and what is done well."""
    return list(find_all(kind, text, (*_THREATS, *_ARGUING, *_DISTANCE, _THANKS)))


def check_privacy(kind: str, text: str, *, own: Collection[str] = ()) -> list[Finding]:
    """Return what a public reply tells about the customer.

    ``own`` are the business's own addresses and numbers, which may stand there.
    """
    plain = fold(text)
    known = {_squeeze(value) for value in own}
    findings: list[Finding] = []
    for code, expression, title in _PRIVATE:
        for match in compile_words(expression).finditer(plain):
            taken = any(one.start < match.end() and match.start() < one.end for one in findings)
            if taken or _squeeze(match.group()) in known:
                continue
            findings.append(
                Finding(
                    kind,
                    Tone.BAD,
                    code,
                    str(title),
                    str(_("Everyone can read this reply.")),
                    match.start(),
                    match.end(),
                    str(_("Take it out here, and write it in a private message.")),
                )
            )
    return findings


def _squeeze(value: str) -> str:
    text = value.lower().strip(" .,:;")
    return text if "@" in text else "".join(sign for sign in text if sign.isdigit()).lstrip("0")
