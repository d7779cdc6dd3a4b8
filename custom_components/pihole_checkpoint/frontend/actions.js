/* What the card asks the server to do. Everything here throws what the server says. */

import { DOMAIN } from "./words.js";

export const LARGEST_UPLOAD = 100 * 1024 * 1024;
/** In one answer. */
export const MOST = 200;
const LINK_SECONDS = 30;

export class Actions {
  /** @param card gives the `hass` of the moment and the Pi-hole's `entryId` */
  constructor(card) {
    this.card = card;
  }

  async call(service, data = {}) {
    const { hass, entryId } = this.card;
    const fields = { config_entry_id: entryId, ...data };
    // An error is told by the card, in its own words, and not by the frontend as well.
    const answer = await hass.callService(DOMAIN, service, fields, undefined, false, true);
    return answer?.response ?? {};
  }

  backUp() {
    return this.call("backup");
  }

  remove(backup) {
    return this.call("delete", { backup_id: backup.id });
  }

  async verify(backup) {
    const { backups } = await this.call("verify", { backup_id: backup.id });
    return backups?.[0] ?? backup;
  }

  pin(backup, pinned) {
    return this.call("update", { backup_id: backup.id, pinned });
  }

  note(backup, note) {
    return this.call("update", { backup_id: backup.id, note });
  }

  compare(backup, otherId) {
    const other = otherId ? { other_backup_id: otherId } : {};
    return this.call("compare", { backup_id: backup.id, ...other });
  }

  /** @param order `{target, parts, updateGravity}`, of which the target is a Pi-hole's entry ID */
  restore(backup, { target, parts, updateGravity }, isDryRun) {
    const { entryId } = this.card;
    return this.call("restore", {
      config_entry_id: target,
      ...(target !== entryId && { source_config_entry_id: entryId }),
      backup_id: backup.id,
      include: parts,
      update_gravity: updateGravity,
      dry_run: isDryRun,
    });
  }

  undoRestore(target = this.card.entryId) {
    return this.call("undo_restore", { config_entry_id: target });
  }

  async piholes() {
    const { piholes } = await this.card.hass.callWS({ type: `${DOMAIN}/piholes` });
    return piholes;
  }

  /** The newest, and more of them than are on screen. */
  async backups() {
    const { hass, entryId } = this.card;
    const message = { type: `${DOMAIN}/backups`, config_entry_id: entryId, limit: MOST };
    return (await hass.callWS(message)).backups;
  }

  /** Through a link that is good for half a minute: a browser sends no token with a download. */
  async download(backup) {
    const { hass, entryId } = this.card;
    const path = `/api/${DOMAIN}/${encodeURIComponent(entryId)}/${encodeURIComponent(backup.id)}`;
    const signed = await hass.callWS({ type: "auth/sign_path", path, expires: LINK_SECONDS });
    const link = document.createElement("a");
    link.href = hass.hassUrl ? hass.hassUrl(signed.path) : signed.path;
    link.download = backup.filename;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  }

  async upload(file) {
    const body = new FormData();
    body.append("file", file);
    const answer = await this.card.hass.fetchWithAuth("/api/file_upload", { method: "POST", body });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const { file_id: uploaded } = await answer.json();
    return this.call("upload", { file: uploaded });
  }
}
