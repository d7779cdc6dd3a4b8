/* The card: puts the parts together, and tells them when something is another. */

import { Actions } from "./actions.js";
import { TAG, checked, configForm, entitySuggestion, stubConfig } from "./config.js";
import { Feed } from "./connection.js";
import { CompareDialog, DeleteDialog, NoteDialog } from "./dialogs.js";
import { h, plain } from "./dom.js";
import { Happenings } from "./happenings.js";
import { Header } from "./header.js";
import { Menu } from "./menu.js";
import { Message } from "./message.js";
import { RestoreDialog, UndoDialog } from "./restore.js";
import { STYLES } from "./styles.js";
import { Table } from "./table.js";
import { Toasts } from "./toast.js";
import { Uploads } from "./upload.js";
import { ENGLISH, loadWords, Words } from "./words.js";

const TICK = 10_000;

class PiholeCheckpointCard extends HTMLElement {
  static getConfigForm = configForm;
  static getStubConfig = stubConfig;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.isPressed = false;
    this.dialog = null;
    this.live = h("div", { class: "unseen live", role: "status", "aria-live": "polite" });
    this.toasts = new Toasts(this, this.live);
    this.actions = new Actions(this);
    this.happenings = new Happenings(this);
    this.feed = new Feed(
      (fresh) => this.render(fresh),
      (type, data) => this.happenings.tell(type, data),
    );
    this.header = new Header({ backUp: () => this.backUp(), undo: () => this.undo() });
    this.message = new Message(() => this.feed.resume());
    this.uploads = new Uploads(this);
    this.menu = new Menu();
    this.table = new Table({
      more: () => this.isReady && this.feed.more(),
      upload: () => this.isReady && this.uploads.choose(),
      openMenu: (row, button, fromEnd) => this.openMenu(row, button, fromEnd),
    });
    this.box = h(
      "ha-card",
      {},
      h("div", { class: "card" }, this.header.element, this.message.element, this.table.element),
      this.uploads.element,
    );
    this.uploads.listen(this.box);
    this.shadowRoot.append(h("style", {}, STYLES), this.box, this.menu.element, this.live);
    this.observer = new IntersectionObserver(([it]) => this.tick(it.isIntersecting));
    this.onVisibility = () => this.tick(this.isOnScreen);
  }

  setConfig(config) {
    const before = this.config;
    this.config = checked(config);
    this.view = null;
    if (before?.entryId !== this.config.entryId || before?.rows !== this.config.rows) this.begin();
    else this.render();
  }

  set hass(hass) {
    const before = this._hass;
    this._hass = hass;
    if (this.words) this.words.hass = hass;
    if (before && !isOther(before, hass)) return;
    if (before?.language !== hass.language) loadWords(hass).then(() => this.chooseWords());
    this.chooseWords();
    if (before?.connection !== hass.connection) this.begin();
  }

  get hass() {
    return this._hass;
  }

  get entryId() {
    return this.feed.entryId;
  }

  get isAdmin() {
    return Boolean(this.hass?.user?.is_admin);
  }

  get isReady() {
    return this.feed.phase === "ready" && this.feed.online;
  }

  getCardSize() {
    return 4 + Math.ceil((this.config?.rows ?? 10) * 0.8);
  }

  getGridOptions() {
    return { columns: "full", min_columns: 6, rows: "auto" };
  }

  connectedCallback() {
    this.observer.observe(this);
    document.addEventListener("visibilitychange", this.onVisibility);
    this.begin();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.tick(false);
    this.happenings.forget();
    this.menu.close(false);
    this.feed.stop();
  }

  /** Subscribe, as soon as all is there that it takes. */
  begin() {
    if (!this.isConnected || !this.hass || !this.config) return;
    this.feed.start(this.hass, this.config.entryId, this.config.rows);
    this.render();
  }

  /** Everything is written anew, but only when something would read differently. */
  chooseWords() {
    const { locale, config, user } = this.hass;
    const words = new Words(this.hass);
    const signature = JSON.stringify([
      locale,
      config?.time_zone,
      user?.is_admin,
      ["backups", "loading", "status_good"].map((it) => words.say(it)),
    ]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.words = words;
    this.view = null;
    this.render();
  }

  /** @param fresh the ids of backups that have just been made */
  render(fresh = []) {
    const { words, config, feed, isAdmin, isReady } = this;
    if (!words || !config) return;
    if (feed.pihole?.running) this.isPressed = false; // it has begun, and tells by itself
    this.view ??= { words, columns: config.columns, isAdmin };
    const uploading = this.uploads.current;
    const state = { words, config, feed, isAdmin, isReady, isPressed: this.isPressed, uploading, view: this.view };
    this.header.update(state);
    this.message.update(state);
    this.uploads.update(state);
    this.table.element.hidden = !feed.pihole;
    if (feed.pihole) this.table.update(state, fresh);
    this.happenings.watch(feed.pihole);
    this.dialog?.update();
  }

  /** "3 minutes ago" goes on, as long as somebody can see it. */
  tick(isOnScreen) {
    this.isOnScreen = isOnScreen;
    const isSeen = isOnScreen && document.visibilityState === "visible";
    if (isSeen === Boolean(this.ticking)) return;
    clearInterval(this.ticking);
    this.ticking = isSeen ? setInterval(() => this.render(), TICK) : null;
    if (isSeen) this.render();
  }

  async backUp() {
    const { pihole } = this.feed;
    if (this.isPressed || !this.isReady || !pihole || pihole.stage || pihole.running) return;
    this.isPressed = true;
    this.render();
    const done = this.happenings.expect();
    try {
      await this.actions.backUp();
    } catch (error) {
      await this.fail(error, "toast_failed", "attempt");
    } finally {
      done();
      this.isPressed = false;
      this.render();
    }
  }

  /** @param isDecided whether nothing is to be asked any more  @param target which Pi-hole's */
  undo(isDecided = false, target = this.entryId) {
    if (!this.isConnected) {
      this.actions.undoRestore(target).catch((error) => this.fail(error, "toast_restore_failed"));
      return;
    }
    if (!this.isReady || this.dialog?.isRunning) return;
    const dialog = this.openDialog(UndoDialog, target);
    if (isDecided) dialog.undo();
  }

  openMenu(row, button, fromEnd) {
    const { words } = this;
    const { backup } = row;
    const isGood = backup.status === "good";
    const isThere = backup.status !== "missing";
    const item = (isShown, slug, icon, run, isDanger = false) =>
      isShown && { text: words.say(slug), icon, run: () => this.isReady && run(), isDanger };
    const items = [
      item(isThere, "download", "download", () => this.download(backup)),
      item(isGood, "restore", "restore", () => this.openDialog(RestoreDialog, backup)),
      item(isGood, "compare", "compare", () => this.openDialog(CompareDialog, backup)),
      item(true, backup.pinned ? "unpin" : "pin", backup.pinned ? "unpin" : "pin", () => this.pin(backup)),
      item(true, "edit_note", "note", () => this.openDialog(NoteDialog, backup)),
      item(true, "verify", "verify", () => this.verify(backup)),
      item(true, "delete", "delete", () => this.openDialog(DeleteDialog, backup), true),
    ];
    const time = words.format.time(backup.created_at);
    this.menu.open(button, items.filter(Boolean), { fromEnd, label: words.say("menu_of", { time }) });
  }

  /** @param about what the dialog is about */
  openDialog(kind, about) {
    this.dialog?.close();
    this.dialog = new kind(this, about);
    return this.dialog.open();
  }

  async download(backup) {
    await this.attempt(() => this.actions.download(backup));
  }

  async pin(backup) {
    await this.attempt(async () => {
      await this.actions.pin(backup, !backup.pinned);
      this.toasts.show(this.words.say(backup.pinned ? "toast_unpinned" : "toast_pinned"), { id: "pin" });
    });
  }

  async verify(backup) {
    await this.attempt(async () => {
      const { status, filename: name } = await this.actions.verify(backup);
      const slug = status === "good" ? "toast_verified" : "toast_not_verified";
      const options = { id: `verified-${backup.id}`, important: status !== "good" };
      this.toasts.show(this.words.say(slug, { name: plain(name) }), options);
    });
  }

  async attempt(what) {
    try {
      await what();
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Tell what went wrong, in a toast. */
  async fail(error, slug = null, id = "error") {
    const reason = await this.words.error(error);
    const text = slug ? this.words.say(slug, { reason }) : reason;
    this.toasts.show(text, { id: `${id}-${this.entryId}`, important: true });
  }

  /** The focus was on a row that is gone: put it on the one in its place. */
  focusRow(index) {
    const buttons = [...this.shadowRoot.querySelectorAll(".menu-button")];
    const button = buttons[Math.min(Math.max(index, 0), buttons.length - 1)] ?? this.header.button;
    button.focus({ preventScroll: true });
  }
}

/** `hass` comes anew with every state of every entity; little of that matters here. */
function isOther(one, other) {
  return ["connection", "language", "localize", "locale", "user", "config"].some(
    (it) => one[it] !== other[it],
  );
}

if (!customElements.get(TAG)) {
  customElements.define(TAG, PiholeCheckpointCard);
  window.customCards ??= [];
  if (!window.customCards.some((it) => it.type === TAG)) {
    window.customCards.push({
      type: TAG,
      name: ENGLISH.card_name,
      description: ENGLISH.card_description,
      preview: true,
      getEntitySuggestion: entitySuggestion,
    });
  }
}
