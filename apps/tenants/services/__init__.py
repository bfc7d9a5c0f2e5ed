"""Writes about businesses: raising the wall, making and migrating them."""

from apps.tenants.services.closing import (
    KEPT,
    close_own_business,
    drop_closed,
    reopen_business,
    resume_business,
    suspend_business,
)
from apps.tenants.services.details import change_own_business
from apps.tenants.services.migrate import Patience, migrate_all
from apps.tenants.services.provision import (
    claim_business,
    create_business,
    drop_business,
)
from apps.tenants.services.stock import top_up
from apps.tenants.services.wall import raise_wall

__all__ = [
    "KEPT",
    "Patience",
    "change_own_business",
    "claim_business",
    "close_own_business",
    "create_business",
    "drop_business",
    "drop_closed",
    "migrate_all",
    "raise_wall",
    "reopen_business",
    "resume_business",
    "suspend_business",
    "top_up",
]
