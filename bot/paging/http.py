"""HTTP to pagers: bounded in time and size, no redirects, and to no address inside unless allowed.

The name is looked up once and that address is called, so that it cannot change in between.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from bot.paging.page import PagerError

CONNECT, READ = 3.0, 6.0
"""Seconds; together shorter than half a lease."""

LARGEST = 256 * 1024
LONGEST_WAIT = 3600
SAID = 120


@dataclass(frozen=True, slots=True)
class Http:
    """``inside`` allows addresses that the internet cannot reach, such as those of a company."""

    inside: bool = False
    connect: float = CONNECT
    read: float = READ

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """Send a body; return what came back as JSON, or nothing. Raises PagerError."""
        return self._call("POST", url, body, {"Content-Type": "application/json", **headers})

    def get(self, url: str, headers: Mapping[str, str]) -> Any:
        """Return what is there as JSON. Raises PagerError."""
        return self._call("GET", url, None, headers)

    def _call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        parts = urlsplit(url)
        host = parts.hostname or ""
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        pool = self._pool(parts.scheme, host, parts.port)
        try:
            answer = pool.request(
                method,
                target,
                body=body,
                headers={
                    "Host": parts.netloc.rpartition("@")[2],
                    "User-Agent": "sgwatch",
                    **headers,
                },
                timeout=Timeout(
                    connect=self.connect, read=self.read, total=self.connect + self.read
                ),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            content = answer.read(LARGEST, decode_content=True)
        except (HTTPError, OSError) as error:
            raise PagerError(
                f"{host} cannot be reached ({type(error).__name__})", retry=True
            ) from None
        finally:
            pool.close()
        _check(answer.status, answer.headers.get("Retry-After", ""), host, content)
        try:
            return json.loads(content) if content.strip() else {}
        except ValueError:
            return {}

    def _pool(self, scheme: str, host: str, port: int | None) -> HTTPConnectionPool:
        address = self._address(host, port or (443 if scheme == "https" else 80))
        if scheme == "https":
            return HTTPSConnectionPool(
                address, port or 443, server_hostname=host, assert_hostname=host
            )
        return HTTPConnectionPool(address, port or 80)

    def _address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise PagerError(f"{host} has no address", retry=True) from None
        addresses = [str(each[4][0]) for each in found]
        outside = [a for a in addresses if self.inside or ip_address(a.partition("%")[0]).is_global]
        if not outside:
            raise PagerError(
                f"{host} is inside: set SGWATCH_PAGERS_INSIDE=true if it is meant to be",
                retry=False,
            )
        return outside[0]


def _check(status: int, retry_after: str, host: str, content: bytes) -> None:
    if 200 <= status < 300:
        return
    said = content[:SAID].decode(errors="replace")
    reason = f"{host} answers {status}" + (f": {said}" if said else "")
    wait = None
    if retry_after.isdecimal():
        wait = timedelta(seconds=min(int(retry_after[:6]), LONGEST_WAIT))
    raise PagerError(reason, retry=status == 429 or status >= 500, wait=wait)
