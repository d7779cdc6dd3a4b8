/* What happened to the backups, told in toasts; and what should have happened by now. */

import { plain } from "./dom.js";

const GRACE = 1;

/** Pi-holes for which a press of the button in this browser has not been answered yet. */
const pressed = new Map();

export class Happenings {
  constructor(card) {
    this.card = card;
    this.run = null;
  }

  /** The answer to a press tells of a failure in the user's language: no need to tell it twice. */
  expect() {
    const id = this.card.entryId;
    pressed.set(id, (pressed.get(id) ?? 0) + 1);
    return () => pressed.set(id, pressed.get(id) - 1);
  }

  tell(type, data) {
    const { card } = this;
    const { words, entryId } = card;
    if (!words || card.preview) return;
    const name = plain(data.filename);
    const reason = data.message ?? "";
    const show = (slug, options = {}) =>
      card.toasts.show(words.say(slug, { name, reason }), { id: `attempt-${entryId}`, ...options });
    switch (type) {
      case "completed":
        show("toast_completed");
        break;
      case "unchanged":
        show("toast_unchanged");
        break;
      case "failed":
        if (!pressed.get(entryId)) show("toast_failed", { important: true });
        break;
      case "damaged":
        show("toast_damaged", { id: `damaged-${data.backup_id}`, important: true });
        break;
      case "restored": {
        const canUndo = card.isAdmin && data.safety_backup_id;
        const slug = data.proven === false ? "toast_restored_unproven" : "toast_restored";
        const action = { text: words.say("undo"), action: () => card.undo(true) };
        const options = { id: `restore-${entryId}`, important: true, ...(canUndo && { action }) };
        this.inDialogOr(() => show(slug, options));
        break;
      }
      case "restore_failed":
        if (card.dialog?.isShowingRestore) {
          // What was refused changed nothing: to undo would take back the restore before it.
          card.dialog.hasBegun = Boolean(data.safety_backup_id) && data.reason !== "restore_refused";
        } else show("toast_restore_failed", { id: `restore-${entryId}`, important: true });
        break;
    }
  }

  /** While a dialog is open nothing below it can be pressed, a toast's button neither. */
  inDialogOr(show) {
    const { dialog } = this.card;
    if (dialog?.isShowingRestore) dialog.afterwards = show;
    else show();
  }

  /** Warn once when a backup has not ended in time. By the clock here: the server's may differ. */
  watch(pihole) {
    if (!pihole?.running) {
      this.forget();
      return;
    }
    if (this.run || !pihole.deadline) return;
    const { card } = this;
    const { deadline } = pihole;
    this.run = setTimeout(() => {
      const text = card.words.say("toast_deadline", { seconds: card.words.format.number(deadline) });
      if (!card.preview) card.toasts.show(text, { id: `attempt-${card.entryId}`, important: true });
    }, (deadline + GRACE) * 1000);
  }

  forget() {
    clearTimeout(this.run);
    this.run = null;
  }
}
