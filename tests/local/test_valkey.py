"""The embedded Valkey: the two forms of its address, and starting over a dead one."""

import signal
from pathlib import Path

import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from cxsaas.local.errors import LocalError
from cxsaas.local.valkey import EmbeddedValkey


def test_celery_and_the_cache_read_their_addresses(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "valkey")
    server.start()
    try:
        with Connection(server.url(2)) as connection:
            queue = connection.SimpleQueue("bell")
            queue.put("ring")
            assert queue.get(timeout=2).payload == "ring"
            queue.close()
        cache = RedisCache(server.cache_url(1), {})
        cache.set("greeting", "hello")
        assert cache.get("greeting") == "hello"
        assert redis.Redis.from_url(server.cache_url(1)).dbsize() == 1
        assert redis.Redis.from_url(server.cache_url(0)).dbsize() == 0
    finally:
        server.stop()


def test_addresses_name_the_socket(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "valkey")
    assert server.url() == f"redis+socket://{server.socket}?virtual_host=0"
    assert server.cache_url() == f"unix://{server.socket}?db=1"


def test_socket_left_by_a_killed_server_is_no_obstacle(tmp_path: Path) -> None:
    first = EmbeddedValkey(tmp_path / "valkey")
    first.start()
    assert first._process is not None
    first._process.send_signal(signal.SIGKILL)
    first._process.wait()
    assert first.socket.exists()
    first.stop()
    second = EmbeddedValkey(tmp_path / "valkey")
    second.start()
    try:
        assert second.is_ready()
    finally:
        second.stop()


def test_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    first, second = EmbeddedValkey(tmp_path / "valkey"), EmbeddedValkey(tmp_path / "valkey")
    first.start()
    try:
        with pytest.raises(LocalError, match="is in use by process"):
            second.start()
        assert first.is_ready()
    finally:
        first.stop()
