"""Removing sample data turn by turn."""

from apps.core import clock
from apps.demo.services import removal
from apps.jobs.registry import job


@job(removal.JOB)
def remove_sample(**_: object) -> None:
    """Remove the next part of the entered business's sample data."""
    removal.remove_some(now=clock.now())
