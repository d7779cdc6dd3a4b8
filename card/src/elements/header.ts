/* The upper part of the card: which Pi-hole it is, how it is, and the button. */

import { css, html, nothing, svg, type TemplateResult } from "lit";
import { BASE } from "../styles/base.ts";
import type { Pihole } from "../server.ts";
import { headline } from "../words/changes.ts";
import { wholeSentence, type Words } from "../words/words.ts";
import { button } from "./button.ts";
import { CardElement, define, icon, outside, when } from "./element.ts";

const UNKNOWN = "–";

export interface Notice {
  kind: "warning" | "error";
  text: string;
  reason?: string | null;
}

/** The integration's icon: the way back to a checkpoint. */
export const LOGO = html`<svg class="logo" viewBox="0 0 256 256" aria-hidden="true">
  ${svg`<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-way)">
    <path stroke-width="30" d="M41 120A98 98 0 1 1 74 202" />
    <path stroke-width="16" fill="var(--pc-way)" d="M12 120H70L41 160Z" />
  </g>
  <g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-flag)">
    <path stroke-width="22" d="M111 74V186" />
    <path stroke-width="18" fill="var(--pc-flag)" d="M113 76L194 108L113 140Z" />
  </g>`}
</svg>`;

export class Header extends CardElement {
  static override properties = { ...CardElement.properties, isPressed: { type: Boolean } };
  static override styles = [
    BASE,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 180px;
        min-inline-size: 0;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        color: var(--pc-faint);
      }
      .reach {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .dot {
        inline-size: 9px;
        block-size: 9px;
        border-radius: 50%;
        background: var(--pc-good);
      }
      .reach[data-reachable="false"] {
        color: var(--pc-bad-ink);
      }
      .reach[data-reachable="false"] .dot {
        background: var(--pc-bad);
        border-radius: 2px;
        rotate: 45deg;
      }
      a {
        color: inherit;
        overflow-wrap: anywhere;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .notices:not(:empty) {
        display: grid;
        gap: 8px;
        padding: 12px var(--pc-pad) 0;
      }
      .notice {
        display: flex;
        gap: 10px;
        padding: 10px 12px;
        border-radius: var(--pc-round);
        overflow-wrap: anywhere;
      }
      .notice.warning {
        background: color-mix(in srgb, var(--pc-warn) 14%, transparent);
      }
      .notice.error {
        background: color-mix(in srgb, var(--pc-bad) 12%, transparent);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
        margin: 0;
        padding: 14px var(--pc-pad) 0;
      }
      .fact {
        padding: 8px 12px;
        border-radius: var(--pc-round);
        background: var(--pc-hover);
        min-inline-size: 0;
      }
      dt,
      .more {
        color: var(--pc-faint);
        font-size: 12px;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .value {
        font-size: 16px;
        font-weight: 500;
      }
      @container card (width < 480px) {
        dl {
          grid-template-columns: 1fr 1fr;
        }
        .last-backup {
          grid-column: 1 / -1;
        }
        .backup-now {
          flex: 1 1 auto;
        }
      }
    `,
  ];

  declare isPressed: boolean;

  protected override render(): TemplateResult {
    const { words, title, feed } = this.view;
    const { pihole } = feed;
    return html`
      <div class="head">
        ${LOGO}
        <div class="who">
          <h2 dir="auto">${title || words.say("card_name")}</h2>
          ${when(pihole, () => (pihole ? this.#where(pihole) : ""))}
        </div>
        ${when(pihole, () => backupButton(this.view, this.isPressed, () => this.#press()))}
      </div>
      <div class="notices">${noticesOf(this.view).map(noticeTemplate)}</div>
      ${when(pihole, () => (pihole ? this.#facts(pihole) : ""))}
    `;
  }

  #press(): void {
    this.dispatchEvent(new CustomEvent("back-up", { bubbles: true, composed: true }));
  }

  #where(pihole: Pihole): TemplateResult {
    const { words, feed } = this.view;
    const address = webAddress(pihole.url);
    const isKnown = feed.online && feed.phase === "ready";
    const text = shownAddress(pihole.url);
    return html`<div class="where">
      ${isKnown ? reach(words, pihole.reachable) : nothing}${
        address
          ? html`<a
              class="address"
              dir="ltr"
              target="_blank"
              rel="noreferrer"
              title=${words.say("open_pihole")}
              href=${`${address.href.replace(/\/$/, "")}/admin/`}
              >${text}</a
            >`
          : html`<span class="address">${outside(text)}</span>`
      }
    </div>`;
  }

  #facts(pihole: Pihole): TemplateResult {
    const { words } = this.view;
    const { format } = words;
    const isKnown = pihole.count !== null;
    const change = pihole.last_change;
    const last = pihole.last_backup;
    const next = pihole.next_run;
    const free = pihole.free_space;
    return html`<dl>
      ${fact(
        "last-backup",
        words.say("last_backup"),
        last ? format.relativeAlone(last) : isKnown ? words.say("never") : UNKNOWN,
        change ? words.say("last_change", { ago: format.relative(change.at) }) : "",
        change ? headline(words, change.headline ?? []) : "",
      )}
      ${fact(
        "next-backup",
        words.say("next_backup"),
        next ? format.relativeAlone(next) : words.say("not_scheduled"),
        next ? format.time(next) : "",
      )}
      ${fact(
        "storage",
        words.say("storage"),
        isKnown ? format.size(pihole.storage_used ?? 0) : UNKNOWN,
        free === null ? "" : words.say("storage_free", { size: format.size(free) }),
      )}
    </dl>`;
  }
}

function reach(words: Words, isReachable: boolean): TemplateResult {
  return html`<span class="reach" data-reachable=${String(isReachable)}
    ><span class="dot"></span>${words.say(isReachable ? "reachable" : "unreachable")}</span
  >`;
}

function fact(name: string, term: string, value: string, more: string, hint = ""): TemplateResult {
  return html`<div class=${`fact ${name}`}>
    <dt>${term}</dt>
    <dd class="value">${value}</dd>
    ${more ? html`<dd class="more" title=${hint || nothing}>${more}</dd>` : nothing}
  </div>`;
}

/** The button says what is being done. */
export function backupButton(
  { words, feed, isReady }: CardElement["view"],
  isPressed: boolean,
  press: () => void,
): TemplateResult {
  const { pihole } = feed;
  const isStarting = isPressed || (pihole?.running ?? false);
  const stage = words.stage(pihole) ?? (isStarting ? words.say("stage_starting") : null);
  return button(stage ?? words.say("backup_now"), press, {
    looks: "filled",
    iconName: "backup-restore",
    isBusy: stage !== null,
    isOff: !isReady,
    name: "backup-now",
  });
}

function noticeTemplate({ kind, text, reason }: Notice): TemplateResult {
  return html`<div class=${`notice ${kind}`}>
    ${icon("alert-circle-outline", kind === "error" ? "bad" : "warn")}
    <div>${text}${reason ? html`<div class="reason">${outside(reason)}</div>` : nothing}</div>
  </div>`;
}

/** What a user should know before anything else. */
export function noticesOf({ words, feed, problem }: CardElement["view"]): Notice[] {
  const { pihole, phase } = feed;
  if (!pihole) return [];
  if (!feed.online) return [{ kind: "warning", text: words.say("offline") }];
  if (phase === "unloaded") return [{ kind: "warning", text: words.say("not_loaded") }];
  if (phase === "failed") {
    return [{ kind: "error", text: words.say("load_failed", { reason: problem }) }];
  }
  const notices: Notice[] = [];
  if (!pihole.available) {
    notices.push({
      kind: "error",
      text: words.say("unavailable"),
      reason: wholeSentence(pihole.storage_message),
    });
  }
  if (pihole.attempt?.result === "failed") {
    const { at, message } = pihole.attempt;
    const text = words.say("last_failed", { ago: words.format.relative(at) });
    notices.push({ kind: "error", text, reason: wholeSentence(message) });
  }
  if (pihole.overdue) notices.push({ kind: "warning", text: words.say("overdue") });
  return notices;
}

/** Return where a Pi-hole answers, without what is the same for all. */
export function shownAddress(url: string): string {
  const address = webAddress(url);
  return address ? address.host + address.pathname.replace(/\/$/, "") : url;
}

/** Return an address of the web; anything else is shown, but leads nowhere. */
function webAddress(url: string): URL | null {
  const address = URL.parse(url);
  return address && ["http:", "https:"].includes(address.protocol) ? address : null;
}

define("pihole-checkpoint-header", Header);
