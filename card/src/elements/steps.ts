/* How a restore goes, and how it ended. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { STEPS, isRemarkShown, numberDone, stepAfter, type Step } from "../plan.ts";
import type { PlanItem, RestoreAnswer } from "../server.ts";
import { lineOfPlan } from "../words/changes.ts";
import { isConnectionLost, plain } from "../words/words.ts";
import { button } from "./button.ts";
import { DialogElement } from "./dialog.ts";
import { icon, outside, spinner } from "./element.ts";
import { LINES, about, andMore, differenceLine, groupedLines } from "./lines.ts";

/** `lost`: the connection broke off, so how it ended is not known here. */
export type Phase = "asking" | "running" | "done" | "failed" | "lost";

/** A dialog in which a Pi-hole is changed. */
export abstract class ChangingDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    phase: { state: true },
    step: { state: true },
    answer: { state: true },
    remarks: { state: true },
    canTakeBack: { attribute: false },
  };
  static override styles = [
    ...DialogElement.styles,
    LINES,
    css`
      .steps {
        list-style: none;
        margin: 12px 0;
        padding: 0;
        display: grid;
        gap: 10px;
      }
      .steps li {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 24px;
      }
      .steps li[data-state="later"] {
        color: var(--pc-faint);
      }
      .steps .sign {
        inline-size: 20px;
        display: grid;
        place-items: center;
      }
      .progress {
        font-size: 12px;
        min-block-size: 1.45em;
      }
      .outcome {
        display: flex;
        gap: 10px;
        font-weight: 500;
      }
      .remarks {
        margin: 8px 0;
        padding-inline-start: 20px;
      }
      pre {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-size: 12px;
        margin: 8px 0;
      }
    `,
  ];

  declare phase: Phase;
  declare step: Step;
  declare answer: RestoreAnswer | null;
  declare remarks: readonly string[];
  /** Whether something was changed before a restore failed, which can be taken back. */
  declare canTakeBack: boolean;

  constructor() {
    super();
    this.phase = "asking";
    this.step = "check";
    this.answer = null;
    this.remarks = [];
    this.canTakeBack = false;
  }

  /** The Pi-hole that is changed, by its entry's ID. */
  abstract get target(): string;
  protected abstract get doneTitle(): string;

  /** Whether the dialog shows how a restore goes, or went. */
  get isShowingRestore(): boolean {
    return this.phase !== "asking" && (this.dialog?.open ?? false);
  }

  protected async run(restore: () => Promise<RestoreAnswer>): Promise<void> {
    const { words } = this.view;
    this.phase = "running";
    this.step = "check";
    this.problem = null;
    this.focusHeading();
    try {
      const answer = await restore();
      this.remarks = await this.remarksOf(answer);
      this.answer = answer;
      this.phase = "done";
    } catch (error) {
      if (isConnectionLost(error)) this.phase = "lost";
      else {
        this.problem = await words.error(error);
        this.phase = "failed";
      }
    }
    await this.updateComplete;
    this.focusHeading();
  }

  /** Return the sentences that say more than the lists of changes show. */
  protected remarksOf({ remark_details: details, remarks }: RestoreAnswer): Promise<string[]> {
    return this.view.words.remarks((details ?? []).filter(isRemarkShown), details ? [] : remarks);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (this.phase === "running") this.step = stepAfter(this.step, this.#stage);
  }

  /** How it goes on another Pi-hole is not in this feed. */
  get #stage(): string | null {
    const { pihole, entryId } = this.view.feed;
    return this.target === entryId ? (pihole?.stage ?? null) : null;
  }

  protected lostBody(): TemplateResult {
    return html`<p class="state">
      ${icon("alert-circle-outline", "warn")}<span>${this.view.words.say("restore_lost")}</span>
    </p>`;
  }

  protected runningBody(): TemplateResult {
    const { words, feed } = this.view;
    const at = STEPS.indexOf(this.step);
    const progress = this.#stage === "updating_gravity" ? feed.pihole?.progress : null;
    const detail = this.#stage ? (words.find(`stage_${this.#stage}`) ?? "") : "";
    return html`<ol class="steps">
        ${STEPS.map((step, index) => {
          const state = index < at ? "done" : index === at ? "now" : "later";
          const sign = state === "done" ? icon("check", "good") : state === "now" ? spinner() : "";
          return html`<li data-state=${state}>
            <span class="sign">${sign}</span><span>${words.say(`step_${step}`)}</span>
            ${state === "now" && detail ? html`<span class="faint stage">${detail}</span>` : nothing}
          </li>`;
        })}
      </ol>
      <p class="faint progress">${progress ? outside(String(progress)) : nothing}</p>
      <p class="faint">${words.say("restoring_hint")}</p>
      <span class="unseen" role="status">${words.say(`step_${this.step}`)}</span>`;
  }

  protected resultBody(answer: RestoreAnswer): TemplateResult {
    const { words } = this.view;
    const made = answer.items.filter(({ outcome }) => outcome === "done");
    const others = answer.items.filter(({ outcome }) => outcome !== "done");
    const more = answer.more_items ?? [];
    const moreOthers = more.filter(({ outcome }) => outcome !== "done");
    const isGood = answer.proven !== false && !others.length && !moreOthers.length;
    const slug = isGood ? "restored_verified" : "restored_unverified";
    const sentence = answer.items.length
      ? words.count(slug, numberDone(answer))
      : words.say("restored_nothing");
    const complaints = complaintsOf(answer);
    return html`<p class=${`outcome ${isGood ? "good" : "warn"}`}>
        ${icon(isGood ? "check-circle-outline" : "alert-circle-outline")}<span>${sentence}</span>
      </p>
      ${
        this.remarks.length
          ? html`<ul class="remarks">
              ${this.remarks.map((remark) => html`<li>${outside(remark)}</li>`)}
            </ul>`
          : nothing
      }
      ${
        complaints
          ? html`<details>
              <summary>${words.say("pihole_output")}</summary>
              <pre dir="ltr">${plain(complaints)}</pre>
            </details>`
          : nothing
      }
      ${
        others.length
          ? html`<h3>${words.say("restored_not")}</h3>
              ${groupedLines(words, others, (item) => this.#notMade(item))}
              ${andMore(words, moreOthers)}`
          : nothing
      }
      ${
        made.length
          ? html`<h3>${words.say("restored_changed")}</h3>
              ${groupedLines(words, made, (item) => differenceLine(words, lineOfPlan(words, item)))}
              ${andMore(
                words,
                more.filter(({ outcome }) => outcome === "done"),
              )}`
          : nothing
      }`;
  }

  #notMade(item: PlanItem): TemplateResult {
    const { words } = this.view;
    const line = lineOfPlan(words, item);
    const reason = item.reason ? plain(item.reason) : "";
    const outcome = words.say(`outcome_${item.outcome ?? "unknown"}`, { reason });
    return html`${icon("alert-circle-outline", "warn")}
      <div class="what">
        <bdi>${plain(line.name)}</bdi
        ><span class="faint">${about(words, line, `will_${line.how}`)}</span>
        <span class="warn">${outcome}</span>
      </div>`;
  }

  protected closeButton(): TemplateResult {
    return button(this.view.words.say("close"), () => this.close());
  }

  /** Take back what was changed, if anything was. */
  protected takeBackButton(slug: "undo" | "redo"): TemplateResult | typeof nothing {
    if (this.phase === "lost") return nothing;
    const canTakeBack = this.phase === "done" ? this.answer?.safety_backup : this.canTakeBack;
    if (!canTakeBack) return nothing;
    const entryId = this.target;
    return button(
      this.view.words.say(slug),
      () => this.view.open({ kind: "undo", entryId, isDecided: true }),
      { iconName: slug },
    );
  }

  protected override heading(): string {
    const { words } = this.view;
    if (this.phase === "failed") return words.say("restore_failed_title");
    return this.phase === "done" ? this.doneTitle : this.askingTitle();
  }

  protected abstract askingTitle(): string;
}

/** What Pi-hole itself printed about its lists, if it complained. */
function complaintsOf({ remark_details: remarks }: RestoreAnswer): string {
  return (remarks ?? [])
    .map(({ placeholders }) => placeholders["complaints"] ?? "")
    .join("\n")
    .trim();
}
