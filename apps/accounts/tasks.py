"""The bell that sends the platform's own mails."""

from celery import shared_task

from apps.accounts import services
from apps.core import clock
from apps.tenants import wall


@shared_task(name="accounts.send_mails")
def send_mails(**_: object) -> None:
    """Send what waits."""
    with wall.as_platform():
        services.send_mails(now=clock.now())
