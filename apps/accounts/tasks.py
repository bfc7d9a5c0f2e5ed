"""The bells that send the platform's own mails and clear away what has had its day."""

from celery import shared_task

from apps.accounts import services
from apps.core import clock
from apps.tenants import wall


@shared_task(name="accounts.send_mails")
def send_mails(**_: object) -> None:
    """Send what waits."""
    with wall.as_platform():
        services.send_mails(now=clock.now())


@shared_task(name="accounts.sweep")
def sweep(**_: object) -> None:
    """Remove what has had its day."""
    with wall.as_platform():
        services.sweep(now=clock.now())
