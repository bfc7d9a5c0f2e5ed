"""``provision_business``: a new business, ready for its owner's first log-in."""

from datetime import datetime
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from apps.accounts.choices import Role
from apps.core import clock
from apps.core.errors import AppError
from apps.core.failpoints import failpoint
from apps.staff import services as staff
from apps.tenants import queries, services
from apps.tenants.models import Business


class Command(BaseCommand):
    """Makes the business and its owner, both or none; needs DATABASE_OWNER_URL."""

    help = "Make a business with its owner, ready for the first log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare slug, name and owner."""
        parser.add_argument("slug", help="the first part of its address")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", required=True, help="the owner's email")
        parser.add_argument("--owner-name", default="")
        parser.add_argument("--country", default="GB")
        parser.add_argument("--currency", default="GBP")
        parser.add_argument("--time-zone", default="Europe/London")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, **options: Any) -> None:
        """Make the business, or say in one line why not."""
        password = input() if options["password_stdin"] else getpass("Password of the owner: ")
        now = clock.now()
        try:
            validate_email(options["owner"])
            validate_password(password)
            with transaction.atomic():
                business = services.create_business(
                    slug=options["slug"],
                    name=options["name"],
                    country=options["country"],
                    currency=options["currency"],
                    time_zone=options["time_zone"],
                    now=now,
                )
                self._make_owner(business, password, options, now)
                failpoint("provision_before_commit")
        except AppError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{business.name} is ready at {queries.base_url(business)}/")

    def _make_owner(
        self, business: Business, password: str, options: dict[str, Any], now: datetime
    ) -> None:
        """Give the business its owner; without one it does not stay."""
        staff.create_member(
            business=business,
            email=options["owner"],
            name=options["owner_name"] or options["owner"].split("@")[0],
            role=Role.OWNER,
            password=password,
            now=now,
        )
