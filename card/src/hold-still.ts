/*
 * A reader further down does not lose the place when something comes or goes above. Browsers do
 * this by themselves on other pages; the layout of Home Assistant's keeps them from it.
 */

/** Do something to the children of an element, and keep those on screen where they are. */
export function holdStill(element: Element, change: () => void): void {
  const seen = firstOnScreen(element);
  const before = seen?.getBoundingClientRect().top;
  change();
  if (!seen?.isConnected || before === undefined) return;
  const moved = seen.getBoundingClientRect().top - before;
  if (moved) scrollerOf(element)?.scrollBy({ top: moved, behavior: "instant" });
}

/** Return the topmost child on screen, if those before it have left the screen. */
function firstOnScreen(element: Element): Element | null {
  const isGone = (each: Element) => each.getBoundingClientRect().bottom <= 0;
  const first = element.firstElementChild;
  if (!first || !isGone(first)) return null;
  return [...element.children].find((each) => !isGone(each)) ?? null;
}

function scrollerOf(element: Element): Element | null {
  let each: Node | null = element;
  while (each) {
    if (each instanceof Element && each.scrollHeight > each.clientHeight) {
      if (["auto", "scroll"].includes(getComputedStyle(each).overflowY)) return each;
    }
    each = parentOf(each);
  }
  return document.scrollingElement;
}

function parentOf(node: Node): Node | null {
  if (node instanceof Element && node.assignedSlot) return node.assignedSlot;
  return node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
}
