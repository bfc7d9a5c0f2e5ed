"""What a text that asks for a review must not say: law and review sites forbid it."""

import re

from django.utils.translation import gettext_lazy as _

from apps.text.findings import Finding, Pattern, Tone, compile_words, find_all, fold

KIND = "request"

_REVIEW = compile_words(
    r"\b(?:reviews?|rate us|ratings?|feedback|testimonials?|stars?|recommend us)\b"
)
_INCENTIVE = (
    r"discounts?|gift ?cards?|vouchers?|coupons?|prizes?|raffles?|prize draw|giveaways?"
    r"|sweepstakes?"
    r"|rewards?|bonus (?:points?|credit)|cash ?back|loyalty points|points"
    r"|free (?!to|of|time|from|parking|wifi)\w+"
    r"|\d+ ?% off|(?:\$|€|£) ?\d+ off"
    r"|enter(?:ed)? (?:in|into|to win)|chance to win|win (?:a|an|one)|complimentary"
    r"|as a thank[- ]you"
    r" gift|on the house|store credit|in exchange|in return"
)

PATTERNS = (
    Pattern(
        "selective_asking",
        compile_words(
            r"\b(?:if|since) you(?:'ve| have|'re| are| were| had)? (?:\w+ )?(?:enjoy\w*"
            r"|love\w*|"
            r"lik(?:e|ed)|happy|satisfied|pleased|delighted|impressed|thrilled|(?:a "
            r"|an )?(?:great|good"
            r"|positive|excellent|wonderful|perfect|5[- ]star|five[- ]star) \w+)"
            r"|\bif (?:everything|all|it|we|your \w+|our \w+) (?:was|were|is|went|did|met"
            r"|exceeded) "
            r"(?:\w+ )?(?:great|good|perfect|well|ok|okay|right|your expectations|to your liking"
            r"|a (?:good|great) job|fine|excellent)"
            r"|\b(?:only )?(?:happy|satisfied|loyal) customers? (?:only|can|may|should|are)\b"
            r"|\bonly if you\b"
        ),
        _("Asks only those who are pleased"),
        _("Google and the FTC forbid asking selectively: everyone is asked in the same words."),
        _("Ask openly: “How was your visit?”"),
    ),
    Pattern(
        "wanted_rating",
        compile_words(
            r"\b(?:5|five)[- ]?stars?\b|\u2b50{3,}|\u2605{4,}|\b(?:positive|good|great|nice|glowing"
            r"|excellent|favou?rable|top|high|perfect) (?:\w+ )?(?:reviews?|ratings?|feedback"
            r"|marks?"
            r"|score)\b|\bsay something nice\b|\bgood word\b"
        ),
        _("Says which rating is wanted"),
        _("Naming a wanted rating makes the answers worthless and breaks the sites' rules."),
        _("Ask for an honest review, whatever it says."),
    ),
    Pattern(
        "support_first",
        compile_words(
            r"\bbefore (?:you )?(?:leav\w+|post\w*|writ\w+|review\w*|giv\w+|rat\w+"
            r"|shar\w+)\b[^.!?]{0,60}"
            r"\b(?:contact|call|talk|speak|tell|reach|write|e-?mail|let us|give us a chance)"
            r"|\b(?:contact|call|tell|reach|e-?mail|write to|talk to|come to|let) us\b[^.!?]{0,50}"
            r"\b(?:first|before|instead)\b"
            r"|\b(?:instead of|rather than) (?:leaving|posting|writing|sharing|a) "
            r"|\bif (?:you|there|something|anything|we)[^.!?]{0,50}\b(?:not|n't|unhappy|wrong"
            r"|problem"
            r"|issue|less than|disappointed|dissatisfied|unsatisfied|complaint)\b[^.!?]{0,60}"
            r"\b(?:contact|call|tell|reach|e-?mail|reply|write|let us|talk|get in touch)\b"
        ),
        _("Sends the unhappy elsewhere first"),
        _("Nobody may be led to support before the review; both ways must stand side by side."),
        _("Put it below the links, for everyone: “You can also talk to us.”"),
    ),
    Pattern(
        "discourages",
        compile_words(
            r"\b(?:do not|don't|please don't|avoid|refrain from|no need to) (?:leav\w+|post\w*"
            r"|writ\w+|"
            r"giv\w+) (?:\w+ ){0,2}(?:bad|negative|poor|low|1|one|critical)"
            r"|\b(?:bad|negative|poor|low|1-star|one-star) (?:reviews?|ratings?) (?:hurt|harm"
            r"|damage"
            r"|cost|affect)"
        ),
        _("Discourages criticism"),
        _("Discouraging negative reviews is forbidden."),
        _("Leave it out."),
    ),
    Pattern(
        "asks_for_change",
        compile_words(
            r"\b(?:change|update|edit|revise|reconsider|improve|remove|delete|take down|withdraw)\b"
            r"[^.!?]{0,20}\b(?:your|the|that|this) (?:\w+ )?(?:review|rating|stars?|feedback)\b"
        ),
        _("Asks to change or remove a review"),
        _("A review is the customer's own; asking for a change is against the sites' rules."),
        _("Say what you have put right, and leave the review to them."),
    ),
    Pattern(
        "emotional_pressure",
        compile_words(
            r"\b(?:my|our) (?:job|bonus|pay|salary|livelihood)\b[^.!?]{0,30}\bdepends?\b"
            r"|\bdo us a favou?r\b|\bit would mean the world\b|\bhelp (?:me|us) win\b"
        ),
        _("Presses the customer"),
        _("Pressure colours the answer."),
        _("Say what the review is for, in one plain sentence."),
        Tone.WARN,
    ),
)
_REWARD = Pattern(
    "incentive",
    compile_words(rf"(?<!\w)(?:{_INCENTIVE})(?!\w)"),
    _("Offers something for the review"),
    _("16 CFR 465.4, Google and Trustpilot forbid rewards for reviews, whatever they say."),
    _("Ask for the review alone; send offers on their own, never in the same message."),
)


def check_request(text: str) -> list[Finding]:
    """Return what is not allowed in a text that asks for a review."""
    return [*find_all(KIND, text, PATTERNS), *find_all(KIND, text, (_REWARD,))]


def mentions_review(text: str) -> bool:
    """Tell whether a text speaks of reviews or ratings at all."""
    return bool(_REVIEW.search(fold(text)))


_SILENCE = (
    Pattern(
        "tied_to_review",
        compile_words(
            r"\b(?:leav\w+|writ\w+|post\w*|giv\w+|shar\w+|submit\w*|chang\w+|updat\w+|remov\w+"
            r"|delet\w+"
            r"|edit\w*|improv\w+|rat(?:e|ing))\b[^.!?]{0,30}\b(?:reviews?|ratings?|feedback"
            r"|stars?|us)\b"
            r"|\b(?:reviews?|ratings?|stars|testimonials?)\b"
        ),
        _("Ties the offer to a review"),
        _("An offer for a review, or for changing one, is forbidden (16 CFR 465.4)."),
        _("Make the offer for what went wrong, and do not mention reviews."),
    ),
    Pattern(
        "buys_silence",
        compile_words(
            r"\b(?:not (?:to )?(?:disclose|discuss|post|publish|share|speak|mention|disparage)"
            r"|non-?disparag\w+|confidential\w*|keep (?:this|it) (?:private|between us|quiet"
            r"|secret)"
            r"|gag|waive (?:your|any|all) (?:right|claim)s?|full and final settlement)\b"
        ),
        _("Asks for silence"),
        _("The Consumer Review Fairness Act forbids terms that keep customers from speaking."),
        _("Leave it out: the offer stands without conditions on what the customer says."),
    ),
)


def check_offer_text(text: str) -> list[Finding]:
    """Return what is not allowed in the words of an offer."""
    return list(find_all("offer", text, _SILENCE))


def has_reward(text: str) -> re.Match[str] | None:
    """Return the first reward that a text names."""
    return _REWARD.expression.search(fold(text))
