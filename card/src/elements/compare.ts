/* A backup beside another one, its Pi-hole as it is now, or another Pi-hole. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Other } from "../actions.ts";
import { backupBefore } from "../backups.ts";
import type { Backup, Comparison, PiholeName } from "../server.ts";
import { linesOf } from "../words/changes.ts";
import { plain } from "../words/words.ts";
import { bringBack } from "./bring-back.ts";
import { button } from "./button.ts";
import { DialogElement } from "./dialog.ts";
import { define } from "./element.ts";
import { LINES, differenceLine, groupedLines } from "./lines.ts";

const LIVE = "live";
const LONGEST_NAME = 40;

export class Compare extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    backup: { attribute: false },
    backups: { state: true },
    piholes: { state: true },
    choice: { state: true },
    result: { state: true },
  };
  static override styles = [...DialogElement.styles, LINES];

  declare backup: Backup;
  declare backups: readonly Backup[];
  declare piholes: readonly PiholeName[];
  /** "live", a backup's ID, or "pihole:" and an entry's ID. */
  declare choice: string;
  declare result: Comparison | null;

  constructor() {
    super();
    this.backups = [];
    this.piholes = [];
    this.choice = LIVE;
    this.result = null;
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.#begin();
  }

  /** Begin with the difference to the backup before. */
  async #begin(): Promise<void> {
    const { actions, words, feed } = this.view;
    await this.attempt(words.say("comparing"), async () => {
      const [backups, piholes] = await Promise.all([actions.backups(), this.view.piholes()]);
      this.backups = backups.filter(({ id, status }) => id !== this.backup.id && status === "good");
      this.piholes = piholes.filter(({ config_entry_id: id }) => id !== feed.entryId);
      this.choice = backupBefore(this.backups, this.backup)?.id ?? LIVE;
    });
    if (!this.problem) await this.#compare();
  }

  async #compare(): Promise<void> {
    const { actions, words } = this.view;
    const { choice } = this;
    this.result = null;
    await this.attempt(words.say("comparing"), async () => {
      this.result = await actions.compare(this.backup.id, otherOf(choice));
    });
    if (this.choice !== choice) await this.#compare(); // another one was chosen meanwhile
  }

  protected override heading(): string {
    return this.view.words.say("compare_title");
  }

  protected override about(): string {
    const { words } = this.view;
    return words.say("backup_of", { time: words.format.time(this.backup.created_at) });
  }

  protected override body(): TemplateResult {
    const { words } = this.view;
    return html`<label class="field"
        >${words.say("compare_with")}
        <select @change=${(event: Event) => this.#choose(event)}>
          <option value=${LIVE} ?selected=${this.choice === LIVE}>
            ${words.say("compare_live")}
          </option>
          ${this.backups.map(
            (each) =>
              html`<option value=${each.id} ?selected=${each.id === this.choice}>
                ${this.#nameOf(each)}
              </option>`,
          )}
          ${this.piholes.map(({ config_entry_id: id, title }) => {
            const value = `pihole:${id}`;
            return html`<option value=${value} ?selected=${value === this.choice}>
              ${words.say("compare_pihole", { name: plain(title) })}
            </option>`;
          })}
        </select>
      </label>
      <div class="result">${this.result ? this.#differences(this.result) : nothing}</div>`;
  }

  #differences(result: Comparison): TemplateResult {
    const { view } = this;
    const { words } = view;
    const lines = linesOf(words, result.changes);
    if (!lines.length) return html`<p class="same">${words.say("compare_same")}</p>`;
    const source = this.#sourceOfOld(result);
    return html`<p class="faint">${words.say(hintOf(this.choice))}</p>
      ${groupedLines(words, lines, (line) => differenceLine(words, line, bringBack(view, source, line)))}`;
  }

  /** Return the backup by which a difference is taken back onto this Pi-hole. */
  #sourceOfOld({ from, to }: Comparison): Backup | null {
    if (this.choice === LIVE) return this.backup;
    if (from.config_entry_id !== to.config_entry_id) return null;
    const find = (id: string | null) => this.backups.find((each) => each.id === id);
    return from.backup_id === this.backup.id ? this.backup : (find(from.backup_id) ?? null);
  }

  protected override buttons(): TemplateResult {
    return button(this.view.words.say("close"), () => this.close());
  }

  #choose(event: Event): void {
    this.choice = (event.target as HTMLSelectElement).value;
    if (this.busy === null) void this.#compare();
  }

  #nameOf({ created_at: at, note, trigger }: Backup): string {
    const { words } = this.view;
    const what = plain(note ?? "") || words.trigger(trigger);
    const short = what.length > LONGEST_NAME ? `${what.slice(0, LONGEST_NAME - 1)}…` : what;
    return `${words.format.time(at)} · ${short}`;
  }
}

function otherOf(choice: string): Other {
  if (choice === LIVE) return {};
  if (choice.startsWith("pihole:")) return { entryId: choice.slice("pihole:".length) };
  return { backupId: choice };
}

function hintOf(choice: string): string {
  if (choice === LIVE) return "compare_hint_live";
  return choice.startsWith("pihole:") ? "compare_hint_pihole" : "compare_hint_other";
}

define("pihole-checkpoint-compare", Compare);
