import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeSentence } from "../src/words/words.ts";
import { words } from "./words.ts";

const REFUSED = "The Pi-hole rejected the password";

test("a message of Home Assistant gets back the full stop that it lost", () => {
  assert.equal(wholeSentence(REFUSED), `${REFUSED}.`);
  assert.equal(wholeSentence('Use the action "Undo restore"'), 'Use the action "Undo restore".');
  for (const whole of [`${REFUSED}.`, "Really?", "Exporting…", ""]) {
    assert.equal(wholeSentence(whole), whole);
  }
  assert.equal(wholeSentence(null), "");
});

test("an error without a translation is a whole sentence, too", async () => {
  assert.equal(await words().error({ message: REFUSED }), `${REFUSED}.`);
  assert.match(await words().error({}), /^Something went wrong\./);
});
