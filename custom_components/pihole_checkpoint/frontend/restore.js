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
      [h("p", {}, busyText), this.stages, this.progress, h("p", { class: "faint" }, this.words.say("restoring_hint"))],
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
    const { pihole } = this.card.feed;
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
    );
    this.choose();
  }

  get parts() {
    return this.boxes.filter((it) => it.checked).map((it) => it.value);
  }

  choose() {
    this.say("");
    this.next = this.button("preview", () => this.preview(), "strong");
    this.show([this.choices], [this.closeButton("cancel"), this.next]);
    this.onChoice();
  }

  onChoice() {
    this.next.disabled = !this.parts.length;
  }

  async preview() {
    const { words, parts } = this;
    this.say(words.say("previewing"), true);
    this.choices.disabled = true;
    let answer;
    const isKnown = await this.attempt(async () => {
      answer = await this.card.actions.restore(this.backup, parts, true);
    });
    this.choices.disabled = false;
    if (!this.isOpen) return;
    const chosen = words.format.join(parts.map((it) => words.say(`part_${it}`)));
    const isAny = isKnown && isDifferent(answer);
    if (isKnown) this.say(words.say(isAny ? "preview_title" : "preview_nothing"));
    else this.fail(words.say("preview_failed", { reason: this.status.textContent }));
    this.show(
      [
        h("p", { class: "chosen" }, chosen),
        isAny && sentences(answer.summary),
        isKnown && answer.remarks?.length
          ? h("ul", { class: "remarks" }, answer.remarks.map((it) => h("li", {}, outside(it))))
          : null,
        h("p", { class: "warned" }, icon("alert"), h("span", {}, words.say("restore_warning"))),
      ],
      [
        this.closeButton("cancel"),
        this.button("back", () => this.choose()),
        this.button(isKnown ? "restore_now" : "restore_anyway", () => this.restore(parts), "strong"),
      ],
    );
    // The summary comes after the sentence that announces it.
    if (isAny) this.body.querySelector(".chosen").after(this.status);
  }

  restore(parts) {
    const doIt = () => this.card.actions.restore(this.backup, parts, false);
    return this.run(doIt, this.words.say("restoring"), this.words.say("restored_title"));
  }

  undoButton(safety) {
    return safety && this.button("undo", () => this.undo());
  }

  undo() {
    this.afterwards = null;
    this.close();
    this.card.undo(true);
  }
}

export class UndoDialog extends ChangingDialog {
  constructor(card) {
    super(card, card.words.say("undo_title"), null);
    this.show(
      [h("p", {}, this.words.say("undo_question"))],
      [this.closeButton("cancel"), this.button("undo", () => this.undo(), "strong")],
    );
  }

  undo() {
    const doIt = () => this.card.actions.undoRestore();
    return this.run(doIt, this.words.say("undoing"), this.words.say("undone_title"));
  }
}
