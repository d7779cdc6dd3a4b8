/* The table of the backups. Only what changes is touched: focus and scroll position stay. */

import { h, icon, setAttribute, setText, spinner } from "./dom.js";
import { Row } from "./row.js";
import { holdStill } from "./still.js";

export class Table {
  /** @param on what to do: `more`, `upload` and `openMenu` */
  constructor(on) {
    this.on = on;
    this.rows = new Map();
    this.heading = h("h3", { class: "heading", id: "backups" });
    this.count = h("span", { class: "count" });
    this.damaged = h("span", { class: "damaged-count", hidden: true });
    this.uploadText = h("span");
    this.upload = h(
      "button",
      { type: "button", class: "button upload", onclick: () => this.on.upload() },
      icon("upload"),
      this.uploadText,
    );
    this.uploading = h("div", { class: "uploading", hidden: true }, spinner(), h("span", { dir: "auto" }));
    this.headRow = h("tr", { role: "row" });
    this.body = h("tbody", { role: "rowgroup" });
    this.table = h(
      "table",
      { role: "table", "aria-labelledby": "backups" },
      h("thead", { role: "rowgroup" }, this.headRow),
      this.body,
    );
    this.empty = h("div", { class: "empty" }, icon("backup"), h("p"), h("p", { class: "faint" }));
    this.shown = h("span", { class: "shown" });
    this.more = h("button", { type: "button", class: "button show-more", onclick: () => this.on.more() });
    this.foot = h("div", { class: "foot" }, this.shown, this.more);
    this.element = h(
      "section",
      { class: "backups", "aria-labelledby": "backups" },
      h(
        "div",
        { class: "bar" },
        h("div", { class: "bar-title" }, this.heading, this.count, this.damaged),
        this.upload,
      ),
      this.uploading,
      this.table,
      this.empty,
      this.foot,
    );
  }

  /** @param fresh the ids of the backups that have just been made */
  update(state, fresh) {
    const { words, feed } = state;
    const { backups, total } = feed;
    setText(this.heading, words.say("backups"));
    // As the sensor counts: those that could be restored. The others are counted by themselves.
    const isKnown = feed.pihole.count !== null;
    const count = feed.pihole.count ?? total;
    const { damaged = 0 } = feed.pihole;
    setText(this.count, isKnown ? words.format.number(count) : "");
    this.damaged.hidden = !damaged;
    setText(this.damaged, damaged ? words.count("damaged", damaged) : "");
    this.upload.hidden = !state.isAdmin;
    setAttribute(this.upload, "aria-disabled", state.isReady && !state.uploading ? null : "true");
    setText(this.uploadText, words.say("upload"));
    this.uploading.hidden = !state.uploading;
    setText(this.uploading.lastChild, state.uploading ? words.say("uploading", { name: state.uploading }) : "");
    this.table.hidden = !backups.length;
    this.empty.hidden = Boolean(backups.length || total || !isKnown);
    setText(this.empty.children[1], words.say("empty"));
    setText(this.empty.children[2], words.say("empty_hint"));
    this.foot.hidden = !feed.hasMore;
    setText(this.more, words.say("show_more"));
    const good = backups.filter((it) => it.status === "good");
    const [shown, all] = [good.length, count].map((it) => words.format.number(it));
    const counts = [words.say("shown_of", { shown, total: all })];
    if (damaged) counts.push(words.count("damaged", damaged));
    setText(this.shown, words.format.join(counts));
    setAttribute(this.more, "aria-disabled", feed.isPaging || !state.isReady ? "true" : null);
    setAttribute(this.more, "aria-busy", feed.isPaging ? "true" : null);
    setAttribute(this.table, "aria-rowcount", total + 1);
    this.updateHead(state);
    holdStill(this.body, () => this.updateRows(state, new Set(fresh)));
  }

  updateHead({ view }) {
    if (view === this.view) return;
    this.view = view;
    const columns = view.isAdmin ? [...view.columns, "actions"] : view.columns;
    setAttribute(this.table, "data-columns", columns.join(" "));
    this.table.style.setProperty("--pc-tracks", columns.map((it) => `[${it}] var(--pc-${it})`).join(" "));
    this.headRow.replaceChildren(
      ...columns.map((it) =>
        h("th", { role: "columnheader", scope: "col", class: it }, h("span", {}, view.words.say(`column_${it}`))),
      ),
    );
    // Whether there is a menu is decided when a row is made.
    for (const row of this.rows.values()) row.element.remove();
    this.rows.clear();
  }

  updateRows({ view, feed }, fresh) {
    const ids = new Set(feed.backups.map((it) => it.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      this.keepFocus(row);
      row.element.remove();
      this.rows.delete(id);
    }
    let next = this.body.firstChild;
    for (const backup of feed.backups) {
      let row = this.rows.get(backup.id);
      if (row) row.update(backup, view);
      else {
        row = new Row(backup, view, this.on.openMenu);
        this.rows.set(backup.id, row);
      }
      if (row.element === next) next = next.nextSibling;
      else {
        this.body.insertBefore(row.element, next);
        if (fresh.has(backup.id)) row.slideIn();
      }
    }
  }

  /** When the row goes that has the focus, the next one gets it, or the one before. */
  keepFocus(row) {
    const { activeElement } = this.element.getRootNode();
    if (!activeElement || !row.element.contains(activeElement)) return;
    const neighbour = row.element.nextSibling ?? row.element.previousSibling;
    neighbour?.querySelector(".menu-button")?.focus();
  }
}
