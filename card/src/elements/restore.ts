/* Restore a backup: its plan, with a box for each change; how it goes; what became of it. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { RestoreOrder } from "../actions.ts";
import { chosenAtFirst, countsOf, needsGravity, restarts, waysFor } from "../plan.ts";
import type { Backup, PiholeName, RestoreAnswer, Way } from "../server.ts";
import type { Wanted } from "../view.ts";
import { plain } from "../words/words.ts";
import { button } from "./button.ts";
import { define, icon, outside } from "./element.ts";
import "./plan-choice.ts";
import { ChangingDialog } from "./steps.ts";

export class Restore extends ChangingDialog {
  static override properties = {
    ...ChangingDialog.properties,
    backup: { attribute: false },
    wanted: { attribute: false },
    piholes: { state: true },
    chosenTarget: { state: true },
    plan: { state: true },
    chosen: { state: true },
    way: { state: true },
    gravity: { state: true },
    planRemarks: { state: true },
    isWhole: { state: true },
  };
  static override styles = [
    ...ChangingDialog.styles,
    css`
      label {
        cursor: pointer;
      }
      .choice {
        display: flex;
        gap: 12px;
        align-items: center;
        min-block-size: 36px;
      }
      fieldset {
        border: 0;
        margin: 12px 0 0;
        padding: 0;
      }
      legend {
        padding: 0;
        font-weight: 500;
      }
    `,
  ];

  declare backup: Backup;
  declare wanted: Wanted | undefined;
  declare piholes: readonly PiholeName[];
  declare chosenTarget: string | null;
  declare plan: RestoreAnswer | null;
  declare chosen: ReadonlySet<string>;
  declare way: Way["way"] | null;
  /** `null`: when a list needs it. */
  declare gravity: boolean | null;
  declare planRemarks: readonly string[];
  /** Whether the plan is too long to choose from: all of it is restored. */
  declare isWhole: boolean;

  constructor() {
    super();
    this.wanted = undefined;
    this.piholes = [];
    this.chosenTarget = null;
    this.plan = null;
    this.chosen = new Set();
    this.way = null;
    this.gravity = null;
    this.planRemarks = [];
    this.isWhole = false;
  }

  get target(): string {
    return this.chosenTarget ?? this.view.feed.entryId;
  }

  get #isElsewhere(): boolean {
    return this.target !== this.view.feed.entryId;
  }

  get #order(): RestoreOrder {
    const { entryId } = this.view.feed;
    return {
      source: entryId,
      backupId: this.backup.id,
      target: this.target,
      isWhole: this.isWhole,
    };
  }

  protected override get doneTitle(): string {
    return this.view.words.say("restored_title");
  }

  protected override askingTitle(): string {
    return this.view.words.say("restore_title");
  }

  protected override isKept(): boolean {
    return this.phase === "running";
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.#makePlan();
    void this.view.piholes().then(
      (piholes) => {
        this.piholes = piholes;
      },
      () => undefined, // then it is this one
    );
  }

  async #makePlan(): Promise<void> {
    const { actions, words } = this.view;
    this.isWhole = false;
    const order = this.#order;
    this.plan = null;
    await this.attempt(words.say("previewing"), async () => {
      let plan = await actions.plan(order);
      if (plan.more_items?.length) {
        this.isWhole = true;
        plan = await actions.plan({ ...order, isWhole: true });
      }
      this.planRemarks = await this.remarksOf(plan);
      this.plan = plan;
      this.chosen = chosenAtFirst(plan.items, {
        isElsewhere: order.source !== order.target,
        wanted: this.wanted,
      });
      this.way = null;
    });
    if (this.target !== order.target) await this.#makePlan(); // another one was chosen meanwhile
  }

  protected override about(): TemplateResult {
    const { words } = this.view;
    const time = words.format.time(this.backup.created_at);
    return html`${words.say("backup_of", { time })}`;
  }

  protected override body(): TemplateResult | typeof nothing {
    if (this.phase === "running") return this.runningBody();
    if (this.phase === "done" && this.answer) return this.resultBody(this.answer);
    if (this.phase === "lost") return this.lostBody();
    if (this.phase === "failed") return nothing;
    return html`${this.#targetChoice()} ${this.plan ? this.#planBody(this.plan) : nothing}`;
  }

  #targetChoice(): TemplateResult | typeof nothing {
    const { words } = this.view;
    if (this.piholes.length < 2) return nothing;
    const choose = (event: Event) => {
      this.chosenTarget = (event.target as HTMLSelectElement).value;
      if (this.busy === null) void this.#makePlan();
    };
    return html`<label class="field"
      >${words.say("restore_to")}
      <select class="target" @change=${choose}>
        ${this.piholes.map(
          ({ config_entry_id: id, title }) =>
            html`<option value=${id} ?selected=${id === this.target}>${plain(title)}</option>`,
        )}
      </select>
    </label>`;
  }

  #planBody(plan: RestoreAnswer): TemplateResult {
    return html`<pihole-checkpoint-plan-choice
        .view=${this.view}
        .plan=${plan}
        .chosen=${this.chosen}
        .isElsewhere=${this.#isElsewhere}
        .isWhole=${this.isWhole}
        @chosen=${(event: CustomEvent<ReadonlySet<string>>) => {
          this.chosen = event.detail;
        }}
      ></pihole-checkpoint-plan-choice>
      ${plan.items.length ? this.#options(plan) : nothing}`;
  }

  #options(plan: RestoreAnswer): TemplateResult {
    const { words } = this.view;
    const ways = waysFor(plan, this.chosen, this.isWhole);
    const willRestart = this.#willRestart(plan, ways);
    return html`${ways.length ? this.#wayChoice(ways) : nothing}
    ${
      !this.isWhole && needsGravity(plan.items, this.chosen)
        ? html`<label class="choice">
            <input
              type="checkbox"
              class="gravity"
              .checked=${this.gravity ?? true}
              @change=${(event: Event) => {
                this.gravity = isChecked(event);
              }}
            /><span
              >${words.say("restore_gravity")}
              <span class="faint">${words.say("restore_gravity_hint")}</span></span
            >
          </label>`
        : nothing
    }
    ${
      this.planRemarks.length
        ? html`<ul class="remarks">
            ${this.planRemarks.map((remark) => html`<li>${outside(remark)}</li>`)}
          </ul>`
        : nothing
    }
    ${
      this.chosen.size
        ? html`<p class="state what-happens">
            ${icon(willRestart ? "restart-alert" : "shield-check-outline", willRestart ? "warn" : "good")}
            <span>${words.say(willRestart ? "restore_restarts" : "restore_stays")}</span>
          </p>`
        : nothing
    }`;
  }

  #wayChoice(ways: readonly Way["way"][]): TemplateResult {
    const { words } = this.view;
    return html`<fieldset>
      <legend>${words.say("way_title")}</legend>
      ${ways.map(
        (way) =>
          html`<label class="choice">
            <input
              type="radio"
              name="way"
              .checked=${this.#wayOf(ways) === way}
              @change=${() => {
                this.way = way;
              }}
            /><span>${words.say(`way_${way}`)}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  #willRestart(plan: RestoreAnswer, ways: readonly Way["way"][]): boolean {
    if (this.#wayOf(ways) === "import") return true;
    if (this.isWhole) return plan.ways[0]?.restarts ?? false;
    return restarts(plan.items, this.chosen);
  }

  /** Return the way that is chosen; `null` leaves it to the server. */
  #wayOf(ways: readonly Way["way"][]): Way["way"] | null {
    return ways.find((way) => way === this.way) ?? ways[0] ?? null;
  }

  protected override buttons(): TemplateResult {
    const { words, isReady } = this.view;
    if (this.phase === "running") return this.closeButton();
    if (this.phase !== "asking") return html`${this.takeBackButton("undo")} ${this.closeButton()}`;
    if (!this.plan?.items.length) return this.closeButton();
    const number = this.isWhole
      ? countsOf(this.plan).reduce((sum, { count }) => sum + count, 0)
      : this.chosen.size;
    return html`${button(words.say("cancel"), () => this.close())}
    ${button(words.count("restore_changes", number), () => this.#restore(), {
      looks: "filled",
      isOff: !isReady || !this.chosen.size || this.busy !== null,
      name: "restore-now",
    })}`;
  }

  #restore(): void {
    const { plan } = this;
    if (!plan) return;
    const order = this.#order;
    const only = plan.items.map(({ id }) => id).filter((id) => this.chosen.has(id));
    const updateGravity = (this.gravity ?? true) && needsGravity(plan.items, this.chosen);
    const some = this.isWhole ? {} : { only, updateGravity };
    const way = this.#wayOf(waysFor(plan, this.chosen, this.isWhole));
    const chosen = { plan: plan.plan, ...some, ...(way && { way }) };
    void this.run(() => this.view.actions.restore(order, chosen));
  }
}

function isChecked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}

define("pihole-checkpoint-restore", Restore);
