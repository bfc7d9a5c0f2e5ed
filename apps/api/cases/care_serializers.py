"""What is done in a case, in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField, TruthField, WholeField
from apps.api.shared.serializers import StrictSerializer, one_of
from apps.failures.choices import FailureKind
from apps.recovery.choices import ApologyWay
from apps.recovery.choices import Plan as PlanName


class CollectBody(StrictSerializer):
    """What really happened."""

    what_happened = TextField(max_length=10_000)
    cause = TextField(required=False, max_length=200, allow_blank=True)
    kind = one_of(FailureKind, required=False)
    severity = WholeField(required=False, min_value=1, max_value=5)


class ApologySerializer(serializers.Serializer[Any]):
    """That somebody said sorry, how, and in which words."""

    id = serializers.UUIDField()
    by_id = serializers.UUIDField(allow_null=True)
    how = one_of(ApologyWay)
    text = serializers.CharField()
    message_id = serializers.UUIDField(allow_null=True)
    created_at = MomentField()


class ApologiesSerializer(serializers.Serializer[Any]):
    """Every apology in a case."""

    results = ApologySerializer(many=True)


class ApologyBody(StrictSerializer):
    """Words that go out (`email`, `sms`), or that were said (`phone`, `in_person`)."""

    how = one_of(ApologyWay)
    text = TextField(max_length=10_000)
    member_id = IdField(required=False, help_text="Who says it.")


class PlanItemSerializer(serializers.Serializer[Any]):
    """One step of a plan."""

    id = serializers.UUIDField()
    plan = one_of(PlanName)
    text = serializers.CharField()
    owner_id = serializers.UUIDField(allow_null=True)
    due_at = MomentField(allow_null=True)
    done_at = MomentField(allow_null=True)


class PlanSerializer(serializers.Serializer[Any]):
    """The steps of both plans."""

    results = PlanItemSerializer(many=True)


class PlanBody(StrictSerializer):
    """A new step: for this customer, or so that it does not happen again."""

    plan = one_of(PlanName)
    text = TextField(max_length=200)
    due_at = MomentField(required=False)


class PlanItemBody(StrictSerializer):
    """How a step stands."""

    is_done = TruthField()


class AskBody(StrictSerializer):
    """How the customer is asked, and by whom."""

    how = one_of(ApologyWay)
    member_id = IdField(help_text="Whose name stands below the question.")


class OwnerBody(StrictSerializer):
    """Who has it; null for nobody."""

    member_id = IdField(allow_null=True)


class CaseNoteSerializer(serializers.Serializer[Any]):
    """A word about a case."""

    id = serializers.UUIDField()
    author_id = serializers.UUIDField(allow_null=True)
    is_from_customer = serializers.BooleanField()
    text = serializers.CharField()
    created_at = MomentField()


class CaseNotesSerializer(serializers.Serializer[Any]):
    """Every word about a case."""

    results = CaseNoteSerializer(many=True)


class CaseNoteBody(StrictSerializer):
    """A word for the staff."""

    text = TextField(max_length=5000)
