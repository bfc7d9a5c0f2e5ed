"""Which tables belong to which schema when migrations run."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections


class SchemaRouter:
    """Shared apps migrate in public, tenant apps in a business's schema, and only as the owner."""

    def allow_migrate(self, db: str, app_label: str, **_: object) -> bool | None:
        """Tell Django whether operations of an app may run on a connection as it stands."""
        if db != "owner":
            return False
        wrapper: Any = connections[db]
        name = apps.get_app_config(app_label).name
        if wrapper.schema_name == "public":
            return name in settings.SHARED_APPS
        return name in settings.TENANT_APPS

    def allow_relation(self, left: object, right: object, **_: object) -> bool:
        """Both connections lead to one database, so what they read may be related."""
        return True
