/* Home Assistant's own toasts, which screen readers hear as well. */

import { DOMAIN } from "./server.ts";

const BRIEF_MS = 6000;
const LONG_MS = 12000;
const FOREVER_MS = -1;
const SAME_MS = 1500;

export interface ToastOptions {
  /** What the toast is about: it replaces one about the same. */
  id: string;
  action?: { text: string; action: () => void };
  /** A failure stays until the user dismisses it. */
  isFailure?: boolean;
}

/** When each toast was last shown: several cards of one Pi-hole show each once. */
const shown = new Map<string, number>();

/** Show a toast, unless another card has just shown the same. */
export function showToast(from: HTMLElement, message: string, options: ToastOptions): boolean {
  const { id, action, isFailure = false } = options;
  const now = Date.now();
  for (const [key, at] of shown) if (now - at > SAME_MS) shown.delete(key);
  const key = `${id} ${message}`;
  if (shown.has(key)) return false;
  shown.set(key, now);
  const detail = {
    id: `${DOMAIN}-${id}`,
    message,
    duration: isFailure ? FOREVER_MS : action ? LONG_MS : BRIEF_MS,
    dismissable: true,
    ...(action && { action }),
  };
  // The page of the card may have been left meanwhile.
  const heard = from.isConnected ? from : document.querySelector("home-assistant");
  heard?.dispatchEvent(
    new CustomEvent("hass-notification", { detail, bubbles: true, composed: true }),
  );
  return true;
}
