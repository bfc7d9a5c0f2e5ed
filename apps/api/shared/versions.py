"""``ETag``, ``If-None-Match`` and ``If-Match`` on single objects."""

import hashlib
from typing import Any

from django.urls import reverse
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import AppError


class ChangedMeanwhile(AppError):
    """The object is no longer as the caller has read it."""

    code = "changed"
    status = 412


def tag_of(data: object) -> str:
    """Return the version of an object as it is answered."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def answer_one(request: Request, data: Any, **options: Any) -> Response:
    """Answer with one object and its version; 304 when the caller has this one already."""
    tag = tag_of(data)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method == "GET" and ("*" in known or tag in {_strong(one) for one in known}):
        return Response(status=304, headers={"ETag": tag})
    response = Response(data, **options)
    response["ETag"] = tag
    return response


def answer_made(request: Request, data: Any, name: str, *, status: int = 201) -> Response:
    """Answer with a thing that was made and the address (``name``) where it is read."""
    address = request.build_absolute_uri(reverse(f"api:{name}", args=[data["id"]]))
    return answer_one(request, data, status=status, headers={"Location": address})


def check_version(request: Request, data: object) -> None:
    """Refuse a change whose ``If-Match`` names another version than the held object's."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    known = parse_etags(wanted)
    if "*" not in known and tag_of(data) not in known:
        message = "It has changed since you read it. Read it again and decide anew."
        raise ChangedMeanwhile(message)


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")
