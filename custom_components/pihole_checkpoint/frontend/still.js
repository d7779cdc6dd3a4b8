/*
 * Whoever reads further down does not lose the place when something comes or goes above. Browsers
 * do this by themselves on other pages; Home Assistant's is laid out in a way that keeps them from it.
 */

/** Do something to the children of an element, and keep those on screen where they are. */
export function holdStill(element, change) {
  const seen = firstOnScreen(element);
  const before = seen?.getBoundingClientRect().top;
  change();
  if (!seen?.isConnected) return;
  const moved = seen.getBoundingClientRect().top - before;
  if (moved) scrollerOf(element).scrollBy({ top: moved, behavior: "instant" });
}

/** The topmost child on screen, if those before it have left the screen. */
function firstOnScreen(element) {
  const isGone = (it) => it.getBoundingClientRect().bottom <= 0;
  const first = element.firstElementChild;
  if (!first || !isGone(first)) return null;
  return [...element.children].find((it) => !isGone(it)) ?? null;
}

function scrollerOf(element) {
  for (let it = element; it; it = it.assignedSlot ?? it.parentNode ?? it.host) {
    if (!(it instanceof Element) || it.scrollHeight <= it.clientHeight) continue;
    if (["auto", "scroll"].includes(getComputedStyle(it).overflowY)) return it;
  }
  return document.scrollingElement;
}
