"""Writes about businesses: raising the wall, making and migrating them."""

from apps.tenants.services.migrate import Patience, migrate_all
from apps.tenants.services.provision import (
    create_business,
    drop_business,
    resume_business,
    suspend_business,
)
from apps.tenants.services.wall import raise_wall

__all__ = [
    "Patience",
    "create_business",
    "drop_business",
    "migrate_all",
    "raise_wall",
    "resume_business",
    "suspend_business",
]
