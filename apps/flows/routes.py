"""The whole nervous system on one page: fact → handlers."""

from collections.abc import Callable
from datetime import datetime

from apps.campaigns.events import CampaignFinished, CampaignLaunched, CampaignPaused
from apps.consent.events import ConsentGranted, ConsentWithdrawn, PolicyChanged
from apps.core.facts import Fact
from apps.customers.events import (
    CustomerCreated,
    CustomerErased,
    CustomerUpdated,
    TransactionCompleted,
)
from apps.failures.events import FailureClosed, FailureRecorded, FailureUnderstood
from apps.feedback.events import ContactRequested, FeedbackReceived
from apps.flows import handlers as on
from apps.imports.events import ImportFinished
from apps.journal.models import Entry
from apps.messaging.events import (
    MessageBounced,
    MessageClicked,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageReplied,
    MessageSent,
    MessageSuppressed,
    MessageUnconfirmed,
)
from apps.offers.events import (
    OfferApproved,
    OfferAsked,
    OfferExpired,
    OfferIssued,
    OfferRedeemed,
    OfferRevoked,
)
from apps.recovery.events import (
    CaseAnswered,
    CaseApologised,
    CaseAsked,
    CaseClosed,
    CaseContactAsked,
    CaseEscalated,
    CaseOpened,
    CaseReopened,
    CaseReturned,
    CaseStageChanged,
    CaseStepDone,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
)
from apps.replies.events import ReviewReplied
from apps.reviews.events import ReviewChanged, ReviewReceived
from apps.staff.events import (
    BusinessChanged,
    BusinessClosed,
    BusinessReopened,
    KeyCreated,
    KeyRevoked,
    MemberChanged,
    SampleRemoved,
)

Handler = Callable[[Entry, datetime], None]
ROUTES: dict[type[Fact], tuple[Handler, ...]] = {
    CustomerCreated: (),
    CustomerUpdated: (),
    CustomerErased: (),
    TransactionCompleted: (),
    ImportFinished: (),
    ConsentGranted: (),
    ConsentWithdrawn: (on.leave_campaigns,),
    MessageQueued: (),
    MessageSent: (),
    MessageDelivered: (),
    MessageBounced: (),
    MessageFailed: (),
    MessageSuppressed: (),
    MessageUnconfirmed: (),
    MessageClicked: (),
    MessageReplied: (on.put_message_in_inbox,),
    CampaignLaunched: (),
    CampaignPaused: (),
    CampaignFinished: (),
    FeedbackReceived: (on.put_in_inbox, on.leave_campaign),
    ContactRequested: (on.put_contact_in_inbox,),
    ReviewReceived: (on.record_failure,),
    ReviewChanged: (on.look_again,),
    ReviewReplied: (),
    FailureRecorded: (on.open_case,),
    FailureUnderstood: (),
    FailureClosed: (),
    OfferIssued: (),
    OfferAsked: (),
    OfferApproved: (),
    OfferRedeemed: (on.note_return,),
    OfferExpired: (),
    OfferRevoked: (),
    CaseOpened: (),
    CaseStageChanged: (),
    CaseApologised: (),
    CaseStepDone: (),
    CaseAsked: (),
    CaseAnswered: (),
    CaseContactAsked: (),
    CaseEscalated: (),
    CaseReturned: (),
    CaseClosed: (),
    CaseReopened: (),
    PromiseMade: (),
    PromiseKept: (),
    PromiseBroken: (),
    PolicyChanged: (),
    BusinessChanged: (),
    BusinessClosed: (),
    BusinessReopened: (),
    SampleRemoved: (),
    MemberChanged: (),
    KeyCreated: (),
    KeyRevoked: (),
}
