/* One backup in the table. */

import { h, icon, outside, setAttribute } from "./dom.js";

const COUNTED = ["lists", "domains", "clients"];
const ICONS = { good: "good", damaged: "bad", missing: "missing" };

/** What each column shows of a backup. */
const CELLS = {
  created: (backup, { words }) => [
    h("span", { class: "created-text" }, words.format.time(backup.created_at)),
    backup.pinned && h("span", { class: "badge pinned" }, icon("pin"), words.say("status_pinned")),
  ],
  filename: (backup) => [outside(backup.filename, { class: "file-text" })],
  size: (backup, { words }) => [words.format.size(backup.file_size)],
  trigger: (backup, { words }) => {
    const slug = `trigger_${backup.trigger}`;
    return [words.knows(slug) ? words.say(slug) : outside(backup.trigger)];
  },
  contents: (backup, { words }) => {
    if (!backup.contents) return [h("span", { class: "faint" }, words.say("contents_unknown"))];
    const counts = COUNTED.map((it) => words.count(it, backup.contents[it] ?? 0));
    return [words.format.join(counts)];
  },
  changes: (backup, { words }) => {
    if (backup.changes) return [h("span", { class: "clamped", dir: "auto", title: backup.changes }, backup.changes)];
    const slug = backup.changes === null ? "changes_first" : "changes_none";
    return [h("span", { class: "faint" }, words.say(slug))];
  },
  status: (backup, { words }) => {
    const slug = `status_${backup.status}`;
    const { confirmed_at: at } = backup;
    return [
      h(
        "span",
        { class: `badge ${backup.status}` },
        icon(ICONS[backup.status] ?? "missing"),
        words.knows(slug) ? words.say(slug) : backup.status,
      ),
      at &&
        h(
          "span",
          { class: "confirmed", title: words.format.time(at) },
          words.say("status_confirmed", { date: words.format.date(at) }),
        ),
    ];
  },
};

export class Row {
  /** @param openMenu called with the row and the button */
  constructor(backup, view, openMenu) {
    this.backup = backup;
    this.menuButton =
      view.isAdmin &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button menu-button",
          "aria-haspopup": "menu",
          "aria-expanded": "false",
          onclick: () => openMenu(this, this.menuButton),
          onkeydown: (event) => {
            if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
            event.preventDefault();
            openMenu(this, this.menuButton, event.key === "ArrowUp");
          },
        },
        icon("menu"),
      );
    this.element = h("tr", { role: "row", class: "row", "data-id": backup.id });
    this.fill(view);
  }

  update(backup, view) {
    if (backup === this.backup && view === this.view) return;
    const isNew = view !== this.view || JSON.stringify(backup) !== JSON.stringify(this.backup);
    this.backup = backup;
    if (isNew) this.fill(view);
  }

  /** The button stays the same one, so that the focus stays on it. */
  fill(view) {
    this.view = view;
    const { backup } = this;
    const { words, columns } = view;
    const hadFocus = this.menuButton && this.menuButton.getRootNode().activeElement === this.menuButton;
    this.element.replaceChildren(
      ...columns.map((it, index) =>
        index === 0
          ? // The note goes below, as wide as the row.
            h(
              "td",
              { role: "cell", class: "first" },
              h("div", { class: `cell ${it}` }, CELLS[it](backup, view)),
              noteOf(backup),
            )
          : h("td", { role: "cell", class: `cell ${it}` }, CELLS[it](backup, view)),
      ),
    );
    setAttribute(this.element, "data-status", backup.status);
    if (!this.menuButton) return;
    const time = words.format.time(backup.created_at);
    setAttribute(this.menuButton, "aria-label", words.say("menu_of", { time }));
    this.element.append(h("td", { role: "cell", class: "cell actions" }, this.menuButton));
    if (hadFocus) this.menuButton.focus();
  }

  /** Slide in, for whoever does not mind things that move. */
  slideIn() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.element.animate(
      [
        { transform: "translateY(-100%)", backgroundColor: "var(--pc-highlight)" },
        { transform: "none", backgroundColor: "var(--pc-highlight)", offset: 0.2 },
        { backgroundColor: "transparent" },
      ],
      { duration: 1600, easing: "ease-out" },
    );
  }
}

function noteOf(backup) {
  return backup.note && h("div", { class: "note", dir: "auto", title: backup.note }, backup.note);
}
