"""Campaigns in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.shared.fields import DayField, IdField, MomentField, TextField, WholeField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.campaigns.choices import CampaignStatus
from apps.customers.choices import Channel

MOST_STEPS = 6
MOST_HOURS = 90 * 24
MOST_DAYS = 730


class AudienceSerializer(serializers.Serializer[Any]):
    """Whom a campaign asks; an empty condition is none."""

    locations = serializers.ListField(child=serializers.UUIDField())
    tags = serializers.ListField(child=serializers.CharField())
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    import_id = serializers.UUIDField(allow_null=True)


class StepSerializer(serializers.Serializer[Any]):
    """One message of a campaign; `delay_hours` counts from the one before it."""

    position = serializers.IntegerField()
    channel = one_of(Channel)
    delay_hours = serializers.IntegerField()
    subject = serializers.CharField()
    text = serializers.CharField()


class CampaignSerializer(serializers.Serializer[Any]):
    """A campaign, as answered in a list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    status = one_of(CampaignStatus)
    audience = serializers.SerializerMethodField()
    ask_window_days = serializers.IntegerField()
    eligible_count = serializers.IntegerField()
    enrolled_count = serializers.IntegerField()
    left_out = serializers.DictField(child=serializers.IntegerField())
    created_at = MomentField()
    updated_at = MomentField()
    launched_at = MomentField(allow_null=True)
    enrolled_at = MomentField(allow_null=True)
    finished_at = MomentField(allow_null=True)

    @extend_schema_field(AudienceSerializer)
    def get_audience(self, campaign: Any) -> Any:
        """Return the conditions, those that are not set too."""
        kept = campaign.audience
        audience = {
            "locations": kept.get("locations", []),
            "tags": kept.get("tags", []),
            "since": kept.get("since"),
            "until": kept.get("until"),
            "import_id": kept.get("import"),
        }
        return AudienceSerializer(audience).data


class CampaignDetailSerializer(CampaignSerializer):
    """One campaign with its messages."""

    steps = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, campaign: Any) -> Any:
        """Return the messages in their order."""
        return StepSerializer(self.context["steps"], many=True).data


class CampaignQuery(ListQuery):
    """What narrows the list of campaigns."""

    ordering = ordering("created_at", "updated_at")
    status = one_of(CampaignStatus, required=False)


class AudienceBody(StrictSerializer):
    """Place, tag, days of the last visit, import; never what people think or how it went."""

    locations = serializers.ListField(child=IdField(), max_length=500, required=False)
    tags = serializers.ListField(child=TextField(max_length=50), max_length=50, required=False)
    since = DayField(required=False, allow_null=True)
    until = DayField(required=False, allow_null=True)
    import_id = IdField(required=False, allow_null=True)


class StepBody(StrictSerializer):
    """One message; a mail has a subject."""

    channel = one_of(Channel)
    text = TextField(max_length=10_000, help_text="With merge fields such as `{{ link }}`.")
    subject = TextField(required=False, max_length=300, allow_blank=True)
    delay_hours = WholeField(required=False, min_value=0, max_value=MOST_HOURS)


class CampaignPatch(StrictSerializer):
    """What changes of a draft; what is left out stays."""

    name = TextField(required=False, max_length=120)
    audience = AudienceBody(required=False)
    ask_window_days = WholeField(
        required=False, min_value=1, max_value=MOST_DAYS, help_text="Who was asked in these waits."
    )
    steps = serializers.ListField(
        child=StepBody(),
        required=False,
        min_length=1,
        max_length=MOST_STEPS,
        help_text="All messages, in place of those there are.",
    )


class CampaignBody(CampaignPatch):
    """A draft; without `steps` it says what a new campaign says."""

    name = TextField(max_length=120)


class EnrollBody(StrictSerializer):
    """People to be asked by a running campaign."""

    customer_ids = serializers.ListField(child=IdField(), min_length=1, max_length=500)


class VerdictSerializer(serializers.Serializer[Any]):
    """What became of one person: `enrolled`, or why not."""

    customer_id = serializers.UUIDField()
    verdict = serializers.CharField()


class VerdictsSerializer(serializers.Serializer[Any]):
    """What became of each, in the order given."""

    results = VerdictSerializer(many=True)


class StatsSerializer(serializers.Serializer[Any]):
    """How far a campaign is; people are counted once, however many messages they get."""

    eligible = serializers.IntegerField()
    left_out = serializers.IntegerField()
    asked = serializers.IntegerField()
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField()
    opened = serializers.IntegerField()
    answered = serializers.IntegerField()
    went_on = serializers.IntegerField()
    waiting_steps = serializers.IntegerField()
    next_step_at = MomentField(allow_null=True)
    messages = serializers.DictField(child=serializers.IntegerField(), help_text="By state.")


class FindingSerializer(serializers.Serializer[Any]):
    """One rule and how the campaign stands to it; `bad` blocks the launch."""

    tone = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    found = serializers.CharField()
    fix = serializers.CharField()
    position = serializers.IntegerField(help_text="Of the message, or 0.")


class ShownStepSerializer(serializers.Serializer[Any]):
    """One message as somebody would get it, its links masked."""

    position = serializers.IntegerField()
    channel = one_of(Channel)
    subject = serializers.CharField()
    text = serializers.CharField()
    segments = serializers.IntegerField(allow_null=True, help_text="Parts of a text message.")


class PreviewQuery(StrictSerializer):
    """As whom the messages are shown."""

    customer_id = IdField(required=False, help_text="A made-up person if not given.")


class CampaignPreviewSerializer(serializers.Serializer[Any]):
    """What a launch would do now."""

    eligible = serializers.IntegerField()
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="By reason.")
    by_channel = serializers.DictField(child=serializers.IntegerField())
    reach = serializers.DictField(child=serializers.IntegerField())
    is_blocked = serializers.BooleanField()
    findings = FindingSerializer(many=True)
    messages = ShownStepSerializer(many=True)
