"""``create_api_key``: a key for an integrator, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import clock
from apps.core.errors import AppError
from apps.staff import services as staff
from apps.tenants import queries, wall


class Command(BaseCommand):
    """Makes a key and prints its secret; it cannot be shown again."""

    help = "Make an API key of a business and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare business, name and scopes."""
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--scopes", nargs="+", default=["*"], help="or * for all")
        parser.add_argument("--days", type=int, help="days until it expires")

    def handle(self, **options: Any) -> None:
        """Make the key."""
        business = queries.find_business(slug=options["slug"])
        if business is None:
            message = f"There is no business “{options['slug']}”."
            raise CommandError(message)
        try:
            with wall.as_business(business):
                secret = staff.create_api_key(
                    name=options["name"],
                    scopes=options["scopes"],
                    days=options["days"],
                    now=clock.now(),
                )
        except AppError as error:
            raise CommandError(error.message) from error
        self.stdout.write(secret)
