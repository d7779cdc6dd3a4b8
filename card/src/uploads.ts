/* Archives from the user's computer: chosen, or dropped on the card. */

import { LARGEST_UPLOAD } from "./server.ts";
import type { View } from "./view.ts";
import { plain } from "./words/words.ts";

/** Store files one after the other, and show which one is under way. */
export async function uploadAll(
  view: View,
  files: readonly File[],
  showProgress: (name: string | null) => void,
): Promise<void> {
  for (const file of files) {
    const name = plain(file.name);
    const refusal = refusalOf(view, file, name);
    if (refusal) {
      view.toast(refusal, { id: `upload-${name}`, isFailure: true });
      continue;
    }
    showProgress(name);
    await uploadOne(view, file, name);
  }
  showProgress(null);
}

async function uploadOne({ actions, words, toast }: View, file: File, name: string): Promise<void> {
  const id = `upload-${name}`;
  try {
    const { backups, already_stored: isKnown } = await actions.upload(file);
    const [backup] = backups;
    if (!isKnown || !backup) return; // what was stored is shown as every backup is
    const time = words.format.time(backup.created_at);
    toast(words.say("upload_already_stored", { name, time }), { id });
  } catch (error) {
    const reason = await words.error(error);
    toast(words.say("upload_failed", { name, reason }), { id, isFailure: true });
  }
}

function refusalOf({ words }: View, file: File, name: string): string | null {
  if (!file.name.toLowerCase().endsWith(".zip")) return words.say("upload_not_zip", { name });
  if (file.size <= LARGEST_UPLOAD) return null;
  return words.say("upload_too_large", { name, size: words.format.size(LARGEST_UPLOAD) });
}
