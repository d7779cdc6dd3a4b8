"""A Pi-hole v6 over real HTTP, for the tests and for the demo."""

from . import broken, faults, tls
from .archive import Entry, pack, unpack
from .auth import Auth, Session
from .clock import Clock
from .comparison import configuration_of
from .credentials import Credentials
from .export import build_archive
from .fault_plan import Fault, FaultPlan
from .pihole_v5 import PiholeV5
from .rows import Adlist, Client, Domain, DomainType, Group, Lease, ListType
from .server import Request, Simulator
from .state import Pihole, Versions
from .switches import WriteFailure
from .tls import Certificate

__all__ = [
    "Adlist",
    "Auth",
    "Certificate",
    "Client",
    "Clock",
    "Credentials",
    "Domain",
    "DomainType",
    "Entry",
    "Fault",
    "FaultPlan",
    "Group",
    "Lease",
    "ListType",
    "Pihole",
    "PiholeV5",
    "Request",
    "Session",
    "Simulator",
    "Versions",
    "WriteFailure",
    "broken",
    "build_archive",
    "configuration_of",
    "faults",
    "pack",
    "tls",
    "unpack",
]
