/* The backups, newest first. Tapping one opens its details. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { holdStill } from "../hold-still.ts";
import type { Backup } from "../server.ts";
import { BASE } from "../styles/base.ts";
import { whatChanged } from "../words/changes.ts";
import { button } from "./button.ts";
import { CardElement, define, icon, outside, spinner } from "./element.ts";

const SLIDE_MS = 1200;
const UNDO_OFFERED_MS = 24 * 60 * 60 * 1000;

export class Rows extends CardElement {
  static override properties = {
    ...CardElement.properties,
    fresh: { attribute: false },
    uploading: { attribute: false },
  };
  static override styles = [
    BASE,
    css`
      .bar,
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        padding: 12px var(--pc-pad) 4px;
      }
      h3 {
        margin: 0;
        font-size: 16px;
        font-weight: 500;
      }
      .count,
      .damaged-count {
        color: var(--pc-faint);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .damaged-count {
        color: var(--pc-bad-ink);
        font-size: 13px;
      }
      .uploading {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 4px var(--pc-pad) 8px;
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        overflow: clip;
      }
      li {
        display: flex;
        align-items: center;
        border-block-start: 1px solid var(--pc-line);
        contain: layout style;
      }
      li:hover {
        background: var(--pc-hover);
      }
      .row {
        flex: 1 1 auto;
        min-inline-size: 0;
        display: grid;
        gap: 1px;
        padding: 10px var(--pc-pad);
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .when {
        color: var(--pc-faint);
        font-variant-numeric: tabular-nums;
      }
      .changes {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .rest {
        color: var(--pc-faint);
        font-size: 13px;
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
      .rest ha-icon {
        --mdc-icon-size: 15px;
        inline-size: 15px;
        block-size: 15px;
        vertical-align: -2px;
      }
      .undo-restore {
        flex: none;
        margin-inline-end: 8px;
      }
      @container card (width < 480px) {
        li:has(.undo-restore) {
          flex-wrap: wrap;
        }
        li:has(.undo-restore) .row {
          flex-basis: calc(100% - 48px);
        }
        .undo-restore {
          order: 1;
          margin-block-end: 6px;
        }
      }
      .chevron {
        color: var(--pc-faint);
        margin-inline-end: 10px;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
      .empty {
        padding: 20px var(--pc-pad) 28px;
        text-align: center;
      }
      .empty p {
        margin: 4px 0;
      }
      .foot {
        border-block-start: 1px solid var(--pc-line);
        padding-block: 6px 10px;
      }
    `,
  ];

  /** The IDs of the backups that have just been made. */
  declare fresh: readonly string[];
  /** The name of the file that is being uploaded. */
  declare uploading: string | null;

  constructor() {
    super();
    this.fresh = [];
    this.uploading = null;
  }

  protected override render(): TemplateResult {
    const { feed, words, isAdmin, isReady } = this.view;
    const { backups, pihole, total } = feed;
    const isKnown = pihole?.count !== null;
    const count = pihole?.count ?? total;
    const damaged = pihole?.damaged ?? 0;
    return html`
      <div class="bar">
        <h3>
          ${words.say("backups")}
          ${isKnown ? html`<span class="count">${words.format.number(count)}</span>` : nothing}
          ${
            damaged
              ? html`<span class="damaged-count bad"
                  >${words.count("count_damaged", damaged)}</span
                >`
              : nothing
          }
        </h3>
        ${
          isAdmin
            ? button(words.say("upload"), () => this.#emit("choose-upload"), {
                iconName: "upload",
                isOff: !isReady || this.uploading !== null,
                name: "upload",
              })
            : nothing
        }
      </div>
      ${
        this.uploading === null
          ? nothing
          : html`<div class="uploading" role="status">
              ${spinner()}<span>${words.say("uploading", { name: this.uploading })}</span>
            </div>`
      }
      <ul aria-label=${words.say("backups")}>
        ${repeat(
          backups,
          ({ id }) => id,
          (backup) => this.#row(backup),
        )}
      </ul>
      ${
        backups.length || total || !isKnown
          ? nothing
          : html`<div class="empty">
              <p>${words.say("empty")}</p>
              <p class="faint">${words.say("empty_hint")}</p>
            </div>`
      }
      ${
        feed.hasMore
          ? html`<div class="foot">
              <span class="faint shown">${this.#shown(count)}</span>${button(
                words.say("show_more"),
                () => feed.more(),
                {
                  isBusy: feed.isPaging,
                  isOff: !isReady,
                  name: "show-more",
                },
              )}
            </div>`
          : nothing
      }
    `;
  }

  /** The same numbers as above and in the sensor: damaged backups are counted by themselves. */
  #shown(count: number): string {
    const { feed, words } = this.view;
    const shown = feed.backups.filter(({ status }) => status === "good").length;
    const [some, all] = [shown, count].map((number) => words.format.number(number));
    const text = words.say("shown_of", { shown: some ?? "", total: all ?? "" });
    const damaged = feed.pihole?.damaged ?? 0;
    return damaged ? words.format.join([text, words.count("count_damaged", damaged)]) : text;
  }

  #emit(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }

  #row(backup: Backup): TemplateResult {
    const { words } = this.view;
    const { format } = words;
    return html`<li data-id=${backup.id} data-status=${backup.status}>
      <button type="button" class="row" @click=${() => this.view.open({ kind: "details", backup })}>
        <span class="when"
          >${format.time(backup.created_at)} · ${format.relative(backup.created_at)}</span
        >
        ${
          backup.status === "good"
            ? nothing
            : html`<span class="status bad"
                >${icon("alert-circle-outline")} ${words.say(`status_${backup.status}`)}</span
              >`
        }
        <span class="changes">${whatChanged(words, backup)}</span>
        <span class="rest">${this.#rest(backup)}</span>
      </button>
      ${this.#undo(backup)}${icon("chevron-right", "chevron")}
    </li>`;
  }

  /** What else there is to say: trigger, size, pin, note. */
  #rest(backup: Backup): TemplateResult {
    const { words } = this.view;
    const parts = [words.trigger(backup.trigger), words.format.size(backup.file_size)];
    if (backup.confirmed_at) {
      const ago = words.format.relative(backup.confirmed_at);
      parts.push(words.say("status_confirmed", { ago }));
    }
    return html`${
      backup.pinned
        ? html`<span class="pinned">${icon("pin")} ${words.say("status_pinned")} · </span>`
        : nothing
    }${parts.join(" · ")}${
      backup.note ? html` · <span class="note">${outside(backup.note)}</span>` : nothing
    }`;
  }

  /** Beside the backup from before a restore, for a day: take that restore back. */
  #undo(backup: Backup): TemplateResult | typeof nothing {
    const { words, feed, isAdmin, isReady } = this.view;
    const back = feed.pihole?.restore;
    if (!isAdmin || back?.backup_id !== backup.id) return nothing;
    if (Date.now() - Date.parse(back.at) > UNDO_OFFERED_MS) return nothing;
    const entryId = feed.entryId;
    return button(
      words.say(back.kind === "redo" ? "redo_restore" : "undo_restore"),
      () => this.view.open({ kind: "undo", entryId, isDecided: false }),
      { iconName: back.kind === "redo" ? "redo" : "undo", isOff: !isReady, name: "undo-restore" },
    );
  }

  /** Rows on screen stay where they are when others come or go above them. */
  protected override update(changed: PropertyValues): void {
    const list = this.renderRoot.querySelector("ul");
    if (list) holdStill(list, () => super.update(changed));
    else super.update(changed);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("fresh") || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const id of this.fresh) {
      this.renderRoot
        .querySelector(`li[data-id="${CSS.escape(id)}"]`)
        ?.animate(
          [
            { transform: "translateY(-100%)", backgroundColor: "var(--pc-hover)" },
            { transform: "none", backgroundColor: "var(--pc-hover)", offset: 0.2 },
            { backgroundColor: "transparent" },
          ],
          { duration: SLIDE_MS, easing: "ease-out" },
        );
    }
  }

  /** Put the focus on a row, or on the one in its place. */
  focusRow(index: number): void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>(".row")];
    rows[Math.min(Math.max(index, 0), rows.length - 1)]?.focus({ preventScroll: true });
  }
}

define("pihole-checkpoint-rows", Rows);
