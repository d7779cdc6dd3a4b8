/* What is in one backup, and a search in it. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Contents } from "../server.ts";
import { BASE, FIELDS } from "../styles/base.ts";
import { DIALOG_TEXT } from "../styles/dialog.ts";
import { aboutItem, nameOf } from "../words/changes.ts";
import { button } from "./button.ts";
import { CardElement, define, outside, spinner } from "./element.ts";
import { LINES, groupedLines } from "./lines.ts";

const FOUND_AT_ONCE = 50;
const MOST_FOUND = 200;
const TYPING_MS = 250;

export class BackupContents extends CardElement {
  static override properties = {
    ...CardElement.properties,
    backupId: { attribute: false },
    contents: { state: true },
    problem: { state: true },
    limit: { state: true },
  };
  static override styles = [BASE, FIELDS, DIALOG_TEXT, LINES];

  declare backupId: string;
  declare contents: Contents | null;
  declare problem: string | null;
  declare limit: number;
  #search = "";
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.contents = null;
    this.problem = null;
    this.limit = FOUND_AT_ONCE;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    void this.#find();
  }

  async #find(): Promise<void> {
    const [search, limit] = [this.#search, this.limit];
    // Answers may overtake each other while somebody types.
    const isAsked = () => search === this.#search && limit === this.limit;
    try {
      const contents = await this.view.actions.contents(this.backupId, search, limit);
      if (!isAsked()) return;
      this.contents = contents;
      this.problem = null;
    } catch (error) {
      const problem = await this.view.words.error(error);
      if (isAsked()) this.problem = problem;
    }
  }

  protected override render(): TemplateResult {
    return html`${this.contents ? this.#body(this.contents) : nothing}
      <div role="status">${this.#status()}</div>`;
  }

  #status(): TemplateResult | typeof nothing {
    if (this.problem !== null) return html`<p class="state bad">${outside(this.problem)}</p>`;
    if (this.contents) return nothing;
    const text = this.view.words.say("loading_details");
    return html`<p class="state">${spinner()}<span>${text}</span></p>`;
  }

  #body({ counts, found, items }: Contents): TemplateResult {
    const { words } = this.view;
    const held = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([subject, count]) => words.count(`count_${subject}`, count));
    const number = Object.values(found).reduce((sum, each) => sum + each, 0);
    return html`<h3>${words.say("column_contents")}</h3>
      <p class="counts faint">${words.format.join(held)}</p>
      <input
        type="search"
        aria-label=${words.say("search_contents")}
        placeholder=${words.say("search_contents")}
        @input=${(event: InputEvent) => this.#searchSoon((event.target as HTMLInputElement).value)}
      />
      <div class="found" aria-live="polite">
        ${number === 0 ? html`<p class="faint">${words.say("nothing_found")}</p>` : nothing}
        ${groupedLines(
          words,
          items,
          (item) =>
            html`<div class="what">
              <bdi>${nameOf(words, { subject: item.subject, name: item.item })}</bdi>
              <span class="faint">${aboutItem(words, item).join(" · ")}</span>
            </div>`,
          { counts: found },
        )}
        ${number > items.length ? this.#more(items.length, number) : nothing}
      </div>`;
  }

  #more(shown: number, total: number): TemplateResult {
    const { words } = this.view;
    if (this.limit >= MOST_FOUND) {
      return html`<p class="faint">
        ${words.say("shown_of", {
          shown: words.format.number(shown),
          total: words.format.number(total),
        })}
      </p>`;
    }
    return button(words.say("show_more"), () => {
      this.limit = MOST_FOUND;
      void this.#find();
    });
  }

  #searchSoon(text: string): void {
    this.#search = text.trim();
    this.limit = FOUND_AT_ONCE;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#find(), TYPING_MS);
  }
}

define("pihole-checkpoint-contents", BackupContents);
