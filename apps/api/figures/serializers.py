"""Figures in JSON: never a number without n, its interval and what it rests on."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.serializers import one_of
from apps.failures.choices import Evidence

UNITS = ("stars", "percent")


class FigureSerializer(serializers.Serializer[Any]):
    """A number with all that makes it honest; null where `n` is below `needed`."""

    key = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.ChoiceField(choices=UNITS)
    days = serializers.IntegerField(help_text="Of the period it counts, up to now.")
    n = serializers.IntegerField()
    needed = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="Of the 95 % interval.")
    high = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True, help_text="In the period before.")
    evidence = one_of(Evidence)


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of the home page."""

    results = FigureSerializer(many=True)
