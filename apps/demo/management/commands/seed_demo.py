"""``seed_demo``: the two businesses of the demo, and the year they have had."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import clock
from apps.core.errors import AppError
from apps.demo import services


class Command(BaseCommand):
    """Makes what is missing of the demo; needs DATABASE_OWNER_URL."""

    help = "Make the demo's businesses, people, API key and story, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the quick way out for every later start."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the demo is already there"
        )

    def handle(self, **options: Any) -> None:
        """Seed, or say in one line why not."""
        if options["if_empty"] and services.is_seeded():
            return
        try:
            services.seed_demo(now=clock.now())
        except AppError as error:
            raise CommandError(error.message) from error
        self.stdout.write(self.style.SUCCESS("The demo is ready."))
