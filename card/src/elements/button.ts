/* A button in Home Assistant's looks. */

import { html, type TemplateResult } from "lit";
import { icon, spinner } from "./element.ts";

interface Options {
  looks?: "filled" | "plain" | "danger";
  iconName?: string;
  /** Busy buttons keep the focus, and do nothing. */
  isBusy?: boolean;
  isOff?: boolean;
  name?: string;
}

export function button(label: string, run: () => void, options: Options = {}): TemplateResult {
  const { looks = "plain", iconName, isBusy = false, isOff = false, name = "" } = options;
  const start = isBusy ? spinner() : iconName ? icon(iconName) : null;
  const press = () => {
    if (!isBusy && !isOff) run();
  };
  return html`<ha-button
    class=${`button ${name}`}
    appearance=${looks === "filled" ? "accent" : "plain"}
    variant=${looks === "danger" ? "danger" : "brand"}
    ?disabled=${isOff}
    data-busy=${String(isBusy)}
    @click=${press}
    >${start ? html`<span slot="start" class="button-start">${start}</span>` : ""}${label}</ha-button
  >`;
}
