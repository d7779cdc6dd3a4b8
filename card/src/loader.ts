/*
 * What Home Assistant's frontend loads on every page. The frontend replaces `window.customElements`
 * after this ran, and elements that were defined before are lost: so wait for its own first.
 */
const CARD = "./pihole-checkpoint-card.js";
void customElements.whenDefined("home-assistant").then(() => import(CARD));
