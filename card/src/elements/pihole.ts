/* One Pi-hole: its state, its backups and its dialogs. It owns the store of that Pi-hole. */

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Actions, listPiholes } from "../actions.ts";
import type { Config } from "../config.ts";
import { Deadline } from "../deadline.ts";
import { Dialogs, type Opener } from "../dialogs.ts";
import { Feed } from "../feed.ts";
import { expectAnswer, showHappening } from "../happenings.ts";
import type { HomeAssistant, ServerError } from "../home-assistant.ts";
import type { Happening } from "../server.ts";
import { BASE } from "../styles/base.ts";
import { Ticking } from "../ticking.ts";
import { showToast, type ToastOptions } from "../toasts.ts";
import { uploadAll } from "../uploads.ts";
import type { Dialog, View } from "../view.ts";
import { plain, type Words } from "../words/words.ts";
import type { Compact } from "./compact.ts";
import "./compact.ts";
import type { DropZone } from "./drop-zone.ts";
import "./drop-zone.ts";
import { define } from "./element.ts";
import "./header.ts";
import "./message.ts";
import type { Rows } from "./rows.ts";
import "./rows.ts";

const READ_OUT_MS = 100;

export class OnePihole extends LitElement {
  static override properties = {
    hass: { attribute: false },
    words: { attribute: false },
    entryId: { attribute: false },
    config: { attribute: false },
    isPreview: { attribute: false },
    view: { state: true },
    fresh: { state: true },
    isPressed: { state: true },
    uploading: { state: true },
    readOut: { state: true },
  };
  static override styles = [
    BASE,
    css`
      :host {
        container: card / inline-size;
        block-size: 100%;
      }
    `,
  ];

  declare hass: HomeAssistant;
  declare words: Words;
  declare entryId: string;
  declare config: Config;
  /** Whether the card is only a preview in a dashboard's editor: it shows no toasts. */
  declare isPreview: boolean;
  /** What the elements show; another object whenever something is different. */
  declare view: View | null;
  /** The IDs of the backups that were made last, while the card was open. */
  declare fresh: readonly string[];
  declare isPressed: boolean;
  /** The name of the file that is being uploaded. */
  declare uploading: string | null;
  /** What a screen reader says. */
  declare readOut: string;

  #feed: Feed | null = null;
  /** Why the backups could not be loaded, in the user's language. */
  #problem = "";
  readonly #dialogs = new Dialogs(this, (opener) => this.#focusRow(opener));
  readonly #deadline = new Deadline((seconds) => this.#warnOf(seconds));

  constructor() {
    super();
    this.isPreview = false;
    this.view = null;
    this.fresh = [];
    this.isPressed = false;
    this.uploading = null;
    this.readOut = "";
    this.addController(new Ticking(this, () => this.#refresh()));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("hass");
    const isReconnected = changed.has("hass") && before?.connection !== this.hass.connection;
    const hasOtherRows = changed.has("config") && changed.get("config")?.rows !== this.config.rows;
    if (changed.has("entryId") || isReconnected || hasOtherRows) this.#begin();
    else if (changed.has("words") || changed.has("config") || changed.has("hass")) this.#refresh();
  }

  #begin(): void {
    this.#end();
    this.#feed = new Feed(this.hass, this.entryId, this.config.rows, {
      changed: (fresh) => this.#changed(fresh),
      happened: (type, data) => this.#happened(type, data),
    });
    this.#feed.start();
    this.#refresh();
  }

  #end(): void {
    this.#deadline.forget();
    this.#dialogs.forget();
    this.#feed?.stop();
    this.#feed = null;
  }

  #changed(fresh: readonly string[]): void {
    const pihole = this.#feed?.pihole ?? null;
    if (pihole?.running) this.isPressed = false; // it has begun, and says so by itself
    this.#deadline.watch(pihole);
    if (fresh.length) this.fresh = fresh;
    this.#refresh();
    if (this.#feed?.problem) void this.#explain(this.#feed.problem);
  }

  async #explain(problem: ServerError): Promise<void> {
    this.#problem = await this.words.error(problem);
    this.#refresh();
    // Perhaps it is not there any more, and another one is.
    this.dispatchEvent(new CustomEvent("pihole-missing"));
  }

  #refresh(): void {
    const feed = this.#feed;
    if (!feed) return;
    const { hass, words, config } = this;
    this.view = {
      words,
      feed,
      actions: new Actions(hass, feed.entryId),
      isAdmin: hass.user?.is_admin ?? false,
      isReady: feed.phase === "ready" && feed.online,
      title: plain([config.title, feed.pihole?.title].find(Boolean)),
      problem: this.#problem,
      piholes: () => listPiholes(hass),
      open: (dialog) => this.#open(dialog),
      toast: (message, options) => this.#toast(message, options),
    };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    return html`${this.config.layout === "compact" ? this.#compact(view) : this.#full(view)}
      ${this.#dialogs.template(view)}
      <div class="unseen live" role="status" aria-live="polite">${this.readOut}</div>`;
  }

  #compact(view: View): TemplateResult {
    return html`<pihole-checkpoint-compact
      .view=${view}
      .isPressed=${this.isPressed}
      @back-up=${() => this.#backUp()}
    ></pihole-checkpoint-compact>`;
  }

  #full(view: View): TemplateResult {
    return html`<pihole-checkpoint-drop-zone
      .isOpen=${view.isAdmin && view.isReady && this.uploading === null}
      .hint=${view.words.say("drop_here")}
      @files-taken=${(event: CustomEvent<File[]>) => this.#upload(event.detail)}
    >
      <pihole-checkpoint-header
        .view=${view}
        .isPressed=${this.isPressed}
        @back-up=${() => this.#backUp()}
      ></pihole-checkpoint-header>
      ${
        view.feed.pihole
          ? html`<pihole-checkpoint-rows
              .view=${view}
              .fresh=${this.fresh}
              .uploading=${this.uploading}
              @choose-upload=${() => this.#chooseUpload()}
            ></pihole-checkpoint-rows>`
          : html`<pihole-checkpoint-message .view=${view}></pihole-checkpoint-message>`
      }
    </pihole-checkpoint-drop-zone>`;
  }

  #open(dialog: Dialog): void {
    const { view } = this;
    if (!view) return;
    if (this.isConnected) this.#dialogs.open(dialog, view);
    else if (dialog.kind === "undo") this.#undoUnseen(view, dialog.entryId);
  }

  /** A toast outlives the card that showed it, when the user goes to another page. */
  #undoUnseen({ words, feed, actions }: View, entryId: string): void {
    const slug = feed.pihole?.restore?.kind === "redo" ? "redone_title" : "undone_title";
    actions.undoRestore(entryId).then(
      () => this.#toast(words.say(slug), { id: `restore-${entryId}` }),
      (error: unknown) => this.#fail(error, "toast_restore_failed"),
    );
  }

  #focusRow(opener: Opener | null): void {
    if (!opener) return;
    const index = this.#feed?.backups.findIndex(({ id }) => id === opener.backupId) ?? -1;
    this.renderRoot
      .querySelector<Rows>("pihole-checkpoint-rows")
      ?.focusRow(index < 0 ? opener.index : index);
    this.renderRoot.querySelector<Compact>("pihole-checkpoint-compact")?.focusOpener();
  }

  async #backUp(): Promise<void> {
    const { view } = this;
    const pihole = view?.feed.pihole;
    if (this.isPressed || !view?.isReady || !pihole || pihole.stage || pihole.running) return;
    this.isPressed = true;
    const answered = expectAnswer(view.feed.entryId);
    try {
      await view.actions.backUp();
    } catch (error) {
      await this.#fail(error, "toast_failed");
    } finally {
      answered();
      this.isPressed = false;
    }
  }

  #happened(type: string, data: Happening): void {
    const { view } = this;
    if (!view || this.isPreview) return;
    const dialog = this.#dialogs.changing;
    if (dialog && type === "restore_failed") {
      // What was refused changed nothing: an undo would take back the restore before it.
      dialog.canTakeBack = Boolean(data.safety_backup_id) && data.reason !== "restore_refused";
    } else if (dialog && type === "restored") {
      this.#dialogs.afterwards(() => this.view && showHappening(this.view, type, data));
    } else showHappening(view, type, data);
  }

  #warnOf(deadline: number): void {
    if (this.isPreview) return;
    const seconds = this.words.format.number(deadline);
    const text = this.words.say("toast_deadline", { seconds });
    this.#toast(text, { id: `attempt-${this.entryId}`, isFailure: true });
  }

  #toast(message: string, options: ToastOptions): void {
    if (!showToast(this, message, options)) return;
    // The same sentence twice is no news to a screen reader, unless it was gone in between.
    this.readOut = "";
    setTimeout(() => {
      this.readOut = message;
    }, READ_OUT_MS);
  }

  async #fail(error: unknown, slug: string): Promise<void> {
    const text = this.words.say(slug, { reason: await this.words.error(error) });
    this.#toast(text, { id: `attempt-${this.entryId}`, isFailure: true });
  }

  #chooseUpload(): void {
    this.renderRoot.querySelector<DropZone>("pihole-checkpoint-drop-zone")?.choose();
  }

  #upload(files: readonly File[]): void {
    const { view } = this;
    if (!view || this.uploading !== null) return;
    void uploadAll(view, files, (name) => {
      this.uploading = name;
    });
  }
}

define("pihole-checkpoint-pihole", OnePihole);
