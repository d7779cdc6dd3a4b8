/* What the card says while there is nothing to show. */

import { h, icon, setText, spinner } from "./dom.js";

const WORDS = {
  loading: "loading",
  none: "no_pihole",
  several: "several_piholes",
  unloaded: "not_loaded",
  failed: "load_failed",
};

export class Message {
  constructor(retry) {
    this.sign = h("div", { class: "message-sign" });
    this.text = h("p", { dir: "auto" });
    this.link = h("a", { class: "button strong", href: "/config/integrations/dashboard" });
    this.again = h("button", { type: "button", class: "button try-again", onclick: retry });
    this.element = h("div", { class: "message", role: "status" }, this.sign, this.text, this.link, this.again);
  }

  update({ words, feed, isAdmin }) {
    const { phase, pihole } = feed;
    this.element.hidden = Boolean(pihole);
    if (pihole) return;
    if (phase !== this.phase) {
      this.phase = phase;
      this.sign.replaceChildren(phase === "loading" ? spinner() : icon(phase === "none" ? "backup" : "alert"));
    }
    const reason = feed.problem?.message || words.say("error_unknown");
    setText(this.text, feed.online ? words.say(WORDS[phase] ?? "loading", { reason }) : words.say("error_connection"));
    this.link.hidden = phase !== "none" || !isAdmin;
    setText(this.link, words.say("add_pihole"));
    this.again.hidden = !["unloaded", "failed"].includes(phase);
    setText(this.again, words.say("try_again"));
  }
}
