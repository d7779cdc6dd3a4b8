/* The dialogs that change the Pi-hole: restore a backup, and take the last restore back. */

import { Dialog, isDifferent, sentences } from "./dialogs.js";
import { h, icon, outside, setText, spinner } from "./dom.js";

const PARTS = ["settings", "dhcp_leases", "groups", "lists", "domains", "clients"];

/** Progress by stage, and the result. */
class ChangingDialog extends Dialog {
  constructor(card, title, backup) {
    super(card, title, backup);
    /** "asking", "running", "done" or "failed" */
    this.step = "asking";
    /** The Pi-hole that is changed, by its entry ID. */
    this.target = card.entryId;
    /** What is to be told in a toast when this is closed, because that could not be reached. */
    this.afterwards = null;
  }

  get isRunning() {
    return this.step === "running" && this.isOpen;
  }

  /** Whether how a restore goes, or went, can be seen in it. */
  get isShowingRestore() {
    return this.isOpen && this.step !== "asking";
  }

  /** @param doIt answers as a restore does */
  async run(doIt, busyText, doneText) {
    this.step = "running";
    this.stages = h("ol", { class: "stages" });
    this.progress = h("p", { class: "faint progress", dir: "auto" });
    this.stage = null;
    this.say("");
    this.show(
      [h("p", { dir: "auto" }, busyText), this.stages, this.progress, h("p", { class: "faint" }, this.words.say("restoring_hint"))],
      [this.closeButton()],
    );
    this.update();
    try {
      const answer = await doIt();
      this.step = "done";
      if (this.isOpen) this.showResult(answer, doneText);
    } catch (error) {
      this.step = "failed";
      const text = await this.words.error(error);
      if (this.isOpen) this.showFailure(text);
    }
  }

  /** Each stage gets a line: the ones before are done. */
  update() {
    if (this.step !== "running") return;
    // Of another Pi-hole this card is told nothing.
    const pihole = this.target === this.card.entryId ? this.card.feed.pihole : null;
    const stage = pihole?.stage ?? null;
    const text = this.words.stage(pihole) ?? this.words.say("stage_starting");
    if (stage !== this.stage || !this.stages.children.length) {
      if (stage === null && this.stage !== null) return; // the answer is about to come
      this.stage = stage;
      this.stages.lastChild?.firstChild.replaceWith(icon("check"));
      this.stages.append(h("li", {}, spinner(), h("span", {}, text)));
      this.say("");
      this.status.append(h("span", { class: "unseen" }, text));
    } else setText(this.stages.lastChild.lastChild, text);
    setText(this.progress, stage === "updating_gravity" ? String(pihole.progress ?? "") : "");
  }

  showResult(answer, title) {
    const { words } = this;
    setText(this.heading, title);
    const remarks = answer.remarks ?? [];
    const isDone = answer.proven !== false;
    this.say("");
    this.show(
      [
        h(
          "p",
          { class: `outcome ${isDone ? "good" : "warned"}` },
          icon(isDone ? "good" : "alert"),
          h("span", {}, words.say(isDone ? "restored_proven" : "restored_unproven")),
        ),
        remarks.length && h("ul", { class: "remarks" }, remarks.map((it) => h("li", {}, outside(it)))),
        isDifferent(answer)
          ? h("div", {}, h("p", {}, words.say("restored_changed")), sentences(answer.summary))
          : h("p", {}, words.say("restored_nothing")),
      ],
      [this.undoButton(answer.safety_backup), this.closeButton()],
    );
    this.heading.focus();
    this.status.append(h("span", { class: "unseen" }, title));
  }

  showFailure(text) {
    setText(this.heading, this.words.say("restore_failed_title"));
    this.show([], [this.undoButton(this.hasBegun), this.closeButton()]);
    this.fail(text);
    this.heading.focus();
  }

  /** Only a restore can be taken back in the same place. */
  undoButton() {
    return null;
  }

  onClosed() {
    super.onClosed();
    this.afterwards?.();
  }
}

export class RestoreDialog extends ChangingDialog {
  constructor(card, backup) {
    super(card, card.words.say("restore_title"), backup);
    const { words } = this;
    this.boxes = PARTS.map((it) =>
      h("input", { type: "checkbox", value: it, checked: true, onchange: () => this.onChoice() }),
    );
    const hints = { settings: "parts_hint_settings" };
    this.choices = h(
      "fieldset",
      {},
      h("legend", {}, words.say("restore_choose")),
      this.boxes.map((box) =>
        h(
          "label",
          { class: "check" },
          box,
          h(
            "span",
            {},
            words.say(`part_${box.value}`),
            hints[box.value] && h("span", { class: "faint" }, ` ${words.say(hints[box.value])}`),
          ),
        ),
      ),
      h("p", { class: "faint" }, words.say("restore_choose_hint")),
      this.gravityChoice(),
    );
    this.targetChoice = h("label", { class: "field", hidden: true });
    this.choose();
    card.actions.piholes().then((all) => this.offer(all)).catch(() => {}); // then it is this one
  }

  gravityChoice() {
    const onchange = () => {
      this.isGravityChosen = true;
    };
    this.gravity = h("input", { type: "checkbox", checked: true, onchange });
    const text = h(
      "span",
      {},
      this.words.say("restore_gravity"),
      h("span", { class: "faint" }, ` ${this.words.say("restore_gravity_hint")}`),
    );
    return h("label", { class: "check" }, this.gravity, text);
  }

  /** To another Pi-hole than the one it came from, if there is another. */
  offer(piholes) {
    if (piholes.length < 2) return;
    const onchange = (event) => {
      this.target = event.target.value;
      // They hold that one's addresses, ports and passwords.
      this.boxes.find((it) => it.value === "settings").checked = this.target === this.card.entryId;
      this.onChoice();
    };
    const options = piholes.map(({ config_entry_id: id, title }) =>
      h("option", { value: id, selected: id === this.target }, title),
    );
    this.targetChoice.append(this.words.say("restore_to"), h("select", { onchange }, options));
    this.targetChoice.hidden = false;
    this.targetName = Object.fromEntries(piholes.map((it) => [it.config_entry_id, it.title]));
  }

  get order() {
    return { target: this.target, parts: this.parts, updateGravity: this.gravity.checked };
  }

  get parts() {
    return this.boxes.filter((it) => it.checked).map((it) => it.value);
  }

  choose() {
    this.say("");
    this.next = this.button("preview", () => this.preview(), "strong");
    this.show([this.targetChoice, this.choices], [this.closeButton("cancel"), this.next]);
    this.onChoice();
  }

  onChoice() {
    const { parts } = this;
    this.next.disabled = !parts.length;
    if (!this.isGravityChosen) this.gravity.checked = parts.includes("lists");
  }

  async preview() {
    const { words, order } = this;
    const select = this.targetChoice.querySelector("select");
    const hold = (isHeld) => {
      this.choices.disabled = isHeld;
      if (select) select.disabled = isHeld;
    };
    this.say(words.say("previewing"), true);
    hold(true);
    let answer;
    const isKnown = await this.attempt(async () => {
      answer = await this.card.actions.restore(this.backup, order, true);
    });
    hold(false);
    if (!this.isOpen) return;
    const names = words.format.join(order.parts.map((it) => words.say(`part_${it}`)));
    const isElsewhere = order.target !== this.card.entryId;
    const chosen = isElsewhere ? `${this.targetName[order.target]}: ${names}` : names;
    const isAny = isKnown && isDifferent(answer);
    const canRestore = isAny || !isKnown;
    if (isKnown) this.say(words.say(isAny ? "preview_title" : "preview_nothing"));
    else this.fail(words.say("preview_failed", { reason: this.status.textContent }));
    this.show(
      [
        h("p", { class: "chosen", dir: "auto" }, chosen),
        isAny && sentences(answer.summary),
        isKnown && answer.remarks?.length
          ? h("ul", { class: "remarks" }, answer.remarks.map((it) => h("li", {}, outside(it))))
          : null,
        canRestore && h("p", { class: "warned" }, icon("alert"), h("span", {}, words.say("restore_warning"))),
      ],
      [
        this.closeButton("cancel"),
        this.button("back", () => this.choose()),
        canRestore &&
          this.button(isKnown ? "restore_now" : "restore_anyway", () => this.restore(order), "strong"),
      ],
    );
    // The summary comes after the sentence that announces it.
    if (isAny) this.body.querySelector(".chosen").after(this.status);
  }

  restore(order) {
    const doIt = () => this.card.actions.restore(this.backup, order, false);
    return this.run(doIt, this.words.say("restoring"), this.words.say("restored_title"));
  }

  undoButton(safety) {
    return safety && this.button("undo", () => this.undo());
  }

  undo() {
    this.afterwards = null;
    this.close();
    this.card.undo(true, this.target);
  }
}

export class UndoDialog extends ChangingDialog {
  constructor(card, target) {
    super(card, card.words.say("undo_title"), null);
    this.target = target;
    this.show(
      [h("p", {}, this.words.say("undo_question"))],
      [this.closeButton("cancel"), this.button("undo", () => this.undo(), "strong")],
    );
  }

  undo() {
    const doIt = () => this.card.actions.undoRestore(this.target);
    return this.run(doIt, this.words.say("undoing"), this.words.say("undone_title"));
  }
}
