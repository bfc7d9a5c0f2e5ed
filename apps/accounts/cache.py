"""Django's cache in the platform's own table: what counts log-in attempts must be shared by all.

A cache in each process would give every process its own five guesses, and one beside the database
would let nobody in while it is away.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from apps.accounts import queries, services
from apps.core import clock
from apps.tenants import wall

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class PlatformCache(BaseCache):
    """Reads and writes with the platform's rights, on whichever host; ``add`` is atomic."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value unless there is one; True when this call did."""
        name, now = self.make_and_validate_key(key, version=version), clock.now()
        with wall.as_platform():
            return services.add_value(key=name, value=value, until=self._end(timeout, now), now=now)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or ``default``."""
        name = self.make_and_validate_key(key, version=version)
        with wall.as_platform():
            return queries.find_value(key=name, default=default, now=clock.now())

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value, in place of the one there was."""
        name, now = self.make_and_validate_key(key, version=version), clock.now()
        with wall.as_platform():
            services.keep_value(key=name, value=value, until=self._end(timeout, now))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; False when there was none."""
        with wall.as_platform():
            return services.drop_value(key=self.make_and_validate_key(key, version=version))

    def clear(self) -> None:
        """Forget them all."""
        with wall.as_platform():
            services.drop_values()

    def _end(self, timeout: Any, now: datetime) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOREVER if seconds is None else now + timedelta(seconds=seconds)
