/* What happened to the backups, as toasts. */

import type { Count, Happening } from "./server.ts";
import type { ToastOptions } from "./toasts.ts";
import type { View } from "./view.ts";
import { headline } from "./words/changes.ts";
import { wholeSentence } from "./words/words.ts";

/** Pi-holes for which a press of the button in this browser has not been answered yet. */
const pressed = new Map<string, number>();

/** The answer to a press says why it failed: then the happening need not say so, too. */
export function expectAnswer(entryId: string): () => void {
  pressed.set(entryId, (pressed.get(entryId) ?? 0) + 1);
  return () => {
    pressed.set(entryId, (pressed.get(entryId) ?? 1) - 1);
  };
}

export function showHappening(view: View, type: string, data: Happening): void {
  const { words, feed, toast } = view;
  const { entryId } = feed;
  const reason = wholeSentence(data.message);
  const attempt = `attempt-${entryId}`;
  const restore = `restore-${entryId}`;
  switch (type) {
    case "completed": {
      toast(completed(view, data.headline ?? null), { id: attempt });
      break;
    }
    case "unchanged":
      toast(words.say("toast_unchanged"), { id: attempt });
      break;
    case "failed":
      if (pressed.get(entryId)) break;
      toast(words.say("toast_failed", { reason }), { id: attempt, isFailure: true });
      break;
    case "damaged":
      toast(words.say("toast_damaged"), { id: `damaged-${data.backup_id ?? ""}`, isFailure: true });
      break;
    case "restored":
      toast(...restored(view, data));
      break;
    case "restore_failed":
      toast(words.say("toast_restore_failed", { reason }), { id: restore, isFailure: true });
      break;
  }
}

function completed({ words, feed }: View, changes: readonly Count[] | null): string {
  if (changes?.length) {
    return words.say("toast_completed_changes", { changes: headline(words, changes) });
  }
  if (changes) return words.say("toast_completed_same");
  // Not only the first backup has none to be compared with: an archive from outside may be older.
  return words.say(feed.pihole?.count === 1 ? "toast_completed_first" : "toast_completed");
}

/** A restore can be undone at once; what was just undone, made again. */
function restored(view: View, data: Happening): [string, ToastOptions] {
  const { words, feed, isAdmin, open } = view;
  const { entryId } = feed;
  const wasUndone = feed.pihole?.restore?.kind === "redo";
  const verified = wasUndone ? "undone_title" : "toast_restored";
  const text = words.say(data.proven === false ? "toast_restored_unproven" : verified);
  const action = {
    text: words.say(wasUndone ? "redo" : "undo"),
    action: () => open({ kind: "undo", entryId, isDecided: true }),
  };
  return [text, { id: `restore-${entryId}`, ...(isAdmin && data.safety_backup_id && { action }) }];
}
