"""What follows the changes of a restore: restart, gravity update, verification, DNS."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ..aio import in_thread
from ..errors import (
    RestoreGravityFailed,
    RestoreUnanswered,
    RestoreUnproven,
    StorageError,
    Unexpected,
    catch_unexpected,
)
from ..export import Report
from ..models import BackupRecord, BackupTrigger, Remark, RemarkKey, RestorePart, Stage
from ..pihole.client import PiholeClient
from ..pihole.errors import CheckpointError, ConnectionFailed
from ..pihole.models import Versions
from ..pihole.queries import was_asked
from ..pihole.session import PiholeSession
from ..repository.repository import Repository
from ..teleporter.contents import Contents
from ..teleporter.diff import Subject
from .applied import Applied
from .dns_check import DnsCheck, DnsOutcome, check_dns
from .exports import Exports, StagedExport
from .failures import RestoreDiffers
from .feasibility import Need
from .gravity_update import update_gravity
from .plan import Plan
from .remarks import listed, remark
from .timings import RestoreTimings
from .verify import differences
from .waiting import password_still_works, stay_logged_in, wait_until_back

_CREDENTIALS: Final = tuple(
    f"webserver.api.{name}" for name in ("pwhash", "app_pwhash", "totp_secret")
)

_DNS_PORT: Final = "dns.port"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a restore went after its changes were made."""

    is_verified: bool
    gravity_updated: bool = False
    dns: DnsCheck | None = None
    """What asking the DNS showed; `None` if it was not asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """What follows the changes of one restore."""

    client: PiholeClient
    session: PiholeSession
    repository: Repository
    exports: Exports
    report: Report
    timings: RestoreTimings
    safety: BackupRecord
    versions: Versions
    remarks: list[Remark]
    """Remarks are added to it."""
    applied: Applied
    """What is found to be as it should be is noted in it."""

    async def finish(
        self, before: Contents, plan: Plan, *, restarts: bool, update_gravity: bool | None
    ) -> Outcome:
        """Wait for a restart, update gravity if need be, and verify. Raises a `RestoreFailed`."""
        if restarts:
            await self._wait_until_back()
            if not await stay_logged_in(self.client, self.session):
                self._remark(RemarkKey.PASSWORD_CHANGED)
                return Outcome(is_verified=False)
        # Before anything else can fail: the user is asked for the password in any case.
        if _changes_credentials(before, plan.expected) and not (
            await password_still_works(self.client)
        ):
            self._remark(RemarkKey.PASSWORD_BACK)
        if update_gravity is None:
            update_gravity = Need.GRAVITY in plan.needs
        failure = await self._update_gravity() if update_gravity else None
        await self._verify(plan)
        self.applied.done.update(each.id for each in plan.differences)
        dns: DnsCheck | None = None
        # The data are right, so a bug in this is logged, and no more.
        with suppress(Unexpected), catch_unexpected(self.client.secrets):
            dns = await self._ask_dns(plan)
        if failure is not None:
            raise RestoreGravityFailed(safety=self.safety.filename) from failure
        return Outcome(is_verified=True, gravity_updated=update_gravity, dns=dns)

    async def _wait_until_back(self) -> None:
        self.report(Stage.RESTARTING, "")
        await wait_until_back(self.client, self.timings, safety=self.safety.filename)

    async def _update_gravity(self) -> Exception | None:
        update = await update_gravity(self.client, self.session, self.timings, report=self.report)
        if update.complaints:
            complaints = "; ".join(update.complaints)
            self._remark(RemarkKey.GRAVITY_COMPLAINED, complaints=complaints)
        return update.failure

    async def _verify(self, plan: Plan) -> None:
        """Export once more, and check that the Pi-hole holds what it should.

        Raises `RestoreDiffers`, `RestoreUnproven` or `RestoreUnanswered`.
        """
        self.report(Stage.PROVING, "")
        try:
            found = await self._export_and_store()
        except RestoreUnanswered:
            raise
        except CheckpointError as error:
            # A Pi-hole's own words say enough, those of the system about a disk do not.
            placeholders = {} if isinstance(error, StorageError) else error.placeholders
            reason = placeholders.get("reason", error.key)
            raise RestoreUnproven(safety=self.safety.filename, reason=reason) from error
        with_leases = any(each.subject is Subject.LEASES for each in plan.differences)
        parts = {RestorePart.DHCP_LEASES} if with_leases else set()
        if wrong := await in_thread(differences, plan.expected, found, parts):
            raise RestoreDiffers(safety=self.safety.filename, changes=wrong)

    async def _ask_dns(self, plan: Plan) -> DnsCheck | None:
        """Ask the Pi-hole's DNS for what was restored. The data are right in any case."""
        host, port = self.client.url.host, plan.expected.settings.get(_DNS_PORT)
        if host is None or not isinstance(port, int):
            return None
        changed = [(each.subject, each.kind, each.item) for each in plan.differences]
        check = await check_dns(
            host,
            port,
            plan.expected,
            was_asked=self._was_asked,
            changed=changed,
            timings=self.timings.dns,
        )
        match check.outcome:
            case DnsOutcome.ANSWERS if check.records:
                self._remark(RemarkKey.DNS_ANSWERS, count=str(check.records))
            case DnsOutcome.WRONG:
                names = [*check.wrong, *([check.denied] if check.blocked is False else [])]
                self._remark(RemarkKey.DNS_WRONG, names=listed(names))
            case DnsOutcome.ELSEWHERE:
                self._remark(RemarkKey.DNS_ELSEWHERE, host=host)
            case DnsOutcome.SILENT:
                self._remark(RemarkKey.DNS_SILENT)
            case DnsOutcome.REFUSED:
                self._remark(RemarkKey.DNS_REFUSED)
        return check

    async def _was_asked(self, name: str) -> bool:
        with suppress(CheckpointError):
            return await was_asked(self.session, name)
        return False

    def _remark(self, key: RemarkKey, **placeholders: str) -> None:
        self.remarks.append(remark(key, **placeholders))

    async def _export_and_store(self) -> Contents:
        """Export, also when the session has ended or the Pi-hole restarts later than expected."""
        async with self.repository.writing():
            # Only now: the wait may outlast a session.
            await stay_logged_in(self.client, self.session)
            try:
                exported = await self.exports.export(self.session, BackupTrigger.AFTER_RESTORE)
            except ConnectionFailed:
                exported = None
            if exported is not None:
                await self._store(exported)
                return exported.contents
        await self._wait_until_back()
        async with self.repository.writing():
            await stay_logged_in(self.client, self.session)
            exported = await self.exports.export(self.session, BackupTrigger.AFTER_RESTORE)
            await self._store(exported)
            return exported.contents

    async def _store(self, exported: StagedExport) -> None:
        """Store the export as the current backup, if that is possible."""
        try:
            await self.exports.store(exported, self.versions)
        except StorageError as error:
            self._remark(RemarkKey.NOT_STORED, folder=error.placeholders["folder"])


def _changes_credentials(before: Contents, after: Contents) -> bool:
    return any(before.settings.get(name) != after.settings.get(name) for name in _CREDENTIALS)
