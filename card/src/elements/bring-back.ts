/* Take back a single difference: the plan of a restore, with only this change chosen. */

import { nothing, type TemplateResult } from "lit";
import type { Backup } from "../server.ts";
import type { View } from "../view.ts";
import type { Line } from "../words/changes.ts";
import { button } from "./button.ts";

/** @param source the backup in which it still is as it should be */
export function bringBack(
  { words, isReady, open }: View,
  source: Backup | null,
  line: Line,
): TemplateResult | typeof nothing {
  if (!source || !canBeRestored(line)) return nothing;
  const wanted = { subject: line.subject, name: line.name, kind: line.kind };
  return button(words.say("bring_back"), () => open({ kind: "restore", backup: source, wanted }), {
    isOff: !isReady,
    name: "bring-back",
  });
}

/** Files are stored and compared, but no Pi-hole takes them back. */
function canBeRestored({ subject }: Line): boolean {
  return subject !== "files";
}
