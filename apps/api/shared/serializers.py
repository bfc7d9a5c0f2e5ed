"""What comes in is refused when it holds something unknown."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from django.db.models import TextChoices
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from apps.api.shared.fields import TextField, WholeField

MOST = 200
USUAL = 50


class StrictSerializer(serializers.Serializer[Any]):
    """Reads known fields and refuses the rest by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the clean values."""
        if isinstance(data, Mapping):
            unknown = {
                str(name)[:80]: [ErrorDetail(_explain(str(name), self.fields), "unknown_field")]
                for name in data
                if name not in self.fields
            }
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


def _explain(name: str, known: Collection[str]) -> str:
    """Say that a field is unknown, which one was probably meant, and which there are."""
    if not known:
        return "There is no such field; nothing is taken here."
    close = get_close_matches(name[:80].lower(), known, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"There is no such field.{meant} Known: {', '.join(known)}."


class ListQuery(StrictSerializer):
    """What every list takes in its address."""

    cursor = TextField(required=False, max_length=400, help_text="From `next` or `previous`.")
    limit = WholeField(
        required=False, min_value=1, max_value=MOST, help_text=f"Rows a page; {USUAL} if not given."
    )


class NoQuery(StrictSerializer):
    """An address that takes no parameters."""


class NoBody(StrictSerializer):
    """A request that says all by its address."""


class ProblemError(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A refusal, after RFC 9457; machines read `code`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]  # a wire name


def one_of(choices: type[TextChoices], **options: Any) -> Any:
    """Return a field that takes the values of a closed list."""
    return serializers.ChoiceField(choices=choices.choices, **options)


def ordering(*fields: str) -> Any:
    """Return the parameter that orders a list by one of these fields; ``-`` is from the top."""
    values = [f"{sign}{field}" for field in fields for sign in ("-", "")]
    return serializers.ChoiceField(
        choices=values, required=False, help_text=f"`{values[0]}` if not given."
    )
