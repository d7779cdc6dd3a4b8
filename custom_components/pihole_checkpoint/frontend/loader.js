/*
 * What Home Assistant's frontend loads on every page. It replaces `window.customElements` after
 * this ran, and an element that was defined before would be lost: so wait for its own first.
 */
customElements.whenDefined("home-assistant").then(() => import("./card.js"));
