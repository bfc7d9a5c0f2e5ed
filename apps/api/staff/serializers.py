"""Members of the team in JSON."""

from typing import Any

from rest_framework import serializers

from apps.accounts.choices import Role
from apps.api.shared.fields import MomentField, TruthField
from apps.api.shared.serializers import ListQuery, one_of, ordering


class MemberSerializer(serializers.Serializer[Any]):
    """A person as the business knows them; `id` is what other addresses take as `member_id`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = one_of(Role)
    is_active = serializers.BooleanField()
    created_at = MomentField()


class MemberQuery(ListQuery):
    """What narrows the list of members."""

    ordering = ordering("created_at", "name")
    role = one_of(Role, required=False)
    is_active = TruthField(required=False)
