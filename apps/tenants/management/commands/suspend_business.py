"""Serve a business no longer, for now, or serve it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.tenants import services
from apps.tenants.models import Business


class Command(BaseCommand):
    """Suspend a business or resume it, with the owner's connection."""

    help = "Suspend a business: its pages answer 503 and its work waits. --resume ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("slug")
        parser.add_argument("--why", default="", help="told to the people of the business")
        parser.add_argument("--resume", action="store_true")

    def handle(self, *, slug: str, why: str, resume: bool, **_: Any) -> None:
        """Turn the state of one business."""
        found = Business.objects.using("owner").filter(slug=slug).first()
        if found is None:
            message = f"There is no business {slug}."
            raise CommandError(message)
        if resume:
            services.resume_business(business=found)
        else:
            services.suspend_business(business=found, why=why[:200])
        self.stdout.write(f"{slug} is {found.status}.")
