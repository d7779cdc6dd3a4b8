/* What the integration sends: messages of the feed, answers of commands and of actions. */

export const DOMAIN = "pihole_checkpoint";
/** The most backups in one answer. */
export const MOST_BACKUPS = 200;
export const LARGEST_UPLOAD = 100 * 1024 * 1024;
export const LONGEST_NOTE = 2000;

/** The kinds of things in a backup, in the order in which they are shown. */
export const SUBJECTS = [
  "lists",
  "domains",
  "clients",
  "groups",
  "dns_hosts",
  "cnames",
  "static_leases",
  "settings",
  "files",
  "leases",
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** How a thing changes, in the order of a sentence. */
export const CHANGES = [
  "enabled",
  "disabled",
  "added",
  "removed",
  "changed",
  "comment",
  "groups",
  "order",
] as const;
export type How = (typeof CHANGES)[number];

export type Value = string | number | boolean | null | Value[];

export interface Count {
  subject: Subject;
  change: How;
  count: number;
}

export interface Change {
  change: How;
  item: string;
  kind?: string;
  old?: Value;
  new?: Value;
}

export type Changes = Partial<Record<Subject, Change[]>>;

export type Status = "good" | "damaged" | "missing";

export interface Backup {
  config_entry_id: string;
  id: string;
  filename: string;
  file_size: number;
  status: Status;
  created_at: string;
  trigger: string;
  sha256: string;
  pinned: boolean;
  note: string | null;
  confirmed_at: string | null;
  contents: Record<string, number> | null;
  headline: Count[] | null;
  compared: "first" | "same" | "different" | "unknown";
}

export interface Attempt {
  at: string;
  result: string;
  message: string | null;
}

/** What takes the last restore back, or the undoing of it. */
export interface TakingBack {
  kind: "undo" | "redo";
  backup_id: string;
  at: string;
}

export interface Pihole {
  config_entry_id: string;
  title: string;
  url: string;
  available: boolean;
  storage_message: string | null;
  reachable: boolean;
  stage: string | null;
  progress: string | number | null;
  running: boolean;
  deadline: number;
  next_run: string | null;
  overdue: boolean;
  last_backup: string | null;
  last_change: { at: string; summary: string[]; headline?: Count[] } | null;
  attempt: Attempt | null;
  count: number | null;
  damaged: number;
  storage_used: number | null;
  free_space: number | null;
  can_undo: boolean;
  restore: TakingBack | null;
  permission: "yes" | "no" | "unknown";
}

export interface Happening {
  backup_id?: string;
  filename?: string;
  message?: string;
  reason?: string;
  proven?: boolean;
  safety_backup_id?: string | null;
  headline?: Count[] | null;
}

export type Message =
  | { kind: "snapshot"; pihole: Pihole; backups: Backup[]; total: number }
  | {
      kind: "update";
      pihole?: Partial<Pihole>;
      added?: Backup[];
      changed?: Backup[];
      removed?: string[];
      total?: number;
    }
  | { kind: "happening"; type: string; data?: Happening }
  | { kind: "unloaded" };

export interface PiholeName {
  config_entry_id: string;
  title: string;
}

export interface Differences extends PiholeName {
  differences: number | null;
  /** The ID of the current backup, by which the Pi-hole was compared. */
  backup_id: string | null;
}

export interface Remark {
  key: string;
  placeholders: Record<string, string>;
}

export interface PlanDetail {
  change: How;
  old: Value;
  new: Value;
}

/** What became of a change; `null` in a plan. */
export type Outcome = "done" | "refused" | "not_done" | "unknown" | null;

export interface PlanItem {
  id: string;
  subject: Subject;
  change: How;
  item: string;
  kind: string;
  details: PlanDetail[];
  needs: string[];
  /** A group that comes along because something in it is restored. */
  brought: boolean;
  /** A setting that belongs to one machine and its network. */
  of_machine?: boolean;
  outcome?: Outcome;
  reason?: string | null;
}

export interface LeftOut extends Omit<PlanItem, "needs" | "brought" | "outcome"> {
  reason: string;
}

export interface Way {
  way: "live" | "import";
  requests: number;
  restarts: boolean;
}

/** A plan, or what became of it. */
export interface RestoreAnswer {
  config_entry_id: string;
  backup_id: string;
  dry_run: boolean;
  proven: boolean | null;
  gravity_updated: boolean;
  remarks: string[];
  remark_details?: Remark[];
  safety_backup: Backup | null;
  plan: string;
  way: "live" | "import" | null;
  items: PlanItem[];
  /** What a huge restore has beside `items`. */
  more_items?: (Count & { outcome: Outcome })[];
  left_out: LeftOut[];
  more_left_out?: Count[];
  ways: Way[];
}

export interface Comparison {
  from: { config_entry_id: string; backup_id: string | null };
  to: { config_entry_id: string; backup_id: string | null };
  changes: Changes;
  headline?: Count[];
}

export interface StoredChanges {
  changes: Changes;
  left_out: Count[];
  compared: Backup["compared"];
}

export interface ContentsItem {
  subject: Subject;
  item: string;
  kind?: string;
  enabled?: boolean;
  comment?: string;
  groups?: string[];
  value?: Value;
}

export interface Contents {
  counts: Partial<Record<Subject, number>>;
  found: Partial<Record<Subject, number>>;
  items: ContentsItem[];
}
