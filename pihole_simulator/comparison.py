"""What a Pi-hole is set up to do, in a form to compare: by names, for ids differ."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import fields

from .configuration import configuration, settings
from .rows import Member, Row
from .state import Pihole

type Plain = dict[str, object]

_MOVING = frozenset({"date_updated", "number", "invalid_domains", "status", "abp_entries"})


def configuration_of(pihole: Pihole, *, counts: bool = True) -> dict[str, Plain]:
    """Return everything that an import may change.

    `counts` are those of the lists' domains and what else an update of the blocklists touches.
    """
    names = {group.id: group.name for group in pihole.groups}

    def plain(row: Row) -> Plain:
        shown: Plain = {field.name: getattr(row, field.name) for field in fields(row)}
        del shown["id"]
        if isinstance(row, Member):
            shown["groups"] = sorted(names.get(id_, f"no group {id_}") for id_ in row.groups)
        return {name: shown[name] for name in shown if counts or name not in _MOVING}

    def table(rows: Iterable[Row], *key: str) -> Plain:
        return {" ".join(str(getattr(row, name)) for name in key): plain(row) for row in rows}

    leases = pihole.leases
    return {
        "settings": deepcopy(dict(settings(configuration(pihole)))),
        "leases": {"file": None if leases is None else [str(lease) for lease in leases]},
        "groups": table(pihole.groups, "name"),
        "adlists": table(pihole.adlists, "address", "type"),
        "domains": table(pihole.domains, "domain", "type"),
        "clients": table(pihole.clients, "ip"),
    }
