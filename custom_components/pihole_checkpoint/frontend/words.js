/* The card's words: Home Assistant's translations and, until they are there, English. */

import { Format } from "./format.js";

export const DOMAIN = "pihole_checkpoint";

export const ENGLISH = {
  card_name: "Pi-hole Checkpoint",
  card_description: "The backups of a Pi-hole: make, compare, restore and download them.",
  option_pihole: "Pi-hole",
  option_title: "Title",
  option_rows: "Rows per page",
  option_columns: "Columns",
  error_entry: "config_entry_id has to be the entry ID of a Pi-hole.",
  error_title: "title has to be a text.",
  error_rows: "rows has to be a whole number from {min} to {max}.",
  error_columns: "columns has to be a list of these: {names}.",

  column_created: "Created",
  column_filename: "File name",
  column_size: "Size",
  column_trigger: "Trigger",
  column_contents: "Contents",
  column_changes: "Changes",
  column_status: "Status",
  column_actions: "Actions",

  loading: "Loading the backups…",
  no_pihole: "No Pi-hole is set up yet.",
  add_pihole: "Add a Pi-hole",
  several_piholes: "There are several Pi-holes. Edit this card and choose one of them.",
  not_loaded: "This Pi-hole is not loaded. As soon as it is, its backups are shown here.",
  load_failed: "The backups could not be loaded: {reason}",
  try_again: "Try again",
  offline: "The connection to Home Assistant is lost. This is what was known last.",
  unavailable: "The folder with the backups cannot be used at the moment.",
  overdue: "A scheduled backup is missing.",
  last_failed: "The last backup failed {ago}.",

  reachable: "Reachable",
  unreachable: "Not reachable",
  open_pihole: "Open the Pi-hole's web interface",
  last_backup: "Last backup",
  next_backup: "Next backup",
  storage: "Storage",
  storage_free: "{size} free",
  never: "Never",
  not_scheduled: "Not scheduled",
  backups: "Backups",
  last_change: "Last change {ago}",

  backup_now: "Backup now",
  stage_starting: "Starting…",
  stage_connecting: "Connecting…",
  stage_exporting: "Exporting…",
  stage_exporting_size: "Exporting {size}…",
  stage_verifying: "Verifying…",
  stage_storing: "Storing…",
  stage_previewing: "Comparing…",
  stage_applying: "Making changes…",
  stage_importing: "Importing…",
  stage_restarting: "Waiting for the restart…",
  stage_updating_gravity: "Updating the lists…",
  stage_proving: "Verifying the result…",

  trigger_button: "Button",
  trigger_service: "Action",
  trigger_schedule: "Schedule",
  trigger_ha_backup: "Home Assistant backup",
  trigger_before_restore: "Before a restore",
  trigger_after_restore: "After a restore",
  trigger_adopted: "Added",

  count_lists_one: "{count} list",
  count_lists_other: "{count} lists",
  count_domains_one: "{count} domain",
  count_domains_other: "{count} domains",
  count_clients_one: "{count} client",
  count_clients_other: "{count} clients",
  contents_unknown: "Not known",
  changes_none: "No changes",
  changes_first: "First backup",

  status_good: "Good",
  status_damaged: "Damaged",
  status_missing: "File missing",
  status_pinned: "Pinned",
  status_confirmed: "Confirmed again {date}",

  empty: "There are no backups yet.",
  empty_hint: "Press “Backup now” to make the first one.",
  show_more: "Show more",
  count_damaged_one: "{count} damaged",
  count_damaged_other: "{count} damaged",
  shown_of: "{shown} of {total} shown",
  upload: "Upload an archive",
  uploading: "Uploading {name}…",
  drop_here: "Drop the archive here to store it among the backups",

  menu_of: "Actions for the backup of {time}",
  download: "Download",
  restore: "Restore…",
  compare: "Compare…",
  pin: "Pin",
  unpin: "Unpin",
  edit_note: "Note…",
  verify: "Verify",
  delete: "Delete…",
  undo_restore: "Undo restore",

  cancel: "Cancel",
  close: "Close",
  back: "Back",
  save: "Save",
  undo: "Undo",

  restore_title: "Restore a backup",
  backup_of: "Backup of {time}",
  restore_choose: "What is to be restored?",
  restore_choose_hint: "The rest of the Pi-hole stays as it is.",
  restore_to: "Restore to",
  restore_gravity: "Download the lists again",
  restore_gravity_hint: "May take minutes",
  part_settings: "Settings",
  part_dhcp_leases: "DHCP leases",
  part_groups: "Groups",
  part_lists: "Lists",
  part_domains: "Domains",
  part_clients: "Clients",
  parts_hint_settings: "With DNS records and static leases",
  preview: "Preview",
  previewing: "Comparing the backup with the Pi-hole…",
  preview_title: "This would change on the Pi-hole:",
  preview_nothing: "Nothing would change: the Pi-hole is as this backup says.",
  preview_failed: "There is no preview: {reason}",
  restore_warning: "The Pi-hole is backed up first, and restarts: for a moment it does not answer.",
  restore_now: "Restore now",
  restore_anyway: "Restore without a preview",
  restoring: "Restoring…",
  restoring_hint: "You may close this: the restore goes on, and you are told how it ended.",
  restored_title: "Restored",
  restored_proven: "The Pi-hole was read again, and is as the backup says.",
  restored_unproven: "The backup was restored, but that could not be verified.",
  restored_changed: "This has changed:",
  restored_nothing: "Nothing had to be changed.",
  restore_failed_title: "The restore failed",
  undo_title: "Undo the restore",
  undo_question: "The backup from just before the restore is restored. The Pi-hole restarts.",
  undoing: "Taking the restore back…",
  undone_title: "The restore is undone",

  compare_title: "Compare",
  compare_with: "Compare with",
  compare_live: "The Pi-hole as it is now",
  compare_hint_live: "What would change if this backup were restored:",
  compare_hint_other: "What changed from the older to the newer of the two:",
  comparing: "Comparing…",
  compare_same: "Nothing is different.",

  note_title: "Note",
  note_label: "What do you want to remember about this backup?",
  delete_title: "Delete this backup?",
  delete_text: "The archive is deleted for good. The Pi-hole itself is not touched.",
  delete_pinned: "It is pinned.",
  delete_last: "It is the only backup of this Pi-hole.",
  delete_now: "Delete",

  toast_completed: "Backup stored: {name}",
  toast_unchanged: "Nothing has changed. The newest backup is confirmed: {name}",
  toast_failed: "The backup failed. {reason}",
  toast_deadline: "The backup has not ended after {seconds} seconds. The Pi-hole may be busy.",
  toast_damaged: "A backup is damaged: {name}",
  toast_restored: "Restored: {name}",
  toast_restored_unproven: "Restored, but not verified: {name}",
  toast_restore_failed: "The restore failed. {reason}",
  toast_deleted: "Backup deleted: {name}",
  toast_pinned: "Pinned: this backup is kept, whatever the rules say.",
  toast_unpinned: "No longer pinned.",
  toast_noted: "Note saved.",
  toast_verified: "Still what was stored: {name}",
  toast_not_verified: "No longer what was stored: {name}",
  upload_not_zip: "{name} is not a Teleporter archive: those end in .zip.",
  upload_too_large: "{name} is larger than the {size} that can be uploaded.",
  upload_already_stored: "{name} is already stored: it is the backup of {time}.",
  upload_failed: "{name} was not stored. {reason}",
  error_unknown: "Something went wrong; Home Assistant's log may tell more.",
  error_connection: "The connection to Home Assistant broke off.",
};

/** Ask Home Assistant for the translations, once per language. */
export async function loadWords(hass) {
  try {
    await hass.loadBackendTranslation?.("common", DOMAIN);
  } catch {
    // Then it is English.
  }
}

export class Words {
  constructor(hass) {
    this.hass = hass;
    this.format = new Format(hass);
  }

  /** Say something. What is put into the sentence is text, whatever it looks like. */
  say(slug, values = {}) {
    const translated = this.translated(slug, values);
    if (translated) return translated;
    return (ENGLISH[slug] ?? slug).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  translated(slug, values) {
    return this.hass?.localize?.(`component.${DOMAIN}.common.${slug}`, values);
  }

  /** Whether there is something to say. */
  knows(slug) {
    return slug in ENGLISH;
  }

  /** "3 lists" */
  count(noun, count) {
    const values = { count: this.format.number(count) };
    const form = `count_${noun}_${this.format.plural(count)}`;
    return this.translated(form, values) || this.say(`count_${noun}_${count === 1 ? "one" : "other"}`, values);
  }

  /** What is being done, or `null`. */
  stage(pihole) {
    if (!pihole?.stage) return null;
    const bytes = Number(pihole.progress);
    if (pihole.stage === "exporting" && bytes > 0) {
      return this.say("stage_exporting_size", { size: this.format.size(bytes) });
    }
    return this.knows(`stage_${pihole.stage}`) ? this.say(`stage_${pihole.stage}`) : pihole.stage;
  }

  /** What went wrong, in the user's language if Home Assistant has the sentence. */
  async error(error) {
    const { translation_domain: domain, translation_key: slug } = error ?? {};
    if (domain && slug) {
      try {
        const localize = await this.hass.loadBackendTranslation("exceptions", domain);
        const key = `component.${domain}.exceptions.${slug}.message`;
        const text = localize?.(key, error.translation_placeholders ?? {});
        if (text) return text;
      } catch {
        // Then it is what the server says.
      }
    }
    if (error === 3 || error?.error?.code === 3) return this.say("error_connection");
    return error?.message || error?.error?.message || this.say("error_unknown");
  }
}

/** For what is asked outside of a card: the frontend's own `hass`, if there is one. */
export function frontendWords() {
  return new Words(document.querySelector("home-assistant")?.hass ?? { language: "en" });
}
