"""What a Pi-hole stores for a domain: lower case, and Punycode for other letters than ASCII.

FTL asks libidn2, whose rules are those of `idna` (IDNA 2008 after the mapping of UTS 46), but for
what is plain ASCII.
"""

import re

import idna

_LABEL_LENGTH = 63
_DOMAIN_LENGTH = 255
_PREFIX = "xn--"
_VALID = re.compile(r"[a-z0-9_.-]+")


class InvalidName(Exception):
    """Why libidn2 takes a domain for none."""


def stored_name(domain: str) -> str:
    """Return what is stored for a domain. Raises `InvalidName`."""
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
    except idna.IDNAError as error:
        raise InvalidName("string contains a disallowed character") from error
    name = ".".join(map(_stored_label, mapped.split(".")))
    if len(name.rstrip(".")) > _DOMAIN_LENGTH:
        raise InvalidName("domain name longer than 255 characters")
    return name


def is_valid(name: str) -> bool:
    """Return whether a Pi-hole takes a text as a domain."""
    labels = name.removesuffix(".").split(".")
    return bool(_VALID.fullmatch(name)) and all(labels)


def shown_name(domain: str) -> str:
    """Return a domain as people read it; what cannot be decoded stays as it is."""
    try:
        return ".".join(map(_shown_label, domain.split(".")))
    except UnicodeError:
        return domain


def _stored_label(label: str) -> str:
    if label.startswith(_PREFIX):
        _check_encoded(label)
    elif label.startswith("-") or label.endswith("-"):
        raise InvalidName("string start/ends with forbidden hyphen")
    elif label[2:4] == "--":
        raise InvalidName("string contains forbidden two hyphens pattern")
    stored = label if label.isascii() else _encoded(label)
    if len(stored) > _LABEL_LENGTH:
        raise InvalidName("domain label longer than 63 characters")
    return stored


def _encoded(label: str) -> str:
    try:
        idna.check_initial_combiner(label)
    except idna.IDNAError as error:
        raise InvalidName("string contains a forbidden leading combining character") from error
    try:
        idna.check_label(label)
    except idna.InvalidCodepointContext as error:
        raise InvalidName("string contains a forbidden context-j character") from error
    except idna.IDNAError as error:
        raise InvalidName("string contains a disallowed character") from error
    return _PREFIX + label.encode("punycode").decode()


def _check_encoded(label: str) -> None:
    """Raise `InvalidName` for Punycode that stands for nothing which would be encoded so."""
    try:
        decoded = label.removeprefix(_PREFIX).encode().decode("punycode")
        if _encoded(decoded) == label and not decoded.isascii():
            return
    except InvalidName, UnicodeError:
        pass
    message = "domain label has character forbidden in non-transitional mode (TR46)"
    raise InvalidName(message)


def _shown_label(label: str) -> str:
    if label.startswith(_PREFIX):
        return label.removeprefix(_PREFIX).encode().decode("punycode")
    return label
