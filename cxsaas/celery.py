"""The Celery application: the bell that wakes workers and the hands that do the work."""

import os

from celery import Celery
from celery.signals import setup_logging

from cxsaas.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")

app = Celery("cxsaas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.conf.task_routes = {
    "jobs.drain_fast": {"queue": "fast"},
    "jobs.drain_owner": {"queue": "owner"},
}
# Read by Celery's Django fixup: without it every task opens a database connection of its own.
app.conf.CELERY_DB_REUSE_MAX = 1000
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Leave logging as Django set it up."""
