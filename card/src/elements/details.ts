/* All there is to know about one backup, and what can be done with it. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { backupBefore } from "../backups.ts";
import { confirm } from "../home-assistant.ts";
import { LONGEST_NOTE, type Backup, type StoredChanges } from "../server.ts";
import { linesOf, whatChanged, type Line } from "../words/changes.ts";
import { bringBack } from "./bring-back.ts";
import { button } from "./button.ts";
import { DialogElement } from "./dialog.ts";
import "./contents.ts";
import { define, outside } from "./element.ts";
import { LINES, andMore, differenceLine, groupedLines } from "./lines.ts";

export class Details extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    backup: { attribute: false },
    changes: { state: true },
    previous: { state: true },
  };
  static override styles = [
    ...DialogElement.styles,
    LINES,
    css`
      .do {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        margin-block: 8px;
        margin-inline-start: -8px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(72px, auto) 1fr;
        gap: 4px 16px;
        margin: 8px 0;
      }
      dt {
        color: var(--pc-faint);
      }
      dd {
        margin: 0;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .mono {
        font-family: var(--ha-font-family-code, monospace);
        font-size: 12px;
      }
      .save-note {
        justify-self: end;
      }
    `,
  ];

  declare backup: Backup;
  declare changes: StoredChanges | null;
  /** The backup before this one, from which what changed can be brought back. */
  declare previous: Backup | null;
  #note: string | null = null;

  constructor() {
    super();
    this.changes = null;
    this.previous = null;
  }

  /** The backup as it is now: it may be pinned, or damaged, meanwhile. */
  get #now(): Backup {
    return this.view.feed.find(this.backup.id) ?? this.backup;
  }

  get #isNoteChanged(): boolean {
    return this.#note !== null && this.#note !== (this.#now.note ?? "");
  }

  protected override isKept(): boolean {
    return this.#isNoteChanged;
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    if (this.view.isAdmin) void this.#load();
  }

  /** Meanwhile something can be done with the backup: this does not make the dialog busy. */
  async #load(): Promise<void> {
    try {
      this.changes = await this.view.actions.changes(this.backup.id);
      if (!Object.keys(this.changes.changes).length) return;
      this.previous = backupBefore(await this.view.actions.backups(), this.backup);
    } catch (error) {
      this.problem = await this.view.words.error(error);
    }
  }

  protected override heading(): string {
    return whatChanged(this.view.words, this.#now);
  }

  protected override about(): string {
    const { format } = this.view.words;
    const at = this.backup.created_at;
    return `${format.time(at)} · ${format.relative(at)}`;
  }

  protected override body(): TemplateResult {
    const { view, backup } = this;
    if (!view.isAdmin) return html`${this.#facts()}`;
    return html`${this.#actions()} ${this.#changes()} ${this.#facts()} ${this.#noteField()}
    ${
      backup.status === "good"
        ? html`<pihole-checkpoint-contents
            .view=${view}
            .backupId=${backup.id}
          ></pihole-checkpoint-contents>`
        : nothing
    }`;
  }

  protected override buttons(): TemplateResult {
    return button(this.view.words.say("close"), () => this.close());
  }

  #actions(): TemplateResult {
    const { words, isReady } = this.view;
    const backup = this.#now;
    const act = (slug: string, iconName: string, run: () => void, isShown = true) =>
      isShown
        ? button(words.say(slug), run, { iconName, isOff: !isReady, name: `act-${slug}` })
        : nothing;
    const isGood = backup.status === "good";
    return html`<div class="do">
      ${act("restore", "backup-restore", () => this.view.open({ kind: "restore", backup }), isGood)}
      ${act("compare", "compare", () => this.view.open({ kind: "compare", backup }), isGood)}
      ${act("download", "download", () => void this.#download(), backup.status !== "missing")}
      ${act(backup.pinned ? "unpin" : "pin", backup.pinned ? "pin-off" : "pin", () => void this.#pin())}
      ${act("verify", "shield-check-outline", () => void this.#verify())}
      ${act("copy_id", "content-copy", () => void this.#copyId())}
      ${act("delete", "delete-outline", () => void this.#delete())}
    </div>`;
  }

  #changes(): TemplateResult | typeof nothing {
    const { words } = this.view;
    if (!this.changes) return nothing;
    const { changes, left_out: leftOut } = this.changes;
    const lines = linesOf(words, changes);
    if (!lines.length) return nothing;
    return html`<h3>${words.say("details_changes")}</h3>
      ${groupedLines(words, lines, (line) => differenceLine(words, line, this.#bringBack(line)))}
      ${andMore(words, leftOut)}`;
  }

  /** What was added is not brought back: that would be to remove it. */
  #bringBack(line: Line): TemplateResult | typeof nothing {
    return line.how === "added" ? nothing : bringBack(this.view, this.previous, line);
  }

  #facts(): TemplateResult {
    const { words } = this.view;
    const backup = this.#now;
    const row = (slug: string, value: TemplateResult | string) =>
      html`<dt>${words.say(slug)}</dt>
        <dd>${value}</dd>`;
    return html`<dl>
      ${
        backup.status === "good"
          ? nothing
          : row(
              "column_status",
              html`<span class="bad">${words.say(`status_${backup.status}`)}</span>`,
            )
      }
      ${row("column_trigger", words.trigger(backup.trigger))}
      ${backup.confirmed_at ? row("confirmed", words.format.time(backup.confirmed_at)) : nothing}
      ${row("column_filename", outside(backup.filename))}
      ${row("column_size", words.format.size(backup.file_size))}
      ${row("checksum", html`<span class="mono">${backup.sha256}</span>`)}
      ${row("backup_id", html`<span class="mono id">${backup.id}</span>`)}
      ${backup.note && !this.view.isAdmin ? row("note_title", outside(backup.note)) : nothing}
    </dl>`;
  }

  #noteField(): TemplateResult {
    const { words, isReady } = this.view;
    const { note } = this.#now;
    const typed = (event: InputEvent) => {
      this.#note = (event.target as HTMLTextAreaElement).value;
      this.requestUpdate();
    };
    return html`<label class="field"
        >${words.say("note_title")}
        <textarea
          rows="2"
          maxlength=${LONGEST_NOTE}
          dir="auto"
          .value=${this.#note ?? note ?? ""}
          placeholder=${words.say("note_label")}
          @input=${typed}
        ></textarea>
      </label>
      ${
        this.#isNoteChanged
          ? button(words.say("save"), () => void this.#saveNote(), {
              looks: "filled",
              isOff: !isReady,
              name: "save-note",
            })
          : nothing
      }`;
  }

  async #download(): Promise<void> {
    await this.#act(() => this.view.actions.download(this.backup));
  }

  async #pin(): Promise<void> {
    const { actions, words, toast } = this.view;
    const pinned = !this.#now.pinned;
    await this.#act(async () => {
      await actions.update(this.backup.id, { pinned });
      toast(words.say(pinned ? "toast_pinned" : "toast_unpinned"), { id: "pin" });
    });
  }

  async #verify(): Promise<void> {
    const { actions, words, toast } = this.view;
    await this.#act(async () => {
      const verified = await actions.verify(this.backup);
      const isGood = verified.status === "good";
      toast(words.say(isGood ? "toast_verified" : "toast_not_verified"), {
        id: `verified-${this.backup.id}`,
        isFailure: !isGood,
      });
    });
  }

  async #copyId(): Promise<void> {
    const { words, toast } = this.view;
    // Browsers offer the clipboard only over HTTPS: then the ID is selected, to be copied by hand.
    try {
      await navigator.clipboard.writeText(this.backup.id);
      toast(words.say("toast_copied"), { id: "copied" });
    } catch {
      const shown = this.renderRoot.querySelector(".id");
      if (!shown) return;
      shown.scrollIntoView({ block: "nearest" });
      getSelection()?.selectAllChildren(shown);
    }
  }

  async #saveNote(): Promise<void> {
    const { actions, words, toast } = this.view;
    const note = this.#note?.trim() ?? "";
    await this.#act(async () => {
      await actions.update(this.backup.id, { note });
      this.#note = null;
      toast(words.say("toast_noted"), { id: "note" });
    });
  }

  async #delete(): Promise<void> {
    const { actions, words, toast, feed } = this.view;
    const backup = this.#now;
    const isLast = feed.pihole?.count === 1 && backup.status === "good";
    const warnings = [
      words.say("delete_text"),
      backup.pinned ? words.say("delete_pinned") : "",
      isLast ? words.say("delete_last") : "",
    ];
    const isSure = await confirm(this, {
      title: words.say("delete_title"),
      text: warnings.filter(Boolean).join(" "),
      confirmText: words.say("delete_now"),
      dismissText: words.say("cancel"),
      destructive: true,
    });
    if (!isSure) return;
    await this.#act(async () => {
      await actions.delete(backup.id);
      this.close();
      toast(words.say("toast_deleted", { time: words.format.time(backup.created_at) }), {
        id: `deleted-${backup.id}`,
      });
    });
  }

  #act(work: () => Promise<void>): Promise<void> {
    return this.attempt(this.view.words.say("one_moment"), work);
  }
}

define("pihole-checkpoint-details", Details);
