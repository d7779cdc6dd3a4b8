/* What dialogs have in common. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { BASE, FIELDS } from "../styles/base.ts";
import { DIALOG, DIALOG_TEXT } from "../styles/dialog.ts";
import { CardElement, icon, outside, spinner } from "./element.ts";

export abstract class DialogElement extends CardElement {
  static override properties = {
    ...CardElement.properties,
    busy: { state: true },
    problem: { state: true },
  };
  static override styles = [BASE, FIELDS, DIALOG, DIALOG_TEXT];

  /** What is being waited for, as a sentence. */
  declare busy: string | null;
  /** What went wrong. */
  declare problem: string | null;

  constructor() {
    super();
    this.busy = null;
    this.problem = null;
  }

  protected abstract heading(): string;
  protected abstract body(): TemplateResult | typeof nothing;
  protected abstract buttons(): TemplateResult | typeof nothing;

  /** A gray line below the heading. */
  protected about(): TemplateResult | string {
    return "";
  }

  /** Whether something could be lost by a click beside the dialog. */
  protected isKept(): boolean {
    return false;
  }

  protected override render(): TemplateResult {
    const about = this.about();
    return html`<dialog
      aria-labelledby="heading"
      aria-busy=${String(this.busy !== null)}
      @close=${() => this.#closed()}
      @click=${(event: MouseEvent) => this.#clicked(event)}
      @keydown=${stopShortcuts}
    >
      <div class="box">
        <div class="title"><h2 id="heading" tabindex="-1">${this.heading()}</h2></div>
        ${about ? html`<div class="about">${about}</div>` : nothing}
        <div class="body" role="group" aria-labelledby="heading" tabindex="0">${this.body()}</div>
        <div class="status" role="status">${this.#status()}</div>
        <div class="buttons">${this.buttons()}</div>
      </div>
    </dialog>`;
  }

  #status(): TemplateResult | typeof nothing {
    if (this.busy !== null) {
      return html`<div class="state">${spinner()}<span>${this.busy}</span></div>`;
    }
    if (this.problem === null) return nothing;
    return html`<div class="state bad">
      ${icon("alert-circle-outline")}<span>${outside(this.problem)}</span>
    </div>`;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.dialog?.showModal();
    this.focusHeading();
  }

  get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  protected focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  close(): void {
    this.dialog?.close();
  }

  #closed(): void {
    // Home Assistant's own dialogs say "dialog-closed", and its frontend listens to that everywhere.
    this.dispatchEvent(new CustomEvent("checkpoint-closed"));
  }

  #clicked(event: MouseEvent): void {
    const { dialog } = this;
    if (!dialog || event.target !== dialog || this.isKept()) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x < left || x > right || y < top || y > bottom) this.close();
  }

  /** Do something, or nothing while something else is done; what goes wrong is shown here. */
  protected async attempt(busy: string, work: () => Promise<void>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = busy;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = await this.view.words.error(error);
    } finally {
      this.busy = null;
    }
  }
}

/** Single letters are shortcuts of Home Assistant's. */
function stopShortcuts(event: KeyboardEvent): void {
  if (event.key.length === 1) event.stopPropagation();
}
