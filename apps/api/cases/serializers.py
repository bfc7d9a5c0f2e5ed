"""Cases in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.recovery.choices import Answer, CaseStatus, Outcome, Stage


class CaseSerializer(serializers.Serializer[Any]):
    """A case, as answered."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = one_of(CaseStatus)
    stage = one_of(Stage)
    outcome = one_of(Outcome, allow_blank=True)
    severity = serializers.IntegerField()
    failure_id = serializers.UUIDField()
    customer_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.UUIDField(allow_null=True)
    owner_id = serializers.UUIDField(allow_null=True)
    answer = one_of(Answer, allow_blank=True)
    opened_at = MomentField()
    due_at = MomentField(allow_null=True)
    asked_at = MomentField(allow_null=True)
    answered_at = MomentField(allow_null=True)
    escalated_at = MomentField(allow_null=True)
    returned_at = MomentField(allow_null=True)
    closed_at = MomentField(allow_null=True)
    close_note = serializers.CharField()


class CaseDetailSerializer(CaseSerializer):
    """One case with what has to happen before it may close."""

    missing = serializers.SerializerMethodField()

    def get_missing(self, case: Any) -> list[str]:
        """Return what is missing, which is counted and not stored."""
        missing: list[str] = self.context["missing"]
        return missing


class CaseStageSerializer(serializers.Serializer[Any]):
    """One stage and its clock."""

    stage = one_of(Stage)
    state = serializers.CharField()
    due_at = MomentField(allow_null=True)
    done_at = MomentField(allow_null=True)


class CaseStagesSerializer(serializers.Serializer[Any]):
    """The four stages in their order."""

    results = CaseStageSerializer(many=True)


class CaseQuery(ListQuery):
    """What narrows the list of cases."""

    ordering = ordering("opened_at")
    status = one_of(CaseStatus, required=False)
    stage = one_of(Stage, required=False)
    customer_id = IdField(required=False)
    failure_id = IdField(required=False)


class StageBody(StrictSerializer):
    """Where a case goes."""

    stage = one_of(Stage)


class CloseBody(StrictSerializer):
    """How a case ended."""

    outcome = one_of(Outcome)
    note = TextField(required=False, max_length=2000, allow_blank=True)


class WordBody(StrictSerializer):
    """A word about where it stands."""

    note = TextField(required=False, max_length=2000, allow_blank=True)
