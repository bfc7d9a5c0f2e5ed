"""Response templates in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField, TruthField, WholeField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.reviews.choices import Flag


class TemplateSerializer(serializers.Serializer[Any]):
    """Words to begin a reply with, as answered."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    body = serializers.CharField()
    ratings = serializers.ListField(child=serializers.IntegerField())
    flags = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    used_count = serializers.IntegerField()
    created_at = MomentField()
    updated_at = MomentField()


class TemplateQuery(ListQuery):
    """What narrows the list of templates."""

    ordering = ordering("created_at", "updated_at", "name", "used_count")
    is_active = TruthField(required=False)


class TemplatePatch(StrictSerializer):
    """What changes of a template; what is left out stays."""

    name = TextField(required=False, max_length=80)
    body = TextField(
        required=False, max_length=10_000, help_text="With `{{ customer.first_name }}` and such."
    )
    ratings = serializers.ListField(
        child=WholeField(min_value=1, max_value=5),
        required=False,
        max_length=5,
        help_text="For which stars; none: for any.",
    )
    flags = serializers.ListField(child=one_of(Flag), required=False, max_length=len(Flag))
    is_active = TruthField(required=False)


class TemplateBody(TemplatePatch):
    """A new template."""

    name = TextField(max_length=80)
    body = TextField(max_length=10_000)


class FillQuery(StrictSerializer):
    """For which review, and in whose name; a made-up customer without a review."""

    review_id = IdField(required=False)
    member_id = IdField(required=False)


class SuggestQuery(StrictSerializer):
    """For which review, and in whose name."""

    review_id = IdField()
    member_id = IdField(required=False)


class FilledSerializer(serializers.Serializer[Any]):
    """A template filled in."""

    template_id = serializers.UUIDField()
    name = serializers.CharField()
    text = serializers.CharField()


class FilledListSerializer(serializers.Serializer[Any]):
    """The templates that suit a review, the best first."""

    results = FilledSerializer(many=True)
