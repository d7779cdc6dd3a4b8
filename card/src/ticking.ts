/* "3 minutes ago" goes on, as long as somebody can see it. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

const TICK_MS = 10_000;

export class Ticking implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #tick: () => void;
  #isOnScreen = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #observer = new IntersectionObserver(([entry]) => {
    this.#isOnScreen = entry?.isIntersecting ?? false;
    this.#follow();
  });
  readonly #follow = (): void => {
    const isSeen = this.#isOnScreen && document.visibilityState === "visible";
    if (isSeen === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isSeen ? setInterval(this.#tick, TICK_MS) : undefined;
    if (isSeen) this.#tick();
  };

  constructor(host: ReactiveControllerHost & Element, tick: () => void) {
    this.#host = host;
    this.#tick = tick;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
    document.addEventListener("visibilitychange", this.#follow);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#follow);
    this.#isOnScreen = false;
    this.#follow();
  }
}
