"""Writes about businesses: raising the wall, making and migrating them."""

from apps.tenants.services.migrate import Patience, migrate_all
from apps.tenants.services.provision import (
    claim_business,
    create_business,
    drop_business,
    resume_business,
    suspend_business,
)
from apps.tenants.services.stock import top_up
from apps.tenants.services.wall import raise_wall

__all__ = [
    "Patience",
    "claim_business",
    "create_business",
    "drop_business",
    "migrate_all",
    "raise_wall",
    "resume_business",
    "suspend_business",
    "top_up",
]
