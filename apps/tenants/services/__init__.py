"""Writes about businesses: raising the wall, making and migrating them."""

from apps.tenants.services.migrate import migrate_all
from apps.tenants.services.provision import create_business, drop_business
from apps.tenants.services.wall import raise_wall

__all__ = ["create_business", "drop_business", "migrate_all", "raise_wall"]
