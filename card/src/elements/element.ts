/* What all elements of the card have in common. */

import { LitElement, html, nothing, type CSSResultGroup, type TemplateResult } from "lit";
import { BASE } from "../styles/base.ts";
import type { View } from "../view.ts";
import { plain } from "../words/words.ts";

export abstract class CardElement extends LitElement {
  static override properties = { view: { attribute: false } };
  static override styles: CSSResultGroup = [BASE];

  declare view: View;
}

/** Define an element once, also when two versions of the card are loaded. */
export function define(tag: string, kind: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, kind);
}

/** Text from outside, which may be written from right to left. */
export function outside(text: string | null | undefined): TemplateResult {
  return html`<bdi class="outside">${plain(text ?? "")}</bdi>`;
}

export function icon(name: string, kind = ""): TemplateResult {
  return html`<ha-icon class=${kind} icon="mdi:${name}" aria-hidden="true"></ha-icon>`;
}

export function spinner(): TemplateResult {
  return html`<span class="spinner" aria-hidden="true"></span>`;
}

export function when(
  condition: unknown,
  template: () => TemplateResult | string,
): TemplateResult | string | typeof nothing {
  return condition ? template() : nothing;
}
