/* Telling what happened: in Home Assistant's own toast, and to screen readers. */

const BRIEF = 6000;
const LONG = 12000;
const TWICE = 1500;

/** Several cards may show the same Pi-hole: together they tell a thing once. */
const told = new Map();

export class Toasts {
  /** @param card the element to send from  @param live its live region */
  constructor(card, live) {
    this.card = card;
    this.live = live;
  }

  /**
   * Tell it. `id` names what it is about: a toast about the same takes the place of the one
   * before. `action` is a button: `{text, action}`.
   */
  show(message, { id, action, important = false } = {}) {
    const now = Date.now();
    for (const [key, at] of told) if (now - at > TWICE) told.delete(key);
    const key = `${id} ${message}`;
    if (told.has(key)) return;
    told.set(key, now);
    this.say(message);
    const detail = {
      message,
      duration: important || action ? LONG : BRIEF,
      dismissable: true,
      ...(id && { id: `pihole_checkpoint-${id}` }),
      ...(action && { action }),
    };
    this.card.dispatchEvent(
      new CustomEvent("hass-notification", { detail, bubbles: true, composed: true }),
    );
  }

  /** The same sentence twice is no news to a screen reader, unless it was gone in between. */
  say(message) {
    this.live.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.live.textContent = message;
    }, 100);
  }
}
