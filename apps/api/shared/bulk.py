"""Bodies of many rows: each row succeeds or is refused by itself, and says which."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from apps.api.shared.errors import problem_body
from apps.api.shared.serializers import ProblemError, StrictSerializer
from apps.core.errors import AppError

MOST_ROWS = 1000
WORDS = ("created", "changed", "unchanged", "refused")


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one row; `index` counts from 0."""

    index = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=WORDS)
    id = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # a wire name


class OutcomesSerializer(serializers.Serializer[Any]):
    """What became of all rows, in their order."""

    counts = serializers.DictField(child=serializers.IntegerField())
    results = OutcomeSerializer(many=True)


class RowsField(serializers.ListField):
    """Rows that are each read when their turn comes, so that a bad one stops no other."""

    def run_child_validation(self, data: Any) -> Any:
        """Return the rows as they are."""
        return data


def rows_of(row: type[StrictSerializer]) -> Any:
    """Return a field of 1 to 1,000 rows."""
    return RowsField(child=row(), min_length=1, max_length=MOST_ROWS)


def work_through(rows: Sequence[Any], work: Callable[[Any], tuple[str, UUID]]) -> dict[str, object]:
    """Do ``work`` for each row, each all or nothing, and tell what became of it."""
    results = []
    counts = dict.fromkeys(WORDS, 0)
    with transaction.atomic():
        for index, row in enumerate(rows):
            result: dict[str, Any] = {"index": index, "code": "", "detail": "", "errors": []}
            try:
                with transaction.atomic():
                    result["outcome"], made = work(row)
                result["id"] = str(made)
            except (AppError, ValidationError) as error:
                result |= _refusal(problem_body(error))
            counts[result["outcome"]] += 1
            results.append(result)
    return {"counts": counts, "results": results}


def _refusal(problem: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "outcome": "refused",
        "id": None,
        "code": problem["code"],
        "detail": problem["detail"],
        "errors": problem.get("errors", []),
    }
