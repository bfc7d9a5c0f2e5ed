"""The product's Celery application with the rig's own job: ``celery -A tests.chaos.app``."""

from cxsaas.celery import app
from tests.chaos import effects

__all__ = ["app", "effects"]
