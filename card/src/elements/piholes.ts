/* All Pi-holes, a line each. Tapping one opens it. */

import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { Actions, listDifferences, listPiholes } from "../actions.ts";
import { Dialogs } from "../dialogs.ts";
import { Feed } from "../feed.ts";
import type { HomeAssistant } from "../home-assistant.ts";
import type { Differences, PiholeName } from "../server.ts";
import { BASE } from "../styles/base.ts";
import { Ticking } from "../ticking.ts";
import { showToast } from "../toasts.ts";
import type { View } from "../view.ts";
import { plain, type Words } from "../words/words.ts";
import { button } from "./button.ts";
import { define, icon, outside } from "./element.ts";
import { LOGO, shownAddress } from "./header.ts";

/** Only how the Pi-hole is: its backups are shown when it is opened. */
const NEWEST = 1;

export class Piholes extends LitElement {
  static override properties = {
    hass: { attribute: false },
    words: { attribute: false },
    names: { attribute: false },
    heading: { attribute: false },
    differences: { state: true },
  };
  static override styles = [
    BASE,
    css`
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 8px;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0 0 8px;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        padding-inline-end: 12px;
        border-block-start: 1px solid var(--pc-line);
      }
      li:hover {
        background: var(--pc-hover);
      }
      .pihole {
        flex: 1;
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
      .name {
        font-weight: 600;
      }
      .from {
        flex-basis: 100%;
        padding: 0 0 8px;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
    `,
  ];

  declare hass: HomeAssistant;
  declare words: Words;
  declare names: readonly PiholeName[];
  declare heading: string;
  declare differences: ReadonlyMap<string, Differences>;
  #feeds = new Map<string, Feed>();
  #pressed = new Set<string>();
  #lastBackups = "";
  readonly #dialogs = new Dialogs(this, () => undefined);

  constructor() {
    super();
    this.differences = new Map();
    this.addController(new Ticking(this, () => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const feed of this.#feeds.values()) feed.stop();
    this.#feeds.clear();
    this.#dialogs.forget();
  }

  protected override willUpdate(): void {
    const ids = new Set(this.names.map(({ config_entry_id: id }) => id));
    for (const [id, feed] of this.#feeds) {
      if (ids.has(id)) continue;
      feed.stop();
      this.#feeds.delete(id);
    }
    for (const id of ids) {
      if (this.#feeds.has(id)) continue;
      const changed = () => {
        this.requestUpdate();
        void this.#compareAgain();
      };
      const feed = new Feed(this.hass, id, NEWEST, { changed, happened: () => undefined });
      this.#feeds.set(id, feed);
      feed.start();
    }
  }

  /** Count the differences anew when there is another backup. */
  async #compareAgain(): Promise<void> {
    const lastBackups = [...this.#feeds.values()].map((feed) => feed.pihole?.last_backup).join();
    if (lastBackups === this.#lastBackups) return;
    this.#lastBackups = lastBackups;
    try {
      const found: Differences[] = await listDifferences(this.hass);
      this.differences = new Map(found.map((each) => [each.config_entry_id, each]));
    } catch {
      this.#lastBackups = ""; // asked again with the next change
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        ${LOGO}
        <h2 dir="auto">${this.heading || this.words.say("card_name")}</h2>
      </div>
      <ul>
        ${this.names.map((each, index) => this.#pihole(each, index))}
      </ul>
      ${this.#first ? this.#dialogs.template(this.#viewOf(this.#first)) : nothing}`;
  }

  /** The Pi-hole with which the others are compared. */
  get #first(): Feed | undefined {
    return this.#feeds.get(this.names[0]?.config_entry_id ?? "");
  }

  #pihole({ config_entry_id: id, title }: PiholeName, index: number): TemplateResult {
    const { words } = this;
    const feed = this.#feeds.get(id);
    const pihole = feed?.pihole ?? null;
    const stage =
      words.stage(pihole) ?? (this.#pressed.has(id) ? words.say("stage_starting") : null);
    const open = () => this.dispatchEvent(new CustomEvent("pihole-opened", { detail: id }));
    return html`<li data-id=${id}>
      <button type="button" class="pihole" @click=${open}>
        <span class="name">${outside(pihole?.title ?? title)}</span>
        <span class="faint">${this.#state(feed)}</span>
        ${index === 0 ? nothing : this.#difference(id)}
      </button>
      ${button(stage ?? words.say("backup_now"), () => void this.#backUp(id), {
        iconName: "backup-restore",
        isBusy: stage !== null,
        isOff: feed?.phase !== "ready" || !feed.online,
        name: "backup-now",
      })}
      ${icon("chevron-right", "faint chevron")} ${index === 0 ? nothing : this.#fromFirst(id)}
    </li>`;
  }

  /** Put the focus on what opens a Pi-hole. */
  focusPihole(entryId: string): void {
    const index = this.names.findIndex(({ config_entry_id: id }) => id === entryId);
    [...this.renderRoot.querySelectorAll<HTMLElement>(".pihole")][Math.max(index, 0)]?.focus();
  }

  #state(feed: Feed | undefined): TemplateResult | string {
    const { words } = this;
    if (feed?.phase !== "ready" || !feed.pihole) {
      return words.say(feed?.phase === "loading" ? "loading" : "not_loaded");
    }
    const { pihole } = feed;
    const last = pihole.last_backup;
    const parts = [
      words.say(pihole.reachable ? "reachable" : "unreachable"),
      last
        ? words.say("last_backup_ago", { ago: words.format.relative(last) })
        : words.say("empty"),
    ];
    const isBad = pihole.overdue || pihole.damaged > 0 || pihole.attempt?.result === "failed";
    if (pihole.attempt?.result === "failed") {
      const { at } = pihole.attempt;
      parts.push(words.say("last_failed", { ago: words.format.relative(at) }));
    }
    if (pihole.overdue) parts.push(words.say("overdue"));
    if (pihole.damaged) parts.push(words.count("count_damaged", pihole.damaged));
    const kind = isBad || !pihole.reachable ? "bad" : "";
    return html`${outside(shownAddress(pihole.url))} ·
      <span class=${kind}>${parts.join(" · ")}</span>`;
  }

  #difference(id: string): TemplateResult | typeof nothing {
    const { words } = this;
    const count = this.differences.get(id)?.differences;
    const first = this.names[0]?.title ?? "";
    if (count === undefined || count === null) return nothing;
    return html`<span class="difference ${count ? "" : "faint"}"
      >${count ? words.count("differences", count, { name: first }) : words.say("differences_none", { name: first })}</span
    >`;
  }

  /** What takes the differences of a Pi-hole away. */
  #fromFirst(id: string): TemplateResult | typeof nothing {
    const { words, hass } = this;
    if (!hass.user?.is_admin || !this.differences.get(id)?.differences) return nothing;
    const name = plain(this.names[0]?.title ?? "");
    const isReady = [this.#first, this.#feeds.get(id)].every(
      (feed) => feed?.phase === "ready" && feed.online,
    );
    return html`<div class="from">
      ${button(words.say("restore_from", { name }), () => void this.#restoreFromFirst(id), {
        isOff: !isReady,
        name: "restore-from",
      })}
    </div>`;
  }

  /** Open the plan of a restore: the first Pi-hole's current backup onto another one. */
  async #restoreFromFirst(target: string): Promise<void> {
    const first = this.#first;
    if (!first) return;
    const current = this.differences.get(first.entryId)?.backup_id;
    const view = this.#viewOf(first);
    try {
      const backup = (await view.actions.backups()).find(({ id }) => id === current);
      if (backup) this.#dialogs.open({ kind: "restore", backup, target }, view);
    } catch (error) {
      showToast(this, await this.words.error(error), { id: `restore-${target}`, isFailure: true });
    }
  }

  #viewOf(feed: Feed): View {
    const { hass, words } = this;
    return {
      words,
      feed,
      actions: new Actions(hass, feed.entryId),
      isAdmin: hass.user?.is_admin ?? false,
      isReady: feed.phase === "ready" && feed.online,
      title: plain(feed.pihole?.title),
      problem: "",
      piholes: () => listPiholes(hass),
      open: (dialog) => this.#dialogs.open(dialog, this.#viewOf(feed)),
      toast: (message, options) => showToast(this, message, options),
    };
  }

  async #backUp(id: string): Promise<void> {
    if (this.#pressed.has(id)) return;
    this.#pressed.add(id);
    this.requestUpdate();
    try {
      await new Actions(this.hass, id).backUp();
    } catch (error) {
      const reason = await this.words.error(error);
      const options = { id: `attempt-${id}`, isFailure: true };
      showToast(this, this.words.say("toast_failed", { reason }), options);
    } finally {
      this.#pressed.delete(id);
      this.requestUpdate();
    }
  }
}

define("pihole-checkpoint-piholes", Piholes);
