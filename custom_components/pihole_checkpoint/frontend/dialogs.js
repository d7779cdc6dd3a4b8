/* Dialogs: what they have in common, and the small ones. */

import { h, icon, outside, plain, setAttribute, spinner } from "./dom.js";

const LONGEST_NOTE = 2000;

export class Dialog {
  /**
   * @param card the card's element: `words`, `actions`, `toasts`, `shadowRoot`, `focusRow(index)`
   * @param title its heading  @param backup the backup that it is about
   */
  constructor(card, title, backup) {
    this.card = card;
    this.words = card.words;
    this.backup = backup;
    this.index = card.feed.backups.findIndex((it) => it.id === backup?.id);
    this.opener = card.shadowRoot.activeElement;
    this.heading = h("h2", { id: "dialog-title", tabindex: "-1" }, title);
    this.body = h("div", { class: "dialog-body" });
    this.status = h("div", { class: "dialog-status", role: "status" });
    this.buttons = h("div", { class: "dialog-buttons" });
    this.element = h(
      "dialog",
      {
        "aria-labelledby": "dialog-title",
        onclose: () => this.onClosed(),
        onclick: (event) => this.onClick(event),
        // Single letters are shortcuts of Home Assistant's.
        onkeydown: (event) => event.key.length === 1 && event.stopPropagation(),
      },
      h("div", { class: "dialog-box" }, this.heading, this.about(), this.body, this.status, this.buttons),
    );
  }

  about() {
    if (!this.backup) return null;
    const time = this.words.format.time(this.backup.created_at);
    return h(
      "p",
      { class: "about" },
      this.words.say("backup_of", { time }),
      h("br"),
      outside(this.backup.filename, { class: "faint" }),
    );
  }

  open() {
    this.card.shadowRoot.append(this.element);
    this.element.showModal();
    this.focus();
    return this;
  }

  get isOpen() {
    return this.element.open;
  }

  close() {
    this.element.close();
  }

  /** The browser tells of it later: by then another dialog may have taken this one's place. */
  onClosed() {
    this.element.remove();
    if (this.card.dialog === this) this.card.dialog = null;
    // Another dialog has the focus, the browser has given it back, or the user has gone on with it.
    if (this.card.shadowRoot.activeElement) return;
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    else this.card.focusRow(this.index);
  }

  /** A click beside the dialog closes it, as long as nothing can be lost. */
  onClick(event) {
    if (event.target !== this.element || this.isKept) return;
    const { left, right, top, bottom } = this.element.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x < left || x > right || y < top || y > bottom) this.close();
  }

  /** Called when something that is shown may be another. */
  update() {}

  /** Show another page of the dialog, and put the focus where it goes on. */
  show(children, buttons) {
    this.body.replaceChildren(...children.filter(Boolean));
    this.body.after(this.status);
    this.buttons.replaceChildren(...buttons.filter(Boolean));
    if (this.isOpen) this.focus();
  }

  focus() {
    (this.first ?? this.buttons.querySelector(".strong") ?? this.heading).focus();
  }

  button(slug, run, kind = "") {
    const click = () => this.busy || run();
    return h("button", { type: "button", class: `button ${kind}`, onclick: click }, this.words.say(slug));
  }

  closeButton(slug = "close") {
    return h("button", { type: "button", class: "button", onclick: () => this.close() }, this.words.say(slug));
  }

  /** Say what is under way, or with an empty text that nothing is. */
  say(text, isBusy = false) {
    this.status.replaceChildren(...(text ? [isBusy && spinner(), h("span", {}, text)].filter(Boolean) : []));
    this.status.classList.remove("error");
  }

  fail(text) {
    this.status.replaceChildren(icon("alert"), outside(text));
    this.status.classList.add("error");
  }

  /** Do it, once at a time; what goes wrong is said here. */
  async attempt(what) {
    if (this.busy) return false;
    this.busy = true;
    setAttribute(this.element, "aria-busy", "true");
    try {
      await what();
      return true;
    } catch (error) {
      this.fail(await this.words.error(error));
      return false;
    } finally {
      this.busy = false;
      setAttribute(this.element, "aria-busy", null);
    }
  }
}

/** Sentences of the server, which speaks English. */
export function sentences(list) {
  return h("ul", { class: "sentences", lang: "en", tabindex: "0" }, list.map((it) => h("li", { dir: "auto" }, it)));
}

/** Whether the answer of a comparison tells of any difference. */
export function isDifferent(answer) {
  return Object.values(answer.changes ?? {}).some((it) => it.length);
}

export class NoteDialog extends Dialog {
  constructor(card, backup) {
    super(card, card.words.say("note_title"), backup);
    this.text = h("textarea", { rows: 4, maxlength: LONGEST_NOTE, dir: "auto" });
    this.first = this.text;
    this.text.value = backup.note ?? "";
    this.isKept = true;
    this.show(
      [h("label", { class: "field" }, this.words.say("note_label"), this.text)],
      [this.closeButton("cancel"), this.button("save", () => this.save(), "strong")],
    );
  }

  async save() {
    const isSaved = await this.attempt(() => this.card.actions.note(this.backup, this.text.value.trim()));
    if (!isSaved) return;
    this.close();
    this.card.toasts.show(this.words.say("toast_noted"), { id: "note" });
  }
}

export class DeleteDialog extends Dialog {
  constructor(card, backup) {
    super(card, card.words.say("delete_title"), backup);
    const { words } = this;
    const { pihole, total } = card.feed;
    const isLast = (backup.status === "good" ? (pihole?.count ?? total) : total) === 1;
    const warning = backup.pinned ? "delete_pinned" : isLast && "delete_last";
    setAttribute(this.element, "role", "alertdialog");
    this.show(
      [
        h("p", {}, words.say("delete_text")),
        warning && h("p", { class: "warned" }, icon("alert"), h("span", {}, words.say(warning))),
      ],
      [this.closeButton("cancel"), this.button("delete_now", () => this.remove(), "danger")],
    );
    this.first = this.buttons.firstChild;
  }

  async remove() {
    if (!(await this.attempt(() => this.card.actions.remove(this.backup)))) return;
    this.close();
    const { filename: name, id } = this.backup;
    this.card.toasts.show(this.words.say("toast_deleted", { name: plain(name) }), { id: `deleted-${id}` });
  }
}

export class CompareDialog extends Dialog {
  constructor(card, backup) {
    super(card, card.words.say("compare_title"), backup);
    const { words } = this;
    this.choice = h("select", { onchange: () => this.say("") || this.result.replaceChildren() });
    this.offer(card.feed.backups);
    card.actions.backups().then((all) => this.offer(all)).catch(() => {}); // then it is those on screen
    this.result = h("div", { class: "result" });
    this.show(
      [h("label", { class: "field" }, words.say("compare_with"), this.choice), this.result],
      [this.closeButton(), this.button("compare_title", () => this.compare(), "strong")],
    );
    this.result.before(this.status);
  }

  /** Keeps what is chosen by now. */
  offer(backups) {
    const { value } = this.choice;
    const others = backups.filter((it) => it.id !== this.backup.id && it.status === "good");
    this.choice.replaceChildren(
      h("option", { value: "" }, this.words.say("compare_live")),
      ...others.map((it) => h("option", { value: it.id, selected: it.id === value }, this.nameOf(it))),
    );
  }

  nameOf({ created_at: at, note, trigger }) {
    const words = this.words;
    const what = note || (words.knows(`trigger_${trigger}`) ? words.say(`trigger_${trigger}`) : trigger);
    return `${words.format.time(at)} · ${what.length > 40 ? `${what.slice(0, 39)}…` : what}`;
  }

  async compare() {
    const otherId = this.choice.value;
    this.result.replaceChildren();
    this.say(this.words.say("comparing"), true);
    await this.attempt(async () => {
      const answer = await this.card.actions.compare(this.backup, otherId);
      if (this.choice.value !== otherId) return this.say("");
      if (!isDifferent(answer)) return this.say(this.words.say("compare_same"));
      const hint = this.words.say(otherId ? "compare_hint_other" : "compare_hint_live");
      this.say(hint);
      return this.result.replaceChildren(sentences(answer.summary));
    });
  }
}
