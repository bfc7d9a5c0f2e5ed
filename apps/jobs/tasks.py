"""The bells that Celery carries: no payload, the tickets say what is to be done."""

from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings

from apps.jobs import poller, services
from apps.jobs.choices import Lane


def own_lanes() -> list[Lane]:
    """Return the lanes this worker serves, from CXSAAS_LANES (``owner`` stands for lane 9)."""
    return [Lane.OWNER if name == "owner" else Lane(int(name)) for name in settings.LANES]


def _drain(lanes: list[Lane]) -> None:
    # Someone of this process is at work already and will see what the bell was for.
    if poller.working.acquire(blocking=False):
        try:
            services.drain(lanes=lanes)
        finally:
            poller.working.release()


@shared_task(name="jobs.drain_fast")
def drain_fast(**_: object) -> None:
    """Do what is due in the transactional lane."""
    _drain([Lane.TRANSACTIONAL])


@shared_task(name="jobs.drain_bulk")
def drain_bulk(**_: object) -> None:
    """Do what is due in the lanes this worker serves."""
    _drain(own_lanes())


@shared_task(name="jobs.drain_owner")
def drain_owner(**_: object) -> None:
    """Do what only the owner's connection may do."""
    _drain([Lane.OWNER])


@shared_task(name="jobs.sweep")
def sweep(**_: object) -> None:
    """Repair leases and ring for lanes with something due."""
    for lane in services.sweep():
        services.queue.send_bell(lane)


@worker_process_init.connect
def _start_poller(**_: object) -> None:
    poller.start(own_lanes())


@worker_process_shutdown.connect
def _stop_poller(**_: object) -> None:
    poller.stop()
