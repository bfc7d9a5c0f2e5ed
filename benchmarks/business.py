"""A business to measure in, its owner, and a browser that is logged in as that owner."""

from typing import Any

SLUG = "bench"
EMAIL, PASSWORD = "owner@bench.example", "correct-horse-9"


def found() -> Any:
    """Make the business and its owner."""
    from apps.accounts.choices import Role  # noqa: PLC0415 - after django.setup
    from apps.core import clock  # noqa: PLC0415
    from apps.staff import services as staff  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415

    now = clock.now()
    business = tenants.create_business(slug=SLUG, name="Bench", now=now)
    staff.create_member(
        business=business, email=EMAIL, name="Owner", role=Role.OWNER, password=PASSWORD, now=now
    )
    return business


def browser(*, signed_in: bool) -> Any:
    """Return a client on the business's host: the whole middleware, without a socket."""
    from django.test import Client  # noqa: PLC0415 - after django.setup

    client = Client(HTTP_HOST=f"{SLUG}.localhost")
    if signed_in:
        answer = client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
        expect(answer, 302)
    return client


def expect(answer: Any, status: int) -> None:
    """Refuse to measure a page that did not do its work."""
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request['PATH_INFO']}: {answer.status_code}, not {status}")
