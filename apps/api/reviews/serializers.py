"""Reviews and replies in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.bulk import rows_of
from apps.api.shared.fields import IdField, MomentField, TextField, WholeField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.failures.choices import FailureKind
from apps.replies.choices import ReplyKind, ReplyState
from apps.reviews.choices import Flag, InboxView, ReviewKind, ReviewStatus

# Codes that items get which come in by other ways than from a site.
OWN_SOURCES = frozenset({"own", "email", "sms"})


class ReviewSerializer(serializers.Serializer[Any]):
    """A review or another item of the inbox, as answered."""

    id = serializers.UUIDField()
    kind = one_of(ReviewKind)
    source = serializers.CharField()  # type: ignore[assignment]  # a wire name
    remote_id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a wire name
    status = one_of(ReviewStatus)
    rating = serializers.FloatField(allow_null=True)
    rating_max = serializers.IntegerField(allow_null=True)
    stars = serializers.IntegerField(allow_null=True, help_text="Of five, whatever the scale is.")
    title = serializers.CharField()
    text = serializers.CharField()
    language = serializers.CharField()
    author_name = serializers.CharField()
    customer_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.UUIDField(allow_null=True)
    assignee_id = serializers.UUIDField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    written_at = MomentField(allow_null=True)
    received_at = MomentField()
    sort_at = MomentField()
    due_at = MomentField(allow_null=True)
    snoozed_until = MomentField(allow_null=True)
    replied_at = MomentField(allow_null=True)
    resolved_at = MomentField(allow_null=True)


class ReviewQuery(ListQuery):
    """What narrows the list of reviews."""

    ordering = ordering("sort_at")
    view = one_of(InboxView, required=False, help_text="A view of the inbox; `everything` if none.")
    search = TextField(required=False, max_length=200)
    source = TextField(required=False, max_length=40)  # type: ignore[assignment]  # a wire name
    remote_id = TextField(required=False, max_length=160)
    kind = one_of(ReviewKind, required=False)
    status = one_of(ReviewStatus, required=False)
    rating = WholeField(required=False, min_value=1, max_value=5, help_text="In stars.")
    tag = TextField(required=False, max_length=40)
    flag = one_of(Flag, required=False)
    customer_id = IdField(required=False)
    location_id = IdField(required=False)
    assignee_id = IdField(required=False)


class ReviewBody(StrictSerializer):
    """A review from another site; the same `source` and `remote_id` again changes nothing."""

    source = serializers.RegexField(  # type: ignore[assignment]  # a wire name
        r"^[a-z][a-z0-9_]{0,39}$", help_text="The site: `google`, `trustpilot`, your own word."
    )
    remote_id = TextField(max_length=160)
    rating = serializers.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=0,
        required=False,
        allow_null=True,
        coerce_to_string=False,
    )
    rating_max = serializers.IntegerField(
        required=False, min_value=1, max_value=99, allow_null=True, help_text="5 if not given."
    )
    title = TextField(required=False, max_length=300, allow_blank=True)
    text = TextField(required=False, max_length=20_000, allow_blank=True)
    language = serializers.RegexField(
        r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$", required=False, allow_blank=True, max_length=12
    )
    author_name = TextField(required=False, max_length=160, allow_blank=True)
    label = TextField(  # type: ignore[assignment]  # a wire name
        required=False, max_length=120, allow_blank=True
    )
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    location_id = serializers.UUIDField(required=False, allow_null=True)
    written_at = MomentField(required=False, help_text="Now if not given.")

    def validate_source(self, value: str) -> str:
        """Refuse the codes of what comes in by other ways."""
        if value in OWN_SOURCES:
            message = "Answers and messages come in by themselves; name another site."
            raise serializers.ValidationError(message, "own_source")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what says nothing, and a rating off its scale."""
        rating = attrs.get("rating")
        if rating is None:
            attrs["rating_max"] = None
            if not (attrs.get("text") or attrs.get("title")):
                raise serializers.ValidationError({"text": "Give a rating or a text."}, "empty")
            return attrs
        attrs["rating_max"] = attrs.get("rating_max") or 5
        if rating > attrs["rating_max"]:
            message = f"The rating is above its scale of {attrs['rating_max']}."
            raise serializers.ValidationError({"rating": message}, "off_scale")
        return attrs


class ReplySerializer(serializers.Serializer[Any]):
    """A reply, as answered."""

    id = serializers.UUIDField()
    review_id = serializers.UUIDField()
    author_id = serializers.UUIDField(allow_null=True)
    kind = one_of(ReplyKind)
    state = one_of(ReplyState)
    contact_id = serializers.UUIDField(allow_null=True)
    subject = serializers.CharField()
    text = serializers.CharField()
    message_id = serializers.UUIDField(allow_null=True)
    sent_at = MomentField(allow_null=True)
    created_at = MomentField()


class RepliesSerializer(serializers.Serializer[Any]):
    """What was answered to one review, oldest first."""

    results = ReplySerializer(many=True)


class ReplyBody(StrictSerializer):
    """An answer to a customer, in the name of a member of the team."""

    member_id = serializers.UUIDField(help_text="Who answers.")
    kind = one_of(ReplyKind)
    text = TextField(max_length=20_000)
    subject = TextField(required=False, max_length=200, allow_blank=True)
    contact_id = serializers.UUIDField(
        required=False, help_text="Where a private reply goes: one of the customer's contacts."
    )
    after = serializers.UUIDField(
        required=False, help_text="The last private reply you know of; a newer one is a conflict."
    )
    is_confirmed = serializers.BooleanField(
        required=False, help_text="Send although something in it was warned of."
    )


class AssignBody(StrictSerializer):
    """Who has it; null for nobody."""

    member_id = serializers.UUIDField(allow_null=True)


class StatusBody(StrictSerializer):
    """How it stands: `open`, `waiting`, `resolved`, or `snoozed` until a moment."""

    status = one_of(ReviewStatus)
    until = MomentField(required=False)


class TagsBody(StrictSerializer):
    """The tags in place of those there are."""

    tags = serializers.ListField(child=TextField(max_length=40), max_length=20)


class ReviewsBody(StrictSerializer):
    """Many reviews at once."""

    reviews = rows_of(ReviewBody)


class NoteSerializer(serializers.Serializer[Any]):
    """A word among the staff; the customer never sees it."""

    id = serializers.UUIDField()
    author_id = serializers.UUIDField(allow_null=True)
    text = serializers.CharField()
    created_at = MomentField()


class NotesSerializer(serializers.Serializer[Any]):
    """What the staff wrote to each other."""

    results = NoteSerializer(many=True)


class NoteBody(StrictSerializer):
    """A word among the staff."""

    text = TextField(max_length=5000)


class ReviewFailureBody(StrictSerializer):
    """What went wrong, as somebody read it out of the review."""

    kind = one_of(FailureKind)
    title = TextField(max_length=160)
    severity = WholeField(min_value=1, max_value=5)
