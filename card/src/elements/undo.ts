/* Take the last restore back, or the undoing of it. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { button } from "./button.ts";
import { define, icon } from "./element.ts";
import { ChangingDialog } from "./steps.ts";

export class Undo extends ChangingDialog {
  static override properties = {
    ...ChangingDialog.properties,
    entryId: { attribute: false },
    isDecided: { attribute: false },
    isRedo: { state: true },
  };

  declare entryId: string;
  /** Whether nothing is to be asked any more. */
  declare isDecided: boolean;
  declare isRedo: boolean;

  constructor() {
    super();
    this.isRedo = false;
  }

  get target(): string {
    return this.entryId;
  }

  protected override get doneTitle(): string {
    return this.view.words.say(this.isRedo ? "redone_title" : "undone_title");
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    const { feed } = this.view;
    this.isRedo = this.entryId === feed.entryId && feed.pihole?.restore?.kind === "redo";
    if (this.isDecided) this.#undo();
  }

  #undo(): void {
    void this.run(() => this.view.actions.undoRestore(this.entryId));
  }

  protected override askingTitle(): string {
    return this.view.words.say(this.isRedo ? "redo_title" : "undo_title");
  }

  protected override body(): TemplateResult | typeof nothing {
    const { words } = this.view;
    if (this.phase === "running") return this.runningBody();
    if (this.phase === "done" && this.answer) return this.resultBody(this.answer);
    if (this.phase === "lost") return this.lostBody();
    if (this.phase === "failed") return nothing;
    return html`<p class="state">
      ${icon("information-outline")}<span
        >${words.say(this.isRedo ? "redo_question" : "undo_question")}</span
      >
    </p>`;
  }

  protected override buttons(): TemplateResult {
    const { words } = this.view;
    if (this.phase !== "asking") {
      const slug = this.isRedo ? "undo" : "redo";
      return html`${this.phase === "running" ? nothing : this.takeBackButton(slug)}
      ${this.closeButton()}`;
    }
    return html`${button(words.say("cancel"), () => this.close())}
    ${button(words.say(this.isRedo ? "redo" : "undo"), () => this.#undo(), { looks: "filled" })}`;
  }
}

define("pihole-checkpoint-undo", Undo);
