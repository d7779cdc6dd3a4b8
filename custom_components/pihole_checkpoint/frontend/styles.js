/*
 * How the card looks. Colours are Home Assistant's own; where one has to be read, it is mixed with
 * the colour of the text, so that it stands out from the background in every theme.
 */

const COLOURS = `
:host {
  display: block;
  --pc-text: var(--primary-text-color, #141414);
  --pc-faint: var(--secondary-text-color, #5e5e5e);
  --pc-surface: var(--ha-card-background, var(--card-background-color, #fff));
  --pc-line: var(--divider-color, rgb(0 0 0 / 12%));
  --pc-accent: var(--primary-color, #009ac7);
  --pc-good: var(--success-color, #43a047);
  --pc-warn: var(--warning-color, #ffa600);
  --pc-bad: var(--error-color, #db4437);
  --pc-accent-ink: color-mix(in srgb, var(--pc-accent) 45%, var(--pc-text));
  --pc-good-ink: color-mix(in srgb, var(--pc-good) 55%, var(--pc-text));
  --pc-warn-ink: color-mix(in srgb, var(--pc-warn) 40%, var(--pc-text));
  --pc-bad-ink: color-mix(in srgb, var(--pc-bad) 60%, var(--pc-text));
  --pc-highlight: color-mix(in srgb, var(--pc-accent) 18%, transparent);
  --pc-hover: color-mix(in srgb, var(--pc-text) 5%, transparent);
  --pc-round: var(--ha-border-radius-md, 8px);
  --pc-pad: 16px;
  color: var(--pc-text);
  font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, Roboto, sans-serif));
  font-size: 14px;
  line-height: 1.45;
}
[hidden] { display: none !important; }
/* Not hidden: the browser would no longer hold the rows in place when one comes on top. */
ha-card { position: relative; display: block; overflow: clip; }
ha-card:not(:defined) {
  background: var(--pc-surface);
  border: 1px solid var(--pc-line);
  border-radius: var(--ha-card-border-radius, 12px);
}
.card { container: card / inline-size; }
.unseen {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.faint { color: var(--pc-faint); }
.icon { inline-size: 18px; block-size: 18px; fill: currentcolor; flex: none; display: block; }
.spinner {
  inline-size: 14px; block-size: 14px; margin: 2px; flex: none; box-sizing: border-box; display: inline-block;
  border: 2px solid currentcolor; border-block-start-color: transparent; border-radius: 50%;
  animation: spin 0.9s linear infinite;
}
@keyframes spin { to { rotate: 1turn; } }
@media (prefers-reduced-motion: reduce) { .spinner { animation-duration: 6s; } }
:focus-visible { outline: 2px solid var(--pc-accent-ink); outline-offset: 2px; }
:host(:dir(rtl)) :is(.title, .clamped, .note, .reason) { text-align: right; }
`;

const BUTTONS = `
.button, .icon-button, .menu-item { font: inherit; color: inherit; border: 0; cursor: pointer; }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  min-block-size: 40px; padding: 4px 16px; box-sizing: border-box;
  border-radius: var(--ha-border-radius-pill, 9999px); background: transparent;
  color: var(--pc-accent-ink); font-weight: 500; text-decoration: none; text-align: center;
}
.button:hover { background: color-mix(in srgb, var(--pc-accent) 10%, transparent); }
.button.strong { background: color-mix(in srgb, var(--pc-accent) 20%, transparent); }
.button.strong:hover { background: color-mix(in srgb, var(--pc-accent) 30%, transparent); }
.button.danger { color: var(--pc-bad-ink); background: color-mix(in srgb, var(--pc-bad) 18%, transparent); }
.button.danger:hover { background: color-mix(in srgb, var(--pc-bad) 28%, transparent); }
.button[aria-disabled], .button:disabled { cursor: default; }
.button[aria-disabled]:not([aria-busy]), .button:disabled { opacity: 0.5; }
.icon-button {
  display: inline-grid; place-items: center; inline-size: 40px; block-size: 40px; padding: 0;
  border-radius: 50%; background: transparent; color: var(--pc-faint);
}
.icon-button:hover, .icon-button[aria-expanded="true"] { background: var(--pc-hover); color: var(--pc-text); }
.icon-button .icon { inline-size: 22px; block-size: 22px; }
.menu {
  position: fixed; inset: auto; margin: 0; padding: 8px 0; border: 1px solid var(--pc-line); box-sizing: border-box;
  min-inline-size: 190px; max-inline-size: calc(100vw - 8px); z-index: 10;
  background: var(--pc-surface); color: var(--pc-text);
  border-radius: var(--pc-round); box-shadow: 0 6px 24px rgb(0 0 0 / 28%);
}
.menu:not(.open) { display: none; }
.menu-item {
  display: flex; align-items: center; gap: 12px; inline-size: 100%; min-block-size: 40px;
  padding: 4px 16px; background: transparent; text-align: start;
}
.menu-item .icon { color: var(--pc-faint); }
.menu-item:hover, .menu-item:focus { background: var(--pc-hover); }
.menu-item:focus-visible { outline-offset: -2px; }
.menu-item.danger, .menu-item.danger .icon { color: var(--pc-bad-ink); }
`;

const HEADER = `
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; padding: var(--pc-pad) var(--pc-pad) 0; }
.who { flex: 1 1 200px; min-inline-size: 0; }
.do { display: flex; flex-wrap: wrap; gap: 8px; }
.title { margin: 0; font-size: 20px; font-weight: 500; line-height: 1.3; overflow-wrap: anywhere; }
.where { display: flex; flex-wrap: wrap; gap: 2px 12px; color: var(--pc-faint); }
.reach { display: inline-flex; align-items: center; gap: 6px; }
.dot { inline-size: 9px; block-size: 9px; border-radius: 50%; background: var(--pc-good); }
.reach[data-reachable="false"] { color: var(--pc-bad-ink); }
.reach[data-reachable="false"] .dot { background: var(--pc-bad); border-radius: 2px; rotate: 45deg; }
.address { color: inherit; overflow-wrap: anywhere; }
.address:not([href]) { text-decoration: none; }
.backup-now { min-inline-size: 148px; }
.button-icon { display: grid; place-items: center; inline-size: 18px; }
.button-text { font-variant-numeric: tabular-nums; }
.notices:not(:empty) { display: grid; gap: 8px; padding: 12px var(--pc-pad) 0; }
.notice { display: flex; gap: 10px; padding: 10px 12px; border-radius: var(--pc-round); overflow-wrap: anywhere; }
.notice.warning { background: color-mix(in srgb, var(--pc-warn) 14%, transparent); }
.notice.error { background: color-mix(in srgb, var(--pc-bad) 12%, transparent); }
.notice.warning .icon { color: var(--pc-warn-ink); }
.notice.error .icon { color: var(--pc-bad-ink); }
.facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 0; padding: 14px var(--pc-pad) 0; }
.fact { padding: 10px 12px; border-radius: var(--pc-round); background: var(--pc-hover); min-inline-size: 0; }
.fact dt { color: var(--pc-faint); font-size: 12px; }
.fact dd { margin: 0; overflow-wrap: anywhere; }
.fact .value { font-size: 16px; font-weight: 500; }
.fact .more { color: var(--pc-faint); font-size: 12px; }
.fact .more:empty { display: none; }
@container card (max-width: 479px) {
  .facts { grid-template-columns: 1fr 1fr; }
  .fact.last-backup { grid-column: 1 / -1; }
  .do, .do .button { flex: 1 1 auto; }
}
.message { display: grid; justify-items: center; gap: 10px; padding: 28px var(--pc-pad) 32px; text-align: center; }
.message p { margin: 0; max-inline-size: 44ch; overflow-wrap: anywhere; }
.message-sign { color: var(--pc-faint); }
.message-sign .icon, .message-sign .spinner { inline-size: 32px; block-size: 32px; }
`;

const TABLE = `
.bar, .foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; }
.bar { padding: 14px var(--pc-pad) 4px; min-block-size: 40px; }
.bar-title { display: flex; align-items: center; gap: 8px; }
.heading { margin: 0; font-size: 16px; font-weight: 500; }
.count, .damaged-count {
  padding: 0 9px; border-radius: 999px; background: var(--pc-highlight); color: var(--pc-accent-ink);
  font-size: 12px; font-weight: 500; line-height: 22px; font-variant-numeric: tabular-nums;
}
.damaged-count { color: var(--pc-bad-ink); background: color-mix(in srgb, var(--pc-bad) 14%, transparent); }
.bar .button, .foot .button { margin-inline-end: -8px; }
.uploading { display: flex; align-items: center; gap: 8px; padding: 4px var(--pc-pad) 8px; overflow-wrap: anywhere; }
table {
  display: block; inline-size: 100%;
  --pc-created: minmax(0, 1.45fr); --pc-filename: minmax(0, 2fr); --pc-size: 64px;
  --pc-trigger: minmax(0, 1.1fr); --pc-contents: minmax(0, 1.7fr); --pc-changes: minmax(0, 1.8fr);
  --pc-status: minmax(104px, 1.2fr); --pc-actions: 40px;
}
thead, tbody { display: block; }
tbody { overflow: clip; }
tr {
  display: grid; grid-template-columns: var(--pc-tracks); gap: 0 14px; align-items: center;
  padding: 6px var(--pc-pad); border-block-start: 1px solid var(--pc-line);
}
.row { min-block-size: 44px; contain: layout style; }
.row:hover { background: var(--pc-hover); }
thead tr { border: 0; padding-block: 4px; }
th { padding: 0; text-align: start; font-weight: 500; font-size: 12px; color: var(--pc-faint); }
th.actions span { position: absolute; clip-path: inset(50%); inline-size: 1px; overflow: hidden; }
td { padding: 0; }
.first { display: contents; }
.cell { min-inline-size: 0; overflow-wrap: anywhere; }
.created { grid-column: created; } .filename { grid-column: filename; } .size { grid-column: size; }
.trigger { grid-column: trigger; } .contents { grid-column: contents; } .changes { grid-column: changes; }
.status { grid-column: status; } .actions { grid-column: actions; }
.cell.created { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; font-variant-numeric: tabular-nums; }
.cell.size { font-variant-numeric: tabular-nums; }
.created-text { font-weight: 500; }
.file-text { font-size: 12px; }
.clamped, .note { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.note {
  grid-row: 3; grid-column: 1 / -1; justify-self: start; margin-block: 2px 6px; overflow-wrap: anywhere; padding-inline-start: 8px; border-inline-start: 2px solid var(--pc-accent);
  color: var(--pc-faint); font-size: 13px; white-space: pre-line;
}
.badge {
  display: inline-flex; align-items: center; gap: 4px; padding: 1px 8px 1px 6px; border-radius: 999px;
  font-size: 12px; font-weight: 500; line-height: 20px; white-space: nowrap; vertical-align: middle;
}
.badge .icon { inline-size: 14px; block-size: 14px; }
.badge.good { color: var(--pc-good-ink); background: color-mix(in srgb, var(--pc-good) 15%, transparent); }
.badge.damaged, .badge.missing { color: var(--pc-bad-ink); background: color-mix(in srgb, var(--pc-bad) 14%, transparent); }
.badge.pinned { color: var(--pc-accent-ink); background: var(--pc-highlight); }
.confirmed { display: block; color: var(--pc-faint); font-size: 12px; }
.empty { padding: 20px var(--pc-pad) 28px; text-align: center; }
.empty p { margin: 4px 0; }
.empty .icon { inline-size: 40px; block-size: 40px; margin: 0 auto; color: var(--pc-faint); }
.foot { padding: 6px var(--pc-pad) 10px; border-block-start: 1px solid var(--pc-line); }
.shown { color: var(--pc-faint); font-variant-numeric: tabular-nums; }
.veil {
  position: absolute; inset: 6px; z-index: 5; display: grid; place-content: center; justify-items: center; gap: 8px;
  padding: 16px; text-align: center; pointer-events: none; font-weight: 500; color: var(--pc-accent-ink);
  border: 2px dashed var(--pc-accent); border-radius: var(--pc-round);
  background: color-mix(in srgb, var(--pc-surface) 92%, var(--pc-accent));
}
@container card (600px <= width < 900px) {
  /* The changes go below the contents. */
  table[data-columns~="contents"][data-columns~="changes"] {
    --pc-changes: 0px; --pc-created: minmax(0, 2fr); --pc-trigger: minmax(64px, 0.95fr);
    .cell.changes { grid-row: 2; grid-column: contents; color: var(--pc-faint); font-size: 13px; }
    th.changes { inline-size: 0; overflow: hidden; white-space: nowrap; }
    .cell:not(.contents, .changes) { grid-row: 1 / span 2; }
    .cell.contents { align-self: end; }
    .cell.changes { align-self: start; }
  }
}
@container card (width < 600px) {
  thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
  .row {
    grid-template-columns: minmax(0, 1fr) auto 40px; gap: 2px 8px; align-items: start;
    padding: 10px 6px 12px var(--pc-pad);
  }
  .row:dir(rtl) { padding: 10px var(--pc-pad) 12px 6px; }
  .cell { grid-column: 1 / -1; }
  .cell.created { grid-column: 1; grid-row: 1; }
  .cell.status { grid-column: 2; grid-row: 1; text-align: end; max-inline-size: 37cqi; }
  .cell.actions { grid-column: 3; grid-row: 1 / span 2; margin-block: -6px; }
  .cell.trigger { grid-column: 1; grid-row: 2; color: var(--pc-faint); }
  .cell.size { grid-column: 2; grid-row: 2; color: var(--pc-faint); text-align: end; }
  .cell.filename { grid-row: 3; } .cell.contents { grid-row: 4; } .cell.changes { grid-row: 5; } .note { grid-row: 6; margin-block-end: 0; }
  .cell:is(.contents, .changes, .filename), .note { margin-inline-end: 10px; }
}
`;

const DIALOGS = `
dialog {
  inline-size: min(560px, calc(100vw - 24px)); max-block-size: min(720px, calc(100dvh - 24px));
  padding: 0; border: 0; box-sizing: border-box; overflow: hidden;
  color: var(--pc-text); background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
  border-radius: var(--ha-dialog-border-radius, 20px); box-shadow: 0 12px 48px rgb(0 0 0 / 36%);
}
dialog[open] { display: grid; }
dialog::backdrop { background: rgb(0 0 0 / 45%); }
.dialog-box { display: flex; flex-direction: column; min-block-size: 0; max-block-size: inherit; padding: 22px 0 14px; box-sizing: border-box; }
.dialog-box > * { padding-inline: 24px; }
.dialog-box h2 { margin: 0; font-size: 20px; font-weight: 500; line-height: 1.3; outline: none; }
.about { margin: 4px 0 0; overflow-wrap: anywhere; }
.about .faint { font-size: 12px; }
.dialog-body { overflow: auto; min-block-size: 0; padding-block: 4px; }
.dialog-body:empty { display: none; }
.dialog-body p { margin: 8px 0; overflow-wrap: anywhere; }
.dialog-status { display: flex; gap: 8px; overflow-wrap: anywhere; }
.dialog-status:not(:empty) { padding-block: 8px 4px; }
.dialog-status.error { color: var(--pc-bad-ink); }
.dialog-body .dialog-status { padding-inline: 0; }
.dialog-buttons { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding-block-start: 14px; }
fieldset { border: 0; margin: 10px 0 0; padding: 0; min-inline-size: 0; }
legend { padding: 0; font-weight: 500; }
fieldset:disabled { opacity: 0.6; }
.check { display: flex; align-items: center; gap: 12px; min-block-size: 36px; cursor: pointer; }
.check input { inline-size: 18px; block-size: 18px; margin: 0; flex: none; accent-color: var(--pc-accent); }
.field { display: grid; gap: 6px; margin-block: 10px; font-weight: 500; }
select, textarea {
  font: inherit; color: inherit; inline-size: 100%; box-sizing: border-box; padding: 10px 12px;
  border: 1px solid var(--pc-faint); border-radius: var(--pc-round);
  background-color: var(--card-background-color, #fff);
}
textarea { resize: vertical; min-block-size: 96px; }
.sentences {
  margin: 8px 0; padding: 10px 12px 10px 28px; max-block-size: 280px; overflow: auto;
  border-radius: var(--pc-round); background: var(--pc-hover); overflow-wrap: anywhere;
}
.sentences:dir(rtl) { padding: 10px 28px 10px 12px; }
.remarks { margin: 8px 0; padding-inline-start: 20px; }
.chosen { color: var(--pc-faint); }
.warned, .outcome { display: flex; gap: 8px; }
.warned .icon { color: var(--pc-warn-ink); }
.outcome.good .icon { color: var(--pc-good-ink); }
.stages { list-style: none; margin: 8px 0; padding: 0; display: grid; gap: 8px; }
.stages li { display: flex; align-items: center; gap: 10px; }
.stages .icon { color: var(--pc-good-ink); }
.stages li:not(:last-child) { color: var(--pc-faint); }
.progress { overflow-wrap: anywhere; min-block-size: 1.45em; font-size: 12px; }
`;

export const STYLES = [COLOURS, BUTTONS, HEADER, TABLE, DIALOGS].join("");
