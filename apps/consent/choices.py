"""The words of consent: channels, purposes, bases, and the reasons a message may not go."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The ways a message can reach a customer."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")


class Purpose(TextChoices):
    """What a message is for; consent is given for a channel and a purpose."""

    REVIEW_REQUEST = "review_request", _("Asking for a review")
    RECOVERY = "recovery", _("Putting something right")
    WINBACK_OFFER = "winback_offer", _("Win-back offer")
    SERVICE = "service", _("Service message")
    MARKETING = "marketing", _("Marketing")


class Basis(TextChoices):
    """How consent came about: said in so many words, or following from a purchase."""

    EXPRESS = "express", _("Said yes")
    IMPLIED = "implied", _("Existing customer")


class Reason(TextChoices):
    """Why a message may not go now, in the order in which the reasons are looked at."""

    ERASED = "erased", _("The customer has been erased")
    SUPPRESSED = "suppressed", _("The customer asked not to be contacted, or the address failed")
    SUPPRESSED_GLOBALLY = "suppressed_globally", _("This address may not be contacted by anyone")
    NO_CONSENT = "no_consent", _("The customer has not agreed to this kind of message")
    CONSENT_EXPIRED = "consent_expired", _("The customer's consent has run out")
    EXPRESS_NEEDED = "express_needed", _("This kind of text message needs an express yes")
    CAPPED = "capped", _("The customer has had enough messages for now")
    QUIET = "quiet", _("It is outside the hours in which the customer may be contacted")


class Intent(TextChoices):
    """What an answer by text message asks of us."""

    STOP = "stop", _("Stop")
    START = "start", _("Start again")
    HELP = "help", _("Help")
    NONE = "none", _("Nothing special")
