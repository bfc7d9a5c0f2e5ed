"""The team, to be read: who there is to give work to."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.shared.schema import listing, reading
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_query
from apps.api.staff.serializers import MemberQuery, MemberSerializer
from apps.staff import queries

FILTERS = ("role", "is_active")


def show(rows: list[Any]) -> list[Any]:
    """Return members as JSON values."""
    return list(MemberSerializer(rows, many=True).data)


class Members(Door):
    """The list."""

    noun = "staff"

    @listing(MemberSerializer, MemberQuery, of="staff", words="List the team, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page of everybody who is or was on the team."""
        query = read_query(request, MemberQuery)
        given = {name: query[name] for name in FILTERS if name in query}
        rows = queries.list_all_members().filter(**given)
        return answer_page(request, rows, query=query, by="created_at", show=show)


class OneMember(Door):
    """One member."""

    noun = "staff"

    @reading(MemberSerializer, of="member", words="Read a member of the team")
    def get(self, request: Request, member_id: UUID) -> Response:
        """Answer with the member."""
        read_query(request)
        return answer_one(request, show([queries.get_member(member_id=member_id)])[0])
