/* What the card asks the server to do. Everything here throws what the server says. */

import type { HomeAssistant } from "./home-assistant.ts";
import {
  DOMAIN,
  MOST_BACKUPS,
  type Backup,
  type Comparison,
  type Contents,
  type Differences,
  type PiholeName,
  type RestoreAnswer,
  type StoredChanges,
} from "./server.ts";

const LINK_SECONDS = 30;

/** With what a backup is compared: its Pi-hole as it is, another backup, or another Pi-hole. */
export interface Other {
  backupId?: string;
  entryId?: string;
}

/** A restore: what is to be restored, and where. */
export interface RestoreOrder {
  /** The Pi-hole that the backup is of. */
  source: string;
  backupId: string;
  /** The Pi-hole that is changed. */
  target: string;
  /** Whether all is restored that is right for most, without a choice: it is too much for one. */
  isWhole?: boolean;
}

export interface Chosen {
  plan: string;
  /** The IDs of the chosen changes; without them, all. */
  only?: string[];
  way?: "live" | "import";
  /** Left out: if a list needs it. */
  updateGravity?: boolean;
}

/** Every part: which changes are made is chosen one by one. */
const PARTS = ["settings", "dhcp_leases", "groups", "lists", "domains", "clients"];

export class Actions {
  readonly #hass: HomeAssistant;
  readonly #entryId: string;

  constructor(hass: HomeAssistant, entryId: string) {
    this.#hass = hass;
    this.#entryId = entryId;
  }

  async #call<T>(service: string, data: object = {}): Promise<T> {
    const fields = { config_entry_id: this.#entryId, ...data };
    // An error is shown by the card, in its own words, and not by the frontend as well.
    const answer = await this.#hass.callService(DOMAIN, service, fields, undefined, false, true);
    return answer.response as T;
  }

  #ask<T>(command: string, data: object = {}): Promise<T> {
    return this.#hass.callWS<T>({
      type: `${DOMAIN}/${command}`,
      config_entry_id: this.#entryId,
      ...data,
    });
  }

  async backUp(): Promise<void> {
    await this.#call("backup");
  }

  async delete(backupId: string): Promise<void> {
    await this.#call("delete", { backup_id: backupId });
  }

  async verify(backup: Backup): Promise<Backup> {
    const { backups } = await this.#call<{ backups: Backup[] }>("verify", { backup_id: backup.id });
    return backups[0] ?? backup;
  }

  async update(backupId: string, data: { pinned?: boolean; note?: string }): Promise<void> {
    await this.#call("update", { backup_id: backupId, ...data });
  }

  compare(backupId: string, { backupId: otherId, entryId }: Other): Promise<Comparison> {
    return this.#call("compare", {
      backup_id: backupId,
      ...(otherId && { other_backup_id: otherId }),
      ...(entryId && { other_config_entry_id: entryId }),
    });
  }

  plan(order: RestoreOrder): Promise<RestoreAnswer> {
    return this.#call("restore", { ...fieldsOf(order), dry_run: true });
  }

  restore(order: RestoreOrder, { plan, only, way, updateGravity }: Chosen): Promise<RestoreAnswer> {
    return this.#call("restore", {
      ...fieldsOf(order),
      plan,
      ...(only && { only }),
      ...(way && { way }),
      ...(updateGravity !== undefined && { update_gravity: updateGravity }),
    });
  }

  undoRestore(entryId: string): Promise<RestoreAnswer> {
    return this.#call("undo_restore", { config_entry_id: entryId });
  }

  changes(backupId: string): Promise<StoredChanges> {
    return this.#ask("changes", { backup_id: backupId });
  }

  contents(backupId: string, search: string, limit: number): Promise<Contents> {
    return this.#ask("contents", { backup_id: backupId, limit, ...(search && { search }) });
  }

  /** The newest backups: more than are on screen. */
  async backups(): Promise<Backup[]> {
    return (await this.#ask<{ backups: Backup[] }>("backups", { limit: MOST_BACKUPS })).backups;
  }

  /** Through a link that is good for half a minute: a browser sends no token with a download. */
  async download(backup: Backup): Promise<void> {
    const ids = [this.#entryId, backup.id].map(encodeURIComponent).join("/");
    const { path } = await this.#hass.callWS<{ path: string }>({
      type: "auth/sign_path",
      path: `/api/${DOMAIN}/${ids}`,
      expires: LINK_SECONDS,
    });
    const link = document.createElement("a");
    link.href = this.#hass.hassUrl?.(path) ?? path;
    link.download = backup.filename;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  }

  async upload(file: File): Promise<{ backups: Backup[]; already_stored: boolean }> {
    const body = new FormData();
    body.append("file", file);
    const answer = await this.#hass.fetchWithAuth("/api/file_upload", { method: "POST", body });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const { file_id: uploaded } = (await answer.json()) as { file_id: string };
    return this.#call("upload", { file: uploaded });
  }
}

function fieldsOf({ source, backupId, target, isWhole = false }: RestoreOrder): object {
  const isElsewhere = source !== target;
  return {
    config_entry_id: target,
    backup_id: backupId,
    ...(isElsewhere && { source_config_entry_id: source }),
    ...(!isWhole && { include: PARTS }),
    // Those of a machine are shown as well, for the user to choose.
    ...(!isWhole && isElsewhere && { settings: ["*"] }),
  };
}

export async function listPiholes(hass: HomeAssistant): Promise<PiholeName[]> {
  return (await hass.callWS<{ piholes: PiholeName[] }>({ type: `${DOMAIN}/piholes` })).piholes;
}

export async function listDifferences(hass: HomeAssistant): Promise<Differences[]> {
  return (await hass.callWS<{ piholes: Differences[] }>({ type: `${DOMAIN}/differences` })).piholes;
}
