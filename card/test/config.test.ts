import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HomeAssistant } from "../src/home-assistant.ts";
import { checked, entitySuggestion } from "../src/config.ts";

Object.assign(globalThis, { document: { querySelector: () => null } });

describe("a configuration", () => {
  test("of an older dashboard is accepted, and its columns mean nothing any more", () => {
    const config = { title: "Kitchen", rows: 25, columns: ["created", "actions"] };
    const wanted = { entryId: null, title: "Kitchen", rows: 25, layout: "default" };
    assert.deepEqual(checked(config), wanted);
  });

  test("that is empty shows five rows", () => assert.equal(checked({}).rows, 5));

  for (const wrong of [
    { rows: 0 },
    { rows: 1.5 },
    { rows: "5" },
    { config_entry_id: 1 },
    { layout: "x" },
  ]) {
    test(`with ${JSON.stringify(wrong)} is refused`, () => assert.throws(() => checked(wrong)));
  }
});

test("a card is offered for our entities only", () => {
  const hass = {
    entities: {
      "button.ours": { platform: "pihole_checkpoint", device_id: "1" },
      "sun.sun": { platform: "sun" },
    },
    devices: { 1: { primary_config_entry: "entry" } },
  } as unknown as HomeAssistant;
  assert.deepEqual(entitySuggestion(hass, "button.ours"), {
    config: { type: "custom:pihole-checkpoint-card", config_entry_id: "entry" },
  });
  assert.equal(entitySuggestion(hass, "sun.sun"), null);
});
