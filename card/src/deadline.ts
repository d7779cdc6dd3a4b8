/* A warning when a backup has not ended in time. By the clock here: the server's may differ. */

import type { Pihole } from "./server.ts";

const GRACE_SECONDS = 1;

export class Deadline {
  readonly #warn: (seconds: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(warn: (seconds: number) => void) {
    this.#warn = warn;
  }

  /** Warn once for each backup. */
  watch(pihole: Pihole | null): void {
    if (!pihole?.running) {
      this.forget();
      return;
    }
    const { deadline } = pihole;
    if (this.#timer !== undefined || !deadline) return;
    this.#timer = setTimeout(() => this.#warn(deadline), (deadline + GRACE_SECONDS) * 1000);
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
