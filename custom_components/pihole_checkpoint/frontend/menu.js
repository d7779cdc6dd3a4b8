/* A menu that opens at a button: arrow keys, Home, End, first letters, Escape; the focus returns. */

import { h, icon, setAttribute } from "./dom.js";

const GAP = 4;

export class Menu {
  constructor() {
    this.element = h("div", {
      role: "menu",
      class: "menu",
      popover: "manual",
      onkeydown: (event) => this.onKey(event),
      onfocusout: (event) => {
        if (this.isOpen && event.relatedTarget && !this.element.contains(event.relatedTarget)) {
          this.close(false);
        }
      },
    });
    this.onOutside = (event) => {
      const path = event.composedPath();
      if (!path.includes(this.element) && !path.includes(this.button)) this.close(false);
    };
    this.onMove = () => this.close(false);
  }

  get isOpen() {
    return Boolean(this.button);
  }

  /** @param items `{icon, text, isDanger, run}`, the ones to show */
  open(button, items, { fromEnd = false, label } = {}) {
    if (this.button === button) {
      this.close();
      return;
    }
    this.close(false);
    this.button = button;
    setAttribute(this.element, "aria-label", label);
    this.element.replaceChildren(
      ...items.map((item) =>
        h(
          "button",
          {
            type: "button",
            role: "menuitem",
            tabindex: "-1",
            class: `menu-item ${item.isDanger ? "danger" : ""}`,
            onclick: () => {
              this.close();
              item.run();
            },
          },
          icon(item.icon),
          h("span", {}, item.text),
        ),
      ),
    );
    setAttribute(button, "aria-expanded", "true");
    this.element.showPopover?.();
    this.element.classList.add("open");
    this.place();
    this.items.at(fromEnd ? -1 : 0)?.focus({ preventScroll: true });
    window.addEventListener("pointerdown", this.onOutside, true);
    window.addEventListener("scroll", this.onMove, { capture: true, passive: true });
    window.addEventListener("resize", this.onMove);
  }

  get items() {
    return [...this.element.children];
  }

  close(isFocusBack = true) {
    const { button } = this;
    if (!button) return;
    this.button = null;
    setAttribute(button, "aria-expanded", "false");
    window.removeEventListener("pointerdown", this.onOutside, true);
    window.removeEventListener("scroll", this.onMove, { capture: true });
    window.removeEventListener("resize", this.onMove);
    this.element.hidePopover?.();
    this.element.classList.remove("open");
    if (isFocusBack) button.focus();
  }

  /** Below the button or, if there is no room, above; inside of the window in any case. */
  place() {
    const at = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const isRtl = getComputedStyle(this.button).direction === "rtl";
    const left = isRtl ? at.left : at.right - width;
    const hasRoom = at.bottom + GAP + height <= innerHeight;
    const top = hasRoom ? at.bottom + GAP : at.top - GAP - height;
    this.element.style.left = `${clamp(left, GAP, innerWidth - width - GAP)}px`;
    this.element.style.top = `${clamp(top, GAP, innerHeight - height - GAP)}px`;
  }

  onKey(event) {
    const { items } = this;
    const at = items.indexOf(this.element.getRootNode().activeElement);
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to !== undefined) items[to].focus({ preventScroll: true });
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab") {
      this.close(); // the browser goes on from the button
      return;
    } else if (event.key.length === 1 && event.key !== " ") this.find(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation(); // letters are shortcuts of Home Assistant's
  }

  find(letter) {
    const { items } = this;
    const at = items.indexOf(this.element.getRootNode().activeElement);
    const begins = (it) => it.textContent.toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
    [...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins)?.focus({ preventScroll: true });
  }
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
