"""The Teleporter archive of a Pi-hole."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
import sqlite3

from .archive import Entry, pack
from .configuration import database_names, render
from .state import Pihole
from .tables import Table, gravity_tables
from .texts import insert

# As SQLite writes the schema of a table made by "CREATE TABLE ... AS SELECT", which is how FTL
# copies them: types without length, no keys, no indices.
_GRAVITY_SCHEMA = """
CREATE TABLE "group"(
  id INT,
  enabled NUM,
  name TEXT,
  date_added INT,
  date_modified INT,
  description TEXT
);
CREATE TABLE adlist(
  id INT,
  address TEXT,
  enabled NUM,
  date_added INT,
  date_modified INT,
  comment TEXT,
  date_updated INT,
  number INT,
  invalid_domains INT,
  status INT,
  abp_entries INT,
  type INT
);
CREATE TABLE adlist_by_group(adlist_id INT,group_id INT);
CREATE TABLE domainlist(
  id INT,
  type INT,
  domain TEXT,
  enabled NUM,
  date_added INT,
  date_modified INT,
  comment TEXT
);
CREATE TABLE domainlist_by_group(
  domainlist_id INT,
  group_id INT
);
CREATE TABLE client(
  id INT,
  ip TEXT,
  date_added INT,
  date_modified INT,
  comment TEXT
);
CREATE TABLE client_by_group(client_id INT,group_id INT);
"""

_FTL_SCHEMA = """
CREATE TABLE message(
  id INT,
  timestamp INT,
  type TEXT,
  message TEXT,
  blob1,
  blob2,
  blob3,
  blob4,
  blob5
);
CREATE TABLE aliasclient(id INT,name TEXT,comment TEXT);
CREATE TABLE network(
  id INT,
  hwaddr TEXT,
  interface TEXT,
  firstSeen INT,
  lastQuery INT,
  numQueries INT,
  macVendor TEXT,
  aliasclient_id INT
);
CREATE TABLE network_addresses(
  network_id INT,
  ip TEXT,
  lastSeen INT,
  name TEXT,
  nameUpdated INT
);
"""


def build_archive(pihole: Pihole, now: datetime) -> bytes:
    """Export the Pi-hole as it is now. The order and the comments are FTL's."""
    return pack(_entries(pihole, now))


def archive_name(pihole: Pihole, now: datetime) -> str:
    """Return the file name that goes with it."""
    return f"pi-hole_{pihole.hostname}_teleporter_{now:%Y-%m-%d_%H-%M-%S_%Z}.zip"


def _entries(pihole: Pihole, now: datetime) -> Iterator[Entry]:
    gravity, ftl = database_names(pihole)
    files = [
        ("etc/pihole/pihole.toml", "Pi-hole's configuration", render(pihole, now)),
        ("etc/hosts", "System's HOSTS file", pihole.etc_hosts),
    ]
    if pihole.leases is not None:
        leases = "".join(map(str, pihole.leases))
        files.append(("etc/pihole/dhcp.leases", "DHCP leases file", leases))
    for name, text in sorted(pihole.dnsmasq_d.items()):
        files.append((f"etc/dnsmasq.d/{name}", "dnsmasq configuration file", text))
    for name, comment, text in files:
        yield Entry(
            name=name, comment=comment, data=text.encode(errors="surrogateescape"), modified=now
        )
    for name, comment, data in (
        (gravity, "Pi-hole's gravity database", _gravity(pihole)),
        (ftl, "Pi-hole's FTL database", _ftl(pihole, int(now.timestamp()))),
    ):
        yield Entry(name=name, comment=comment, data=data, modified=now)


def _gravity(pihole: Pihole) -> bytes:
    return _database(_GRAVITY_SCHEMA, gravity_tables(pihole))


def _ftl(pihole: Pihole, now: int) -> bytes:
    """Return the database that changes all the time: here the devices were seen just now."""
    leases = list(enumerate(pihole.leases or (), start=1))
    return _database(
        _FTL_SCHEMA,
        {
            "network": (
                (index, lease.mac, "eth0", now - 86_400, now, 1000, "Example Inc.", None)
                for index, lease in leases
            ),
            "network_addresses": (
                (index, lease.ip, now, lease.name, now) for index, lease in leases
            ),
        },
    )


def _database(schema: str, tables: Mapping[str, Table]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(schema)
        for name, rows in tables.items():
            for row in rows:
                insert(database, name, row)
        database.commit()
        return database.serialize()
