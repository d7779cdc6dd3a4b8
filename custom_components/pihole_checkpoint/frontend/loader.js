var e="./pihole-checkpoint-card.js";customElements.whenDefined("home-assistant").then(()=>import(e));
