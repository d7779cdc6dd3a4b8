/* Changes as sentences and as lines of a list. */

import {
  CHANGES,
  SUBJECTS,
  type Backup,
  type Change,
  type Changes,
  type Count,
} from "../server.ts";
import type { ContentsItem, How, PlanDetail, PlanItem, Subject, Value } from "../server.ts";
import { plain, type Words } from "./words.ts";

/** Of lists: nearly all of them block. */
const USUAL_KIND = "block";
const LONGEST_VALUE = 200;

/** One line of a list: what is different, and how. */
export interface Line {
  subject: Subject;
  name: string;
  kind: string;
  how: How;
  details: string[];
}

/** "2 domains added, 1 domain removed" */
export function headline(words: Words, counts: readonly Count[]): string {
  const said = [...counts]
    .sort(byImportance)
    .map(({ subject, change, count }) =>
      change === "order"
        ? words.say(`change_${subject}_order`)
        : words.count(`change_${subject}_${change}`, count),
    );
  return words.format.begin(words.format.join(said));
}

/** What a row says in bold: what changed since the backup before. */
export function whatChanged(words: Words, backup: Backup): string {
  switch (backup.compared) {
    case "first":
      return words.say("changes_first");
    case "same":
      return words.say("changes_none");
    case "different":
      return headline(words, backup.headline ?? []);
    default:
      return words.say("changes_unknown");
  }
}

/** Return differences as lines, one for each item that is different. */
export function linesOf(words: Words, changes: Changes): Line[] {
  return SUBJECTS.flatMap((subject) => {
    const byItem = Map.groupBy(changes[subject] ?? [], ({ item, kind, change }) =>
      JSON.stringify([item, kind ?? "", isOfItsOwn(change) ? change : "changed"]),
    );
    return [...byItem.values()].flatMap((all) =>
      all[0] ? [lineOf(words, subject, all[0], all)] : [],
    );
  });
}

function lineOf(words: Words, subject: Subject, first: Change, all: readonly Change[]): Line {
  return {
    subject,
    name: first.item,
    kind: first.kind ?? "",
    how: all.length > 1 ? "changed" : first.change,
    // What alone is different is said by the line itself.
    details:
      all.length === 1 && isSwitch(first.change)
        ? []
        : all.flatMap((each) => detail(words, subject, each)),
  };
}

/** Return a change of a plan as a line. */
export function lineOfPlan(words: Words, item: PlanItem): Line {
  const details = item.details.flatMap((each) => detail(words, item.subject, each));
  return { subject: item.subject, name: item.item, kind: item.kind, how: item.change, details };
}

/** Return what is in a backup as a line's gray part. */
export function aboutItem(words: Words, item: ContentsItem): string[] {
  if (item.subject === "settings") return [value(words, item.value ?? null)];
  const about = [kindOf(words, item.kind ?? "")];
  if (item.enabled === false) about.push(words.say("detail_disabled"));
  if (item.comment) about.push(item.comment);
  if (item.groups?.length)
    about.push(words.say("in_groups", { groups: value(words, item.groups) }));
  return about.filter(Boolean).map(plain);
}

/** The name of a line: an order has none. */
export function nameOf(words: Words, line: Pick<Line, "subject" | "name">): string {
  return plain(line.name) || words.say(`subject_${line.subject}`);
}

/** "Allowlist", "Denied domain"; nothing where there is but one kind. */
export function kindOf(words: Words, kind: string): string {
  return kind && kind !== USUAL_KIND ? plain(words.find(`kind_${kind}`) ?? kind) : "";
}

function isSwitch(change: How): boolean {
  return change === "enabled" || change === "disabled";
}

function isOfItsOwn(change: How): boolean {
  return change === "added" || change === "removed" || change === "order";
}

function detail(words: Words, subject: Subject, change: Change | PlanDetail): string[] {
  const { change: how, old = null, new: now = null } = change;
  switch (how) {
    case "enabled":
    case "disabled":
      return [words.say(`detail_${how}`)];
    case "groups":
      return [words.say("detail_groups", { groups: value(words, now) })];
    case "comment": {
      if (subject === "clients" && (old === null || now === null))
        return [value(words, now ?? old)];
      const slug = subject === "groups" ? "label_description" : "label_comment";
      return [
        words.say("item_with_details", { item: words.say(slug), details: fromTo(words, old, now) }),
      ];
    }
    case "changed":
      if (subject !== "settings" || (old === null && now === null)) return [];
      return [fromTo(words, old, now)];
    case "added":
    case "removed": {
      // The value of a setting, or the comment of a client, which is only an address.
      const shown = now ?? old;
      return shown === null ? [] : [value(words, shown)];
    }
    default:
      return [];
  }
}

function fromTo(words: Words, old: Value, now: Value): string {
  return words.say("from_to", { old: value(words, old), new: value(words, now) });
}

function value(words: Words, it: Value): string {
  if (it === null || it === "" || (Array.isArray(it) && !it.length))
    return words.say("value_nothing");
  if (typeof it === "boolean") return words.say(it ? "value_on" : "value_off");
  const text = plain(Array.isArray(it) ? it.map(String).join(", ") : String(it));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function byImportance(one: Count, other: Count): number {
  return (
    SUBJECTS.indexOf(one.subject) - SUBJECTS.indexOf(other.subject) ||
    CHANGES.indexOf(one.change) - CHANGES.indexOf(other.change)
  );
}
