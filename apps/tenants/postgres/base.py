"""A connection that puts on the schema and the role of one business in one round trip, or fails."""

from typing import Any

import psycopg
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_public_schema_name, quote_schema_name

from apps.tenants.errors import WallError

PLATFORM = "platform"
DISPATCHER = "dispatcher"
_marks: dict[tuple[str, str], str] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """Sends ``SET search_path`` and ``SET ROLE`` together, and checks what came of it."""

    _setting_search_path: bool
    search_path_set_schemas: list[str] | None

    @property
    def has_wall(self) -> bool:
        """Tell whether this connection must wear a role (the owner's does not)."""
        return bool(self.settings_dict.get("WALL", True))

    def installation_mark(self) -> str:
        """Return the mark in this database's role names."""
        place = (str(self.settings_dict.get("HOST", "")), str(self.settings_dict["NAME"]))
        if place not in _marks:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT mark FROM public.tenants_installation")
                row = cursor.fetchone()
            if row is None:
                message = "This database has no wall yet: run manage.py migrate_all."
                raise WallError(message)
            _marks[place] = row[0]
        return _marks[place]

    def _role(self) -> str:
        role = str(getattr(self.tenant, "role_name", ""))
        if self.schema_name == get_public_schema_name():
            return f"{role or PLATFORM}_{self.installation_mark()}"
        if not role:
            message = f"Schema {self.schema_name} was asked for without the role of its business."
            raise WallError(message)
        return role

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        self._setting_search_path = True
        try:
            self._put_on()
        except psycopg.errors.InFailedSqlTransaction:
            # The only statement that can follow is a rollback, which clears this state again.
            self.search_path_set_schemas = None
        finally:
            self._setting_search_path = False

    def _put_on(self) -> None:
        paths = self._get_cursor_search_paths()
        statement = f"SET search_path = {','.join(quote_schema_name(path) for path in paths)};"
        role = ""
        if self.has_wall:
            role = self._role()
            statement += f" SET ROLE {quote_schema_name(role)};"
        with self.connection.cursor() as raw:
            raw.execute(statement + " SELECT current_schema(), current_user")
            while raw.nextset():
                pass
            schema, user = raw.fetchone()
        if schema != self.schema_name or (role and user != role):
            self.search_path_set_schemas = None
            message = f"Asked for {self.schema_name} as {role or 'owner'}, got {schema} as {user}."
            raise WallError(message)
        self.search_path_set_schemas = paths
