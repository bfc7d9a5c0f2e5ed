"""Findings about texts in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import TextField
from apps.api.shared.serializers import StrictSerializer

KINDS = ("apology", "service_reply", "public_reply", "request", "offer")
TONES = ("bad", "warn", "good")


class TextCheckBody(StrictSerializer):
    """A text and what it is meant to be."""

    kind = serializers.ChoiceField(choices=KINDS)
    text = TextField(max_length=20_000)


class TextFindingSerializer(serializers.Serializer[Any]):
    """One remark; both ends count characters, and are 0 where something is missing."""

    kind = serializers.CharField()
    tone = serializers.ChoiceField(choices=TONES)
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    fix = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ScoresSerializer(serializers.Serializer[Any]):
    """How many remarks of each tone, and the share of good ones (null without any)."""

    bad = serializers.IntegerField()
    warn = serializers.IntegerField()
    good = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)


class TextCheckSerializer(serializers.Serializer[Any]):
    """What the checkers say; `is_blocked`: it must not go out as it is."""

    is_blocked = serializers.BooleanField()
    scores = ScoresSerializer()
    findings = TextFindingSerializer(many=True)
