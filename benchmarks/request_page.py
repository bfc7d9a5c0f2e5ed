"""``request_page``: a customer opens the link and gives stars, against two bare views."""

from collections.abc import Iterator
from typing import Any

from benchmarks.business import browser, expect, found
from benchmarks.result import Result, alternate

ROUNDS = 101


def request_page() -> list[Result]:
    """Open and answer one request after the other in the middle of the whole middleware."""
    business = found()
    _add_bare_views()
    client = browser(signed_in=False)
    links = iter(_links(business, ROUNDS))
    answered = iter(_links(business, ROUNDS))
    get_s, post_s, bare_s, query_s = alternate(
        [
            lambda: expect(client.get(next(links)), 200),
            lambda: expect(client.post(next(answered), {"rating": "4", "text": "Fine."}), 303),
            lambda: expect(client.get("/bench-bare/"), 200),
            lambda: expect(client.get("/bench-query/"), 200),
        ],
        rounds=ROUNDS,
    )
    note = (
        "median ms of one request, in process, whole middleware; bare {:.2f}, with a query {:.2f}"
    )
    return [
        Result(
            bench="request_page",
            n=ROUNDS,
            value=round(ours * 1000, 2),
            unit="ms",
            ratio=round(ours / query_s, 2),
            against="a view with one indexed query behind the same middleware",
            note=f"{verb}; " + note.format(bare_s * 1000, query_s * 1000),
        )
        for verb, ours in (("GET", get_s), ("POST of a rating", post_s))
    ]


def _links(business: Any, many: int) -> list[str]:
    return list(_ask(business, many))


def _ask(business: Any, many: int) -> Iterator[str]:
    from apps.campaigns.models import Request  # noqa: PLC0415 - after django.setup
    from apps.core import clock, tokens  # noqa: PLC0415
    from apps.customers.models import Customer  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    now = clock.now()
    with wall.as_business(business):
        for _number in range(many):
            customer = Customer.objects.create(first_name="Nora", created_at=now, updated_at=now)
            asked = Request.objects.create(customer=customer, asked_at=now, created_at=now)
            yield f"/r/{tokens.sign(business.uuid, 'r', asked.pk)}/"


def _add_bare_views() -> None:
    from django.http import HttpRequest, HttpResponse  # noqa: PLC0415 - after django.setup
    from django.urls import path  # noqa: PLC0415

    from apps.customers.models import Customer  # noqa: PLC0415
    from cxsaas import urls  # noqa: PLC0415

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    def query(request: HttpRequest) -> HttpResponse:
        found_one = Customer.objects.order_by("pk").first()
        return HttpResponse(str(found_one and found_one.pk))

    urls.urlpatterns[:0] = [path("bench-bare/", bare), path("bench-query/", query)]
