"""Services: ports by the names that people know them by, and which of them are sensitive.

Sensitive are those that administer a machine or a cluster, or hold data, and have no business on
the internet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Service:
    """A service and the ports that it usually has."""

    name: str
    protocol: str
    first: int
    last: int
    sensitive: bool = True


def _tcp(name: str, *ports: int | tuple[int, int], sensitive: bool = True) -> Iterator[Service]:
    yield from _services(name, "tcp", ports, sensitive)


def _udp(name: str, *ports: int | tuple[int, int], sensitive: bool = True) -> Iterator[Service]:
    yield from _services(name, "udp", ports, sensitive)


def _services(
    name: str, protocol: str, ports: tuple[int | tuple[int, int], ...], sensitive: bool
) -> Iterator[Service]:
    for port in ports:
        first, last = port if isinstance(port, tuple) else (port, port)
        yield Service(name, protocol, first, last, sensitive)


SERVICES: tuple[Service, ...] = (
    # Administration of machines
    *_tcp("SSH", 22),
    *_tcp("RDP", 3389),
    *_udp("RDP", 3389),
    *_tcp("WinRM", 5985, 5986),
    *_tcp("Telnet", 23),
    *_tcp("VNC", (5900, 5903)),
    *_tcp("SMB", 445),
    *_tcp("NetBIOS", 139),
    *_udp("NetBIOS", (137, 138)),
    *_tcp("RPC", 111, 135),
    *_tcp("FTP", (20, 21)),
    *_udp("TFTP", 69),
    *_tcp("rlogin", (512, 514)),
    *_udp("SNMP", 161),
    *_udp("IPMI", 623),
    *_tcp("NFS", 2049),
    *_tcp("rsync", 873),
    *_tcp("LDAP", 389, 636),
    *_tcp("X11", (6000, 6007)),
    # Clusters and what deploys to them
    *_tcp("Docker", 2375, 2376, 2377),
    *_tcp("Kubernetes API", 6443),
    *_tcp("kubelet", 10250, 10255),
    *_tcp("etcd", 2379, 2380),
    *_tcp("ZooKeeper", 2181),
    *_tcp("Consul", 8500),
    *_tcp("Vault", 8200),
    *_tcp("Salt", 4505, 4506),
    # Data
    *_tcp("PostgreSQL", 5432),
    *_tcp("MySQL", 3306, 33060),
    *_tcp("SQL Server", 1433),
    *_udp("SQL Server", 1434),
    *_tcp("Oracle", 1521),
    *_tcp("Redshift", 5439),
    *_tcp("MongoDB", (27017, 27019)),
    *_tcp("Redis", 6379),
    *_tcp("Memcached", 11211),
    *_udp("Memcached", 11211),
    *_tcp("OpenSearch", 9200, 9300),
    *_tcp("Kibana", 5601),
    *_tcp("Cassandra", 7000, 7001, 9042, 9160),
    *_tcp("CouchDB", 5984),
    *_tcp("ClickHouse", 8123),
    *_tcp("Neo4j", 7474, 7687),
    *_tcp("InfluxDB", 8086),
    *_tcp("Kafka", 9092),
    *_tcp("RabbitMQ", 5672, 15672),
    *_tcp("Hadoop", 8020, 9870, 50070),
    # Known by name, and meant for the world
    *_tcp("HTTP", 80, sensitive=False),
    *_tcp("HTTPS", 443, sensitive=False),
    *_udp("HTTP/3", 443, sensitive=False),
    *_tcp("SMTP", 25, 587, sensitive=False),
    *_tcp("DNS", 53, sensitive=False),
    *_udp("DNS", 53, sensitive=False),
    *_udp("NTP", 123, sensitive=False),
)


@lru_cache(maxsize=4096)
def sensitive_services(protocol: str, first: int, last: int) -> tuple[str, ...]:
    """Return the names of the sensitive services whose ports a range contains or touches."""
    found = (
        service.name
        for service in SERVICES
        if service.sensitive
        and service.protocol == protocol
        and service.first <= last
        and first <= service.last
    )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def service_name(protocol: str, first: int | None, last: int | None) -> str:
    """Return the name of the one service that has exactly such ports, or nothing."""
    if first is None or last is None:
        return ""
    for service in SERVICES:
        if service.protocol == protocol and service.first <= first <= last <= service.last:
            return service.name
    return ""
