"""What can go wrong with a business and its wall."""

from typing import Self

from django.utils.translation import gettext as _

from apps.core.errors import AppError


class WallError(Exception):
    """The database did not put on the schema and role that were asked for; nothing may run."""


class SlugTakenError(AppError):
    """Another business has this address already."""

    code = "slug_taken"

    @classmethod
    def of(cls, slug: str) -> Self:
        """Say it at the field of the address."""
        message = _("The address “%(slug)s” is taken. Choose another.") % {"slug": slug}
        return cls(message, field="slug")


class SlugInvalidError(AppError):
    """This text cannot be the first part of an address."""

    code = "slug_invalid"


class MigrationsFailedError(AppError):
    """Some businesses could not be migrated; the others are done."""

    code = "migrations_failed"


class OwnerConnectionMissingError(AppError):
    """DATABASE_OWNER_URL is needed for this and is not set."""

    code = "owner_connection_missing"


class NoneReadyError(AppError):
    """No place is ready for a new business just now; one is made within seconds."""

    code = "none_ready"
    status = 503
