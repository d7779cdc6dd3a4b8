"""What stands in the way of a restore, found out before anything is changed."""

import re
from typing import Final

from ..errors import RestoreVersionTooNew
from ..models import Remark, RemarkKey
from ..pihole.models import Versions
from ..pihole.redaction import redact

_MAJOR: Final = re.compile(r"v?(\d{1,4})\.", re.ASCII)


def check_versions(backup: Versions, pihole: Versions) -> Remark | None:
    """Compare the major versions of FTL, and return a remark if the backup's is older.

    Raises `RestoreVersionTooNew` if it is newer. Development versions are not compared.
    """
    old, now = backup.ftl or "", pihole.ftl or ""
    old_major, major = _MAJOR.match(old), _MAJOR.match(now)
    if old_major is None or major is None or int(old_major[1]) == int(major[1]):
        return None
    if int(old_major[1]) > int(major[1]):
        raise RestoreVersionTooNew(backup=old, pihole=now)
    versions = {"backup": redact(old), "pihole": redact(now)}
    return Remark(key=RemarkKey.OLDER_VERSION, placeholders=versions)
