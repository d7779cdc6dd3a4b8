import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Format } from "../src/words/format.ts";
import { homeAssistant } from "./words.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const english = new Format(homeAssistant());

describe("sizes", () => {
  test("of nothing are bytes", () => assert.equal(english.size(0), "0 B"));
  test("never round up to a thousand of a unit", () => assert.equal(english.size(999_960), "1 MB"));
  test("have one digit behind the point as long as that says something", () => {
    assert.deepEqual(
      [34_500, 345_000].map((bytes) => english.size(bytes)),
      ["34.5 kB", "345 kB"],
    );
  });
});

describe("times", () => {
  test("within seconds are now: clocks differ", () => {
    assert.equal(english.relative("2026-03-01T12:00:03Z", NOW), "now");
  });
  test("are rounded as Home Assistant rounds them", () => {
    assert.equal(english.relative("2026-03-01T11:56:10Z", NOW), "4 minutes ago");
    assert.equal(english.relative("2026-03-01T20:48:00Z", NOW), "in 9 hours");
    assert.equal(english.relative("2026-03-01T11:00:20Z", NOW), "1 hour ago");
  });
  test("begin in upper case where they stand alone", () => {
    assert.equal(english.relativeAlone("2026-03-01T16:00:00Z", NOW), "In 4 hours");
  });
  test("are the server's where the profile says so", () => {
    const hass = homeAssistant("en", {
      locale: { language: "en", time_zone: "server", time_format: "24" },
      config: { time_zone: "Asia/Tokyo" },
    });
    assert.match(new Format(hass).time("2026-03-01T12:00:00Z"), /21:00/);
  });
});

test("a language that the browser does not know is no error", () => {
  assert.equal(
    new Format(homeAssistant("en", { locale: { language: "x_!" } })).number(1000),
    "1,000",
  );
});
