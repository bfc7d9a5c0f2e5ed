"""``seed_scale``: as many rows as a benchmark needs, in one business."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import clock
from apps.core.errors import AppError
from apps.demo import services
from apps.tenants import queries as tenants
from apps.tenants import wall


class Command(BaseCommand):
    """Fills a business with made-up rows, a batch at a time."""

    help = "Fill a business with made-up customers, reviews and transactions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the business and how many of what."""
        parser.add_argument("slug")
        parser.add_argument("--customers", type=int, default=0)
        parser.add_argument("--reviews", type=int, default=0)
        parser.add_argument("--transactions", type=int, default=0)
        parser.add_argument("--seed", type=int, default=1, help="other rows for another seed")

    def handle(self, *, slug: str, **options: Any) -> None:
        """Fill it, telling how far it is."""
        with wall.as_platform():
            business = tenants.find_business(slug=slug)
        if business is None:
            raise CommandError(f"There is no business “{slug}”.")
        size = services.Size(
            **{name: options[name] for name in ("customers", "reviews", "transactions", "seed")}
        )
        try:
            with wall.as_business(business):
                services.seed_scale(size=size, now=clock.now(), say=self.stdout.write)
        except AppError as error:
            raise CommandError(error.message) from error
        self.stdout.write(self.style.SUCCESS("Done."))
