/* The card on a dashboard of tiles: how it is, the last backup, and the button. */

import { css, html, type TemplateResult } from "lit";
import { BASE } from "../styles/base.ts";
import { LOGO, backupButton, noticesOf } from "./header.ts";
import { CardElement, define } from "./element.ts";
import { missingText } from "./message.ts";

export class Compact extends CardElement {
  static override properties = { ...CardElement.properties, isPressed: { type: Boolean } };
  static override styles = [
    BASE,
    css`
      :host {
        block-size: 100%;
      }
      .compact {
        display: flex;
        align-items: center;
        gap: 4px 12px;
        padding: 10px 12px;
        box-sizing: border-box;
        min-block-size: 100%;
        flex-wrap: wrap;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 120px;
        min-inline-size: 0;
        display: grid;
        border: 0;
        padding: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      h2 {
        margin: 0;
        font-size: 14px;
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .state {
        font-size: 12px;
        overflow: hidden;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
    `,
  ];

  declare isPressed: boolean;

  protected override render(): TemplateResult {
    const { title, words } = this.view;
    const press = () =>
      this.dispatchEvent(new CustomEvent("back-up", { bubbles: true, composed: true }));
    return html`<div class="compact">
      ${LOGO}
      <button type="button" class="who" @click=${() => this.#openNewest()}>
        <h2 dir="auto">${title || words.say("card_name")}</h2>
        ${this.#state()}
      </button>
      ${backupButton(this.view, this.isPressed, press)}
    </div>`;
  }

  #state(): TemplateResult {
    const { words, feed } = this.view;
    const [notice] = noticesOf(this.view);
    if (notice) {
      return html`<span class=${`state ${notice.kind === "error" ? "bad" : "warn"}`}
        >${notice.text}</span
      >`;
    }
    const last = feed.pihole?.last_backup;
    const text = last
      ? words.say("last_backup_ago", { ago: words.format.relative(last) })
      : feed.pihole
        ? words.say("empty")
        : missingText(this.view);
    return html`<span class="state faint">${text}</span>`;
  }

  /** Put the focus on what opens the newest backup. */
  focusOpener(): void {
    this.renderRoot.querySelector<HTMLElement>(".who")?.focus();
  }

  #openNewest(): void {
    const [backup] = this.view.feed.backups;
    if (backup) this.view.open({ kind: "details", backup });
  }
}

define("pihole-checkpoint-compact", Compact);
