import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backupBefore } from "../src/backups.ts";
import type { Backup } from "../src/server.ts";

function backup(second: number, fields: Partial<Backup> = {}): Backup {
  return {
    config_entry_id: "kitchen",
    id: String(second),
    filename: `${second}.zip`,
    file_size: 1,
    status: "good",
    created_at: `2026-11-29T18:00:0${second}+00:00`,
    trigger: "schedule",
    sha256: "",
    pinned: false,
    note: null,
    confirmed_at: null,
    contents: null,
    headline: null,
    compared: "different",
    ...fields,
  };
}

describe("the backup before another one", () => {
  const adopted = { trigger: "adopted" };

  test("is the newest older one that is good", () => {
    const backups = [backup(4), backup(3), backup(2, { status: "damaged" }), backup(1)];
    assert.equal(backupBefore(backups, backup(4))?.id, "3");
    assert.equal(backupBefore(backups, backup(3))?.id, "1");
    assert.equal(backupBefore(backups, backup(1)), null);
  });

  test("is the Pi-hole's own, as an archive from outside may be of another one", () => {
    const backups = [backup(3), backup(2, adopted), backup(1)];
    assert.equal(backupBefore(backups, backup(3))?.id, "1");
  });

  test("is any for an archive from outside", () => {
    const backups = [backup(3, adopted), backup(2, adopted), backup(1)];
    assert.equal(backupBefore(backups, backup(3, adopted))?.id, "2");
  });
});
