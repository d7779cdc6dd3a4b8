/* The card: what Home Assistant's dashboards ask of it, and which Pi-holes it shows. */

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { listPiholes } from "./actions.ts";
import { TAG, checked, configForm, entitySuggestion, stubConfig, type Config } from "./config.ts";
import { button } from "./elements/button.ts";
import { define } from "./elements/element.ts";
import { LOGO } from "./elements/header.ts";
import "./elements/pihole.ts";
import type { Piholes } from "./elements/piholes.ts";
import "./elements/piholes.ts";
import { frontendHass, type HomeAssistant } from "./home-assistant.ts";
import type { PiholeName } from "./server.ts";
import { BASE } from "./styles/base.ts";
import { frontendWords, loadWords, type Words } from "./words/words.ts";

const LOOK_AGAIN_MS = 15_000;
/** Without these the card need not be drawn anew: `hass` comes with each state of each entity. */
const NOTED = ["connection", "language", "localize", "locale", "user", "config"] as const;

class Card extends LitElement {
  static getConfigForm = configForm;
  static getStubConfig = stubConfig;
  static override properties = {
    hass: { attribute: false, hasChanged: isDifferent },
    preview: { type: Boolean },
    config: { state: true },
    piholes: { state: true },
    opened: { state: true },
    words: { state: true },
  };
  static override styles = [
    BASE,
    css`
      ha-card {
        display: block;
        overflow: clip;
        block-size: 100%;
      }
      .back {
        padding: 8px 8px 0;
      }
      .back:dir(rtl) ha-icon {
        scale: -1 1;
      }
      .none {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      .none p {
        margin: 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
    `,
  ];

  declare hass: HomeAssistant | undefined;
  declare preview: boolean;
  declare config: Config | null;
  /** All Pi-holes; `null` until they are known. */
  declare piholes: readonly PiholeName[] | null;
  /** Of several Pi-holes, the one that was tapped. */
  declare opened: string | null;
  declare words: Words | null;
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.hass = undefined;
    this.preview = false;
    this.config = null;
    this.piholes = null;
    this.opened = null;
    this.words = null;
  }

  setConfig(config: Record<string, unknown>): void {
    this.config = checked(config);
  }

  getCardSize(): number {
    if (this.config?.layout === "compact") return 2;
    return 4 + Math.ceil((this.config?.rows ?? 5) * 1.5);
  }

  getGridOptions(): object {
    return this.config?.layout === "compact"
      ? { columns: 12, min_columns: 6, rows: 2, min_rows: 2 }
      : { columns: "full", min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#looking);
  }

  /** The Pi-hole that is shown; `null` for all, or while it is not known which there are. */
  get #entryId(): string | null {
    const only = this.piholes?.length === 1 ? this.piholes[0]?.config_entry_id : null;
    return this.config?.entryId ?? this.opened ?? only ?? null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("hass") || !this.hass) return;
    void this.#chooseWords(this.hass);
    if (changed.get("hass")?.connection !== this.hass.connection) void this.#look();
  }

  /** Ask which Pi-holes there are, and once more from time to time while that is not one. */
  async #look(): Promise<void> {
    clearTimeout(this.#looking);
    if (!this.hass || this.config?.entryId) return;
    try {
      this.#found(await listPiholes(this.hass));
    } catch {
      // Home Assistant is starting, or the connection broke off.
    }
    if (!this.isConnected || this.#entryId) return;
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }

  /** The one that is shown stays until it is not there any more, also when others come. */
  #found(piholes: readonly PiholeName[]): void {
    const shown = this.#entryId;
    if (shown && piholes.some(({ config_entry_id: id }) => id === shown)) return;
    this.piholes = piholes;
    this.opened = null;
  }

  async #chooseWords(hass: HomeAssistant): Promise<void> {
    const words = await loadWords(hass);
    if (hass === this.hass || !this.words) this.words = words;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, words, config } = this;
    if (!hass || !words || !config) return nothing;
    return html`<ha-card>${this.#content(hass, words, config)}</ha-card>`;
  }

  #content(hass: HomeAssistant, words: Words, config: Config): TemplateResult {
    const entryId = this.#entryId;
    if (entryId) {
      return html`${
          this.opened
            ? html`<div class="back">
                ${button(words.say("all_piholes"), () => this.#open(null), { iconName: "arrow-left" })}
              </div>`
            : nothing
        }
        <pihole-checkpoint-pihole
          .hass=${hass}
          .words=${words}
          .config=${config}
          .entryId=${entryId}
          .isPreview=${this.preview}
          @pihole-missing=${() => void this.#look()}
        ></pihole-checkpoint-pihole>`;
    }
    if (this.piholes?.length) {
      return html`<pihole-checkpoint-piholes
        .hass=${hass}
        .words=${words}
        .names=${this.piholes}
        .heading=${config.title}
        @pihole-opened=${(event: CustomEvent<string>) => this.#open(event.detail)}
      ></pihole-checkpoint-piholes>`;
    }
    return html`<div class="none" role="status">
      ${LOGO}
      <p>${words.say(this.piholes ? "no_pihole" : "loading")}</p>
      ${
        this.piholes && hass.user?.is_admin
          ? html`<a href="/config/integrations/dashboard">${words.say("add_pihole")}</a>`
          : nothing
      }
    </div>`;
  }

  #open(entryId: string | null): void {
    const before = this.opened;
    this.opened = entryId;
    if (!entryId) void this.#look();
    void this.updateComplete.then(() => this.#focus(before));
  }

  /** What was pressed is gone: go to the way back, or to the Pi-hole from which that led. */
  #focus(before: string | null): void {
    const list = this.renderRoot.querySelector<Piholes>("pihole-checkpoint-piholes");
    if (before && list) void list.updateComplete.then(() => list.focusPihole(before));
    else this.renderRoot.querySelector<HTMLElement>(".back .button")?.focus();
  }
}

function isDifferent(one: HomeAssistant | undefined, other: HomeAssistant | undefined): boolean {
  return !one || !other || NOTED.some((name) => one[name] !== other[name]);
}

/** The list of cards is in the user's language as soon as the words are there. */
async function describe(): Promise<void> {
  const hass = frontendHass();
  if (hass) await loadWords(hass);
  const card = window.customCards?.find(({ type }) => type === TAG);
  const description = frontendWords()?.find("card_description");
  if (card && description) card.description = description;
}

define(TAG, Card);
window.customCards ??= [];
if (!window.customCards.some(({ type }) => type === TAG)) {
  window.customCards.push({
    type: TAG,
    name: "Pi-hole Checkpoint",
    description: "",
    preview: true,
    getEntitySuggestion: entitySuggestion,
  });
  void describe();
}
