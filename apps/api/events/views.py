"""Events: the journal as a feed that can be read on for ever."""

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.events.serializers import EventQuery, EventSerializer
from apps.api.shared.schema import listing
from apps.api.shared.serializers import USUAL
from apps.api.shared.views import Door, bad_cursor, link_to, read_query
from apps.core.errors import NotFoundError
from apps.core.pages import decode_cursor, encode_cursor
from apps.journal import queries

LAST = models.BigIntegerField.MAX_BIGINT


class Events(Door):
    """The feed."""

    noun = "events"

    @listing(EventSerializer, EventQuery, of="events", words="Read on in the journal, oldest first")
    @extend_schema(
        description="`next` is always an address: ask it again later for what has happened since. "
        "No event is passed over and none comes twice. `previous` is always null."
    )
    def get(self, request: Request) -> Response:
        """Answer with what follows the cursor."""
        query = read_query(request, EventQuery)
        after = _place(query.get("cursor", ""))
        entries = queries.list_entries(after=after)
        if "type" in query:
            entries = entries.filter(kind=query["type"])
        rows = list(entries[: query.get("limit", USUAL)])
        last = rows[-1].pk if rows else after
        return Response(
            {
                "results": EventSerializer(rows, many=True).data,
                "next": link_to(request, encode_cursor("n", last, "")),
                "previous": None,
            }
        )


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        direction, key = decode_cursor(cursor)
        place = int(key[0])
    except (NotFoundError, ValueError) as error:
        raise bad_cursor() from error
    if direction != "n" or not 0 <= place <= LAST:
        raise bad_cursor()
    return place
