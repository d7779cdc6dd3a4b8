/* What a restore would change, with a box for each change. It says what is chosen: "chosen". */

import { css, html, nothing, type TemplateResult } from "lit";
import { countsOf, isAllowed } from "../plan.ts";
import type { PlanItem, RestoreAnswer } from "../server.ts";
import { BASE, FIELDS } from "../styles/base.ts";
import { DIALOG_TEXT } from "../styles/dialog.ts";
import { headline, lineOfPlan, nameOf } from "../words/changes.ts";
import { plain } from "../words/words.ts";
import { CardElement, define, icon } from "./element.ts";
import { LINES, about, andMore, groupedLines } from "./lines.ts";

export class PlanChoice extends CardElement {
  static override properties = {
    ...CardElement.properties,
    plan: { attribute: false },
    chosen: { attribute: false },
    isElsewhere: { attribute: false },
    isWhole: { attribute: false },
  };
  static override styles = [
    BASE,
    FIELDS,
    DIALOG_TEXT,
    LINES,
    css`
      label {
        cursor: pointer;
      }
      .change {
        display: flex;
        gap: 12px;
        flex: 1;
        min-inline-size: 0;
      }
      .change[data-off] {
        cursor: default;
        color: var(--pc-faint);
      }
      .needs {
        display: block;
        font-size: 13px;
        color: var(--pc-warn-ink);
      }
    `,
  ];

  declare plan: RestoreAnswer;
  /** The IDs of the changes that are ticked. */
  declare chosen: ReadonlySet<string>;
  /** Whether another Pi-hole than the backup's own is changed. */
  declare isElsewhere: boolean;
  /** Whether the plan is too long to choose from. */
  declare isWhole: boolean;

  protected override render(): TemplateResult {
    const { words } = this.view;
    const { items } = this.plan;
    if (!items.length) {
      return html`<p class="state same">
          ${icon("check-circle-outline", "good")}<span>${words.say("preview_nothing")}</span>
        </p>
        ${this.#leftOut()}`;
    }
    return html`${items.every(isAllowed) ? nothing : this.#permissionHint()}
      <p>${words.say(this.isElsewhere ? "plan_title_elsewhere" : "plan_title")}</p>
      ${
        this.isWhole
          ? html`<p class="whole">${headline(words, countsOf(this.plan))}</p>`
          : groupedLines(words, items, (item) => this.#box(item), {
              before: (group, name) => this.#groupBox(group, name),
            })
      }
      ${this.#leftOut()}`;
  }

  #permissionHint(): TemplateResult {
    return html`<p class="state permission">
      ${icon("lock-outline", "warn")}<span>${this.view.words.say("needs_permission_hint")}</span>
    </p>`;
  }

  #box(item: PlanItem): TemplateResult {
    const { words } = this.view;
    const line = lineOfPlan(words, item);
    const isOff = !isAllowed(item);
    const needs = item.needs
      .filter((need) => need !== "gravity")
      .map((need) => words.say(`need_${need}`));
    return html`<label class="change" ?data-off=${isOff} data-id=${item.id}>
      <input
        type="checkbox"
        .checked=${this.chosen.has(item.id)}
        ?disabled=${isOff}
        @change=${(event: Event) => this.#tick([item], isChecked(event))}
      />
      <span class="what"
        ><bdi>${nameOf(words, line)}</bdi>
        <span class="faint">${about(words, line, `will_${line.how}`)}</span>
        ${item.brought ? html`<span class="faint">${words.say("brought")}</span>` : nothing}
        ${needs.map((need) => html`<span class="needs">${need}</span>`)}</span
      >
    </label>`;
  }

  #groupBox(items: PlanItem[], name: string): TemplateResult | typeof nothing {
    const allowed = items.filter(isAllowed);
    if (items.length < 2 || !allowed.length) return nothing;
    const ticked = allowed.filter(({ id }) => this.chosen.has(id)).length;
    return html`<input
      type="checkbox"
      aria-label=${name}
      .checked=${ticked === allowed.length}
      .indeterminate=${ticked > 0 && ticked < allowed.length}
      @change=${(event: Event) => this.#tick(allowed, isChecked(event))}
    />`;
  }

  #tick(items: readonly PlanItem[], isTicked: boolean): void {
    const chosen = new Set(this.chosen);
    for (const { id } of items) {
      if (isTicked) chosen.add(id);
      else chosen.delete(id);
    }
    this.dispatchEvent(new CustomEvent("chosen", { detail: chosen }));
  }

  #leftOut(): TemplateResult | typeof nothing {
    const { words } = this.view;
    const { left_out: leftOut, more_left_out: more = [] } = this.plan;
    if (!leftOut.length) return nothing;
    const number = more.reduce((sum, { count }) => sum + count, leftOut.length);
    return html`<details class="left-out">
      <summary>${words.count("left_out", number)}</summary>
      ${groupedLines(
        words,
        leftOut,
        (item) =>
          html`<div class="what">
            <bdi>${plain(item.item)}</bdi>
            <span class="faint">${words.say(`left_out_${item.reason}`)}</span>
          </div>`,
      )}
      ${andMore(words, more)}
    </details>`;
  }
}

function isChecked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}

define("pihole-checkpoint-plan-choice", PlanChoice);
