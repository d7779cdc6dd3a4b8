/* The upper part of the card: which Pi-hole it is, how it is, and the button. */

import { h, icon, setAttribute, setText, spinner } from "./dom.js";

const UNKNOWN = "–";

export class Header {
  /** @param on what to do: `backUp` and `undo` */
  constructor(on) {
    this.on = on;
    this.title = h("h2", { class: "title", dir: "auto" });
    this.reach = h("span", { class: "reach-text" });
    this.reachBox = h("span", { class: "reach" }, h("span", { class: "dot" }), this.reach);
    this.address = h("a", { class: "address", dir: "ltr", target: "_blank", rel: "noreferrer" });
    this.buttonIcon = h("span", { class: "button-icon" }, icon("backup"));
    this.buttonText = h("span", { class: "button-text" });
    this.button = h(
      "button",
      { type: "button", class: "button strong backup-now", onclick: () => this.on.backUp() },
      this.buttonIcon,
      this.buttonText,
    );
    this.undo = h(
      "button",
      { type: "button", class: "button undo-restore", hidden: true, onclick: () => this.undo.ariaDisabled || this.on.undo() },
      icon("undo"),
      h("span", {}),
    );
    this.notices = h("div", { class: "notices" });
    this.facts = {};
    this.factList = h(
      "dl",
      { class: "facts" },
      ["last_backup", "next_backup", "storage"].map((it) => this.fact(it)),
    );
    this.element = h(
      "div",
      { class: "header" },
      h(
        "div",
        { class: "head" },
        h("div", { class: "who" }, this.title, h("div", { class: "where" }, this.reachBox, this.address)),
        h("div", { class: "do" }, this.undo, this.button),
      ),
      this.notices,
      this.factList,
    );
  }

  fact(name) {
    const [term, value, more] = [h("dt"), h("dd", { class: "value" }), h("dd", { class: "more" })];
    this.facts[name] = { term, value, more };
    return h("div", { class: `fact ${name.replace("_", "-")}` }, term, value, more);
  }

  /** @param state `{words, feed, config, isAdmin, isPressed, isReady}` */
  update(state) {
    const { words, feed, config } = state;
    const { pihole } = feed;
    setText(this.title, config.title || pihole?.title || words.say("card_name"));
    this.reachBox.hidden = this.address.hidden = this.factList.hidden = this.button.hidden = !pihole;
    this.undo.hidden = !pihole?.can_undo || !state.isAdmin;
    this.updateNotices(state);
    if (!pihole) return;
    setText(this.reach, words.say(pihole.reachable ? "reachable" : "unreachable"));
    setAttribute(this.reachBox, "data-reachable", String(Boolean(pihole.reachable)));
    this.updateAddress(words, pihole.url);
    this.updateButton(state);
    this.updateFacts(words, pihole);
  }

  updateAddress(words, url) {
    const address = webAddress(url);
    setText(this.address, address ? address.host + address.pathname.replace(/\/$/, "") : (url ?? ""));
    setAttribute(this.address, "href", address ? `${address.href.replace(/\/$/, "")}/admin/` : null);
    setAttribute(this.address, "title", address ? words.say("open_pihole") : null);
  }

  updateButton({ words, feed, isPressed, isReady }) {
    const stage = words.stage(feed.pihole) ?? (isPressed || feed.pihole.running ? words.say("stage_starting") : null);
    const isBusy = stage !== null;
    setText(this.buttonText, stage ?? words.say("backup_now"));
    // Not "disabled": the focus would be lost, and with it the place of whoever uses a keyboard.
    setAttribute(this.button, "aria-disabled", isBusy || !isReady ? "true" : null);
    setAttribute(this.button, "aria-busy", isBusy ? "true" : null);
    if (this.isBusy !== isBusy) this.buttonIcon.replaceChildren(isBusy ? spinner() : icon("backup"));
    this.isBusy = isBusy;
    setText(this.undo.lastChild, words.say("undo_restore"));
    setAttribute(this.undo, "aria-disabled", isBusy || !isReady ? "true" : null);
  }

  updateFacts(words, pihole) {
    const { format } = words;
    const { last_backup: last, next_backup: next, storage } = this.facts;
    for (const [name, fact] of Object.entries(this.facts)) setText(fact.term, words.say(name));
    const isKnown = pihole.count !== null;
    const none = isKnown ? words.say("never") : UNKNOWN;
    setText(last.value, pihole.last_backup ? format.relative(pihole.last_backup) : none);
    setAttribute(last.value, "title", pihole.last_backup ? format.time(pihole.last_backup) : null);
    const changed = pihole.last_change;
    setText(last.more, changed ? words.say("last_change", { ago: format.relative(changed.at) }) : "");
    setAttribute(last.more, "title", changed?.summary?.join("\n"));
    setText(
      next.value,
      pihole.next_run ? format.relative(pihole.next_run) : words.say("not_scheduled"),
    );
    setText(next.more, pihole.next_run ? format.time(pihole.next_run) : "");
    setText(storage.value, isKnown ? format.size(pihole.storage_used ?? 0) : UNKNOWN);
    const free = pihole.free_space;
    setText(storage.more, free ? words.say("storage_free", { size: format.size(free) }) : "");
  }

  /** Only what is another notice than before is touched, so a screen reader hears each once. */
  updateNotices(state) {
    const notices = noticesOf(state);
    const key = JSON.stringify(notices);
    if (key === this.shown) return;
    this.shown = key;
    this.notices.replaceChildren(
      ...notices.map(({ kind, text, reason }) =>
        h(
          "div",
          { class: `notice ${kind}` },
          icon("alert"),
          h("div", {}, text, reason && h("div", { class: "reason", dir: "auto" }, reason)),
        ),
      ),
    );
  }
}

function noticesOf({ words, feed }) {
  const { pihole, phase } = feed;
  if (!pihole) return [];
  if (!feed.online) return [{ kind: "warning", text: words.say("offline") }];
  if (phase === "unloaded") return [{ kind: "warning", text: words.say("not_loaded") }];
  if (phase === "failed") {
    const reason = feed.problem?.message ?? "";
    return [{ kind: "error", text: words.say("load_failed", { reason }) }];
  }
  const notices = [];
  if (pihole.available === false) {
    notices.push({ kind: "error", text: words.say("unavailable"), reason: pihole.storage_message });
  }
  const { attempt } = pihole;
  if (attempt?.result === "failed") {
    const text = words.say("last_failed", { ago: words.format.relative(attempt.at) });
    notices.push({ kind: "error", text, reason: attempt.message });
  }
  if (pihole.overdue) notices.push({ kind: "warning", text: words.say("overdue") });
  return notices;
}

/** What is no address of the web is shown, but leads nowhere. */
function webAddress(url) {
  try {
    const address = new URL(url);
    return ["http:", "https:"].includes(address.protocol) ? address : null;
  } catch {
    return null;
  }
}
