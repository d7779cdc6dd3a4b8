/* What of a plan is chosen. Pure functions. */

import type { Count, PlanItem, Remark, RestoreAnswer, Way } from "./server.ts";
import type { Wanted } from "./view.ts";

/** What an app password needs that may not change settings. */
const PERMISSION = "permission";
const RESTART = "restart";
const GRAVITY = "gravity";
/** With more changes than these, an import may be quicker. */
const MANY = 150;
/** With more changes than these, the server chooses an import by itself. */
const MOST_LIVE = 200;
const IN_LISTS = new Set([
  "remark_forced_settings",
  "remark_unknown_settings",
  "remark_read_only",
  "remark_own_settings",
  "remark_machine_settings",
  "remark_locking_settings",
  "remark_app_sudo_stays",
  "remark_kept_groups",
  "remark_default_group",
  "remark_brought_groups",
  "remark_refused",
  "remark_gravity_complained",
]);

/** Return whether the Pi-hole lets us make a change. */
export function isAllowed({ needs }: PlanItem): boolean {
  return !needs.includes(PERMISSION);
}

/**
 * Return the IDs that a dialog begins with: one item if one was asked for, otherwise what is right
 * for most: on another Pi-hole no settings of a machine, and nowhere leases, which are older than
 * the Pi-hole's own.
 */
export function chosenAtFirst(
  items: readonly PlanItem[],
  { isElsewhere, wanted }: { isElsewhere: boolean; wanted?: Wanted | undefined },
): Set<string> {
  const isUsual = wanted
    ? (item: PlanItem) =>
        item.subject === wanted.subject && item.item === wanted.name && item.kind === wanted.kind
    : (item: PlanItem) => item.subject !== "leases" && !(isElsewhere && item.of_machine);
  return new Set(items.filter((item) => isAllowed(item) && isUsual(item)).map(({ id }) => id));
}

/** Return the ways that a user can choose from, the quicker one first; nothing if there is but one. */
export function waysFor(
  plan: RestoreAnswer,
  chosen: ReadonlySet<string>,
  isWhole = false,
): Way["way"][] {
  if (isWhole) return plan.ways.length > 1 ? plan.ways.map(({ way }) => way) : [];
  const canImport = plan.ways.some(({ way }) => way === "import");
  if (chosen.size <= MANY || !canImport || restarts(plan.items, chosen)) return [];
  return chosen.size > MOST_LIVE ? ["import", "live"] : ["live", "import"];
}

/** Return the remarks that say something which the lists of a plan or a result do not show. */
export function isRemarkShown({ key }: Remark): boolean {
  return !IN_LISTS.has(key);
}

/** Return whether some of the chosen changes make the Pi-hole restart. */
export function restarts(items: readonly PlanItem[], chosen: ReadonlySet<string>): boolean {
  return items.some(({ id, needs }) => chosen.has(id) && needs.includes(RESTART));
}

/** Return whether lists have to be downloaded for the chosen changes. */
export function needsGravity(items: readonly PlanItem[], chosen: ReadonlySet<string>): boolean {
  return items.some(({ id, needs }) => chosen.has(id) && needs.includes(GRAVITY));
}

/** Return how many changes were made. */
export function numberDone({ items, more_items: more = [] }: RestoreAnswer): number {
  const named = items.filter(({ outcome }) => outcome === "done").length;
  return more.reduce((sum, { outcome, count }) => sum + (outcome === "done" ? count : 0), named);
}

/** Return how many changes of each kind a plan has, also those that it does not name. */
export function countsOf({ items, more_items: more = [] }: RestoreAnswer): Count[] {
  const counts = new Map<string, Count>();
  const all = [...items.map(({ subject, change }) => ({ subject, change, count: 1 })), ...more];
  for (const { subject, change, count } of all) {
    const key = `${subject} ${change}`;
    const before = counts.get(key)?.count ?? 0;
    counts.set(key, { subject, change, count: before + count });
  }
  return [...counts.values()];
}

/** The four steps of a restore. */
export const STEPS = ["check", "back_up", "apply", "verify"] as const;
export type Step = (typeof STEPS)[number];

const STEP_OF: Partial<Record<string, Step>> = {
  storing: "back_up",
  applying: "apply",
  importing: "apply",
  restarting: "apply",
  updating_gravity: "apply",
  proving: "verify",
};

/** Return the step that a restore is at. It never goes back: the Pi-hole is exported twice. */
export function stepAfter(before: Step, stage: string | null): Step {
  const now = STEP_OF[stage ?? ""] ?? "check";
  return STEPS.indexOf(now) > STEPS.indexOf(before) ? now : before;
}
