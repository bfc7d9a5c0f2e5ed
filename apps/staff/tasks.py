"""The bell for businesses that wait for a place."""

from celery import shared_task

from apps.core import clock
from apps.staff import services
from apps.tenants import wall


@shared_task(name="staff.found_waiting")
def found_waiting(**_: object) -> None:
    """Go on with what waits."""
    with wall.as_platform():
        services.found_waiting(now=clock.now())
