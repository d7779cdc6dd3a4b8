/* Archives from the user's computer: chosen, or dropped on the card. */

import { LARGEST_UPLOAD } from "./actions.js";
import { h, icon, setText } from "./dom.js";

export class Uploads {
  constructor(card) {
    this.card = card;
    /** The name of the file that is being uploaded. */
    this.current = null;
    this.depth = 0;
    this.input = h("input", {
      type: "file",
      accept: ".zip,application/zip",
      multiple: true,
      hidden: true,
      onchange: () => {
        const files = [...this.input.files];
        this.input.value = ""; // so that the same file can be chosen once more
        this.take(files);
      },
    });
    this.text = h("span");
    this.veil = h("div", { class: "veil", hidden: true, "aria-hidden": "true" }, icon("upload"), this.text);
    this.element = h("div", {}, this.input, this.veil);
  }

  update({ words }) {
    setText(this.text, words.say("drop_here"));
  }

  choose() {
    if (!this.current) this.input.click();
  }

  listen(box) {
    box.addEventListener("dragenter", (event) => this.isMeant(event) && this.hover(this.depth + 1));
    box.addEventListener("dragleave", (event) => this.isMeant(event) && this.hover(this.depth - 1));
    box.addEventListener("dragover", (event) => {
      if (this.isMeant(event)) event.preventDefault();
    });
    box.addEventListener("drop", (event) => {
      if (!this.isMeant(event)) return;
      event.preventDefault();
      this.hover(0);
      this.take([...event.dataTransfer.files]);
    });
  }

  isMeant(event) {
    const { card } = this;
    return card.isAdmin && card.isReady && event.dataTransfer?.types.includes("Files");
  }

  hover(depth) {
    this.depth = Math.max(0, depth);
    this.veil.hidden = !this.depth;
  }

  /** One after the other. What was stored is told as every backup is. */
  async take(files) {
    if (this.current) return;
    for (const file of files) {
      const refusal = this.refusal(file);
      if (refusal) {
        this.card.toasts.show(refusal, { id: `upload-${file.name}`, important: true });
        continue;
      }
      this.current = file.name;
      this.card.render();
      try {
        const { backups, already_stored: isKnown } = await this.card.actions.upload(file);
        if (isKnown) this.tellWhich(file, backups[0]);
      } catch (error) {
        await this.tell(file, error);
      }
    }
    this.current = null;
    this.card.render();
  }

  refusal({ name, size }) {
    const { words } = this.card;
    if (!name.toLowerCase().endsWith(".zip")) return words.say("upload_not_zip", { name });
    if (size <= LARGEST_UPLOAD) return null;
    return words.say("upload_too_large", { name, size: words.format.size(LARGEST_UPLOAD) });
  }

  tellWhich({ name }, backup) {
    const { words, toasts } = this.card;
    const time = words.format.time(backup.created_at);
    toasts.show(words.say("upload_already_stored", { name, time }), { id: `upload-${name}` });
  }

  async tell({ name }, error) {
    const { words, toasts } = this.card;
    const text = words.say("upload_failed", { name, reason: await words.error(error) });
    toasts.show(text, { id: `upload-${name}`, important: true });
  }
}
