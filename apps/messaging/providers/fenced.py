"""HTTP whose requests never begin after a given moment, however slow name servers and hosts are."""

import time
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError

CONNECT_TIMEOUT_S = 5.0


class Fence:
    """The moment, by the monotonic clock, after which nothing may be sent."""

    def __init__(self) -> None:
        self.at = float("inf")

    def check(self) -> None:
        """Stop a request that would begin too late."""
        if time.monotonic() > self.at:
            # The same as a connection that never stood: nothing was sent.
            raise ConnectTimeoutError("too late to begin")


class FencedAdapter(HTTPAdapter):
    """Checks the fence after connecting and right before the request is written."""

    def __init__(self, fence: Fence) -> None:
        self._fence = fence
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have the pools make connections that know the fence."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._fence)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Do the same where a proxy stands in between."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _pools(self._fence)
        return manager


def _pools(fence: Fence) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def request(self, *args: Any, **kwargs: Any) -> None:
            _connect(self)
            fence.check()
            super().request(*args, **kwargs)

    class Secure(HTTPSConnection):
        def request(self, *args: Any, **kwargs: Any) -> None:
            _connect(self)
            fence.check()
            super().request(*args, **kwargs)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class FencedSession:
    """A kept connection that posts a form before a deadline or not at all."""

    def __init__(self, base_url: str, *, auth: tuple[str, str]) -> None:
        self._fence = Fence()
        self.http = requests.Session()
        # Read the proxy settings once: requests would read the environment for each message.
        self.http.trust_env = False
        self.http.proxies = requests.utils.get_environ_proxies(base_url)
        self.http.auth = auth
        self.http.headers["Accept"] = "application/json"
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, FencedAdapter(self._fence))

    def post(self, url: str, form: Mapping[str, str], *, deadline: float) -> requests.Response:
        """Post a form; the answer is awaited until the deadline."""
        left = max(deadline - time.monotonic(), 0.001)
        self._fence.at = deadline
        try:
            return self.http.post(
                url,
                data=form,
                timeout=(min(CONNECT_TIMEOUT_S, left), left),
                allow_redirects=False,
            )
        finally:
            self._fence.at = float("inf")


def _connect(connection: HTTPConnection) -> None:
    """Connect now, so that what follows is the request alone."""
    if connection.sock is None:
        connection.connect()
