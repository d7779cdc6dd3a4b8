/* Takes files that are dropped on it, or chosen. */

import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { BASE } from "../styles/base.ts";
import { define, icon } from "./element.ts";

export class DropZone extends LitElement {
  static override properties = {
    isOpen: { attribute: false },
    hint: { attribute: false },
    isDraggedOver: { state: true },
  };
  static override styles = [
    BASE,
    css`
      :host {
        position: relative;
        block-size: 100%;
      }
      .veil {
        position: absolute;
        inset: 6px;
        z-index: 5;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        padding: 16px;
        text-align: center;
        pointer-events: none;
        font-weight: 500;
        color: var(--pc-accent-ink);
        border: 2px dashed var(--pc-accent);
        border-radius: var(--pc-round);
        background: color-mix(in srgb, var(--pc-surface) 92%, var(--pc-accent));
      }
    `,
  ];

  /** Whether files are taken now. */
  declare isOpen: boolean;
  declare hint: string;
  declare isDraggedOver: boolean;

  constructor() {
    super();
    this.isOpen = false;
    this.hint = "";
    this.isDraggedOver = false;
    this.addEventListener("dragover", (event) => this.#dragged(event));
    this.addEventListener("dragleave", () => {
      this.isDraggedOver = false;
    });
    this.addEventListener("drop", (event) => this.#dropped(event));
  }

  /** Let the user choose files. */
  choose(): void {
    if (this.isOpen) this.renderRoot.querySelector("input")?.click();
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>
      <input
        type="file"
        accept=".zip,application/zip"
        multiple
        hidden
        @change=${(event: Event) => this.#chosen(event.target as HTMLInputElement)}
      />
      ${
        this.isDraggedOver
          ? html`<div class="veil" aria-hidden="true">
              ${icon("upload")}<span>${this.hint}</span>
            </div>`
          : nothing
      }`;
  }

  #dragged(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // or the browser would leave the page for the file
    this.isDraggedOver = this.isOpen;
    if (!this.isOpen) event.dataTransfer.dropEffect = "none";
  }

  #dropped(event: DragEvent): void {
    if (!this.isDraggedOver) return;
    event.preventDefault();
    this.isDraggedOver = false;
    this.#take(event.dataTransfer?.files);
  }

  #chosen(input: HTMLInputElement): void {
    const files = input.files;
    this.#take(files);
    input.value = ""; // so that the same file can be chosen once more
  }

  #take(files: FileList | null | undefined): void {
    const detail = [...(files ?? [])];
    this.dispatchEvent(new CustomEvent<File[]>("files-taken", { detail }));
  }
}

define("pihole-checkpoint-drop-zone", DropZone);
