/* What the card says while there is nothing to show. */

import { css, html, nothing, type TemplateResult } from "lit";
import { BASE } from "../styles/base.ts";
import { button } from "./button.ts";
import type { View } from "../view.ts";
import { CardElement, define, icon, spinner } from "./element.ts";

export class Message extends CardElement {
  static override styles = [
    BASE,
    css`
      .message {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      p {
        margin: 0;
        max-inline-size: 44ch;
        overflow-wrap: anywhere;
      }
      .sign {
        color: var(--pc-faint);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { feed, words } = this.view;
    const { phase } = feed;
    const isWaiting = phase === "loading";
    return html`<div class="message" role="status">
      <span class="sign">${isWaiting ? spinner() : icon("alert-circle-outline")}</span>
      <p dir="auto">${missingText(this.view)}</p>
      ${isWaiting ? nothing : button(words.say("try_again"), feed.resume, { name: "try-again" })}
    </div>`;
  }
}

/** Return why nothing is known of a Pi-hole. */
export function missingText({ feed, words, problem }: View): string {
  if (!feed.online) return words.say("error_connection");
  const slugs = {
    loading: "loading",
    unloaded: "not_loaded",
    failed: "load_failed",
    ready: "loading",
  };
  return words.say(slugs[feed.phase], { reason: problem });
}

define("pihole-checkpoint-message", Message);
