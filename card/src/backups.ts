/* Which backup is meant. Pure functions. */

import type { Backup } from "./server.ts";

/**
 * Return the newest good backup that is older than this one. Before a Pi-hole's own backup, only
 * its own count, as when the server finds out what changed.
 */
export function backupBefore(backups: readonly Backup[], backup: Backup): Backup | null {
  const at = Date.parse(backup.created_at);
  const isComparable = (other: Backup) => !isOwn(backup) || isOwn(other);
  const isBefore = (other: Backup) =>
    other.id !== backup.id && other.status === "good" && Date.parse(other.created_at) < at;
  return backups.find((other) => isBefore(other) && isComparable(other)) ?? null;
}

/** Return whether the Pi-hole itself made a backup: another archive may be of another one. */
function isOwn({ trigger }: Backup): boolean {
  return trigger !== "adopted";
}
