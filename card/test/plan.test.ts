import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  STEPS,
  chosenAtFirst,
  countsOf,
  isRemarkShown,
  numberDone,
  restarts,
  stepAfter,
  waysFor,
} from "../src/plan.ts";
import type { PlanItem, RestoreAnswer } from "../src/server.ts";

function item(fields: Partial<PlanItem>): PlanItem {
  return {
    id: "1",
    subject: "domains",
    change: "added",
    item: "a.example",
    kind: "",
    details: [],
    needs: [],
    brought: false,
    ...fields,
  };
}

function plan(items: PlanItem[], ...ways: ("live" | "import")[]): RestoreAnswer {
  const all = ways.map((way) => ({ way, requests: 1, restarts: way === "import" }));
  return { items, ways: all } as unknown as RestoreAnswer;
}

const MANY = Array.from({ length: 250 }, (_, index) => item({ id: String(index) }));

describe("what is ticked at first", () => {
  const items = [
    item({ id: "domain" }),
    item({ id: "port", subject: "settings", item: "dns.port", of_machine: true }),
    item({ id: "lease", subject: "leases", item: "10.0.0.5" }),
    item({
      id: "secret",
      subject: "settings",
      item: "webserver.api.pwhash",
      needs: ["permission"],
    }),
  ];

  test("is all that may be changed, but for leases, which the Pi-hole has newer", () => {
    assert.deepEqual([...chosenAtFirst(items, { isElsewhere: false })], ["domain", "port"]);
  });

  test("is no setting of a machine on another Pi-hole", () => {
    assert.deepEqual([...chosenAtFirst(items, { isElsewhere: true })], ["domain"]);
  });

  test("is one item alone if that is to be brought back, of any kind", () => {
    const wanted = { subject: "leases", name: "10.0.0.5", kind: "" };
    assert.deepEqual([...chosenAtFirst(items, { isElsewhere: false, wanted })], ["lease"]);
  });

  test("is nothing that the app password may not change", () => {
    const wanted = { subject: "settings", name: "webserver.api.pwhash", kind: "" };
    assert.equal(chosenAtFirst(items, { isElsewhere: false, wanted }).size, 0);
  });
});

describe("the ways", () => {
  const ids = (count: number) => new Set(MANY.slice(0, count).map(({ id }) => id));

  test("are left to the server for a few changes", () => {
    assert.deepEqual(waysFor(plan(MANY, "live", "import"), ids(20)), []);
  });

  test("are both offered for many changes, the quicker one first", () => {
    assert.deepEqual(waysFor(plan(MANY, "import", "live"), ids(160)), ["live", "import"]);
    assert.deepEqual(waysFor(plan(MANY, "import", "live"), ids(250)), ["import", "live"]);
  });

  test("leave no choice where nothing may be imported, or where the Pi-hole restarts anyway", () => {
    assert.deepEqual(waysFor(plan(MANY, "live"), ids(250)), []);
    const restarting = [...MANY, item({ id: "x", needs: ["restart"] })];
    assert.ok(restarts(restarting, new Set(["x"])));
    assert.deepEqual(waysFor(plan(restarting, "import"), new Set([...ids(250), "x"])), []);
  });
});

describe("a huge restore", () => {
  const answer = {
    items: MANY.map((each) => ({ ...each, outcome: "done" })),
    more_items: [
      { subject: "domains", change: "added", outcome: "done", count: 750 },
      { subject: "lists", change: "removed", outcome: "refused", count: 3 },
    ],
    ways: plan([], "import", "live").ways,
  } as unknown as RestoreAnswer;

  test("counts also what the answer does not name", () => {
    assert.equal(numberDone(answer), 1000);
    assert.deepEqual(countsOf(answer), [
      { subject: "domains", change: "added", count: 1000 },
      { subject: "lists", change: "removed", count: 3 },
    ]);
  });

  test("offers the ways of all of it", () => {
    assert.deepEqual(waysFor(answer, new Set(), true), ["import", "live"]);
  });
});

describe("the steps", () => {
  test("are gone through in order, although the Pi-hole is exported three times", () => {
    const stages = ["connecting", "exporting", "previewing", "storing", "exporting", "applying"];
    let step: (typeof STEPS)[number] = "check";
    const seen = [...stages, null, "updating_gravity", "exporting", "proving", "storing", null].map(
      (stage) => (step = stepAfter(step, stage)),
    );
    assert.deepEqual([...new Set(seen)], [...STEPS]);
    assert.equal(seen.at(-1), "verify");
  });
});

test("a remark that only repeats the list of what is left out is not shown", () => {
  assert.ok(!isRemarkShown({ key: "remark_machine_settings", placeholders: {} }));
  assert.ok(isRemarkShown({ key: "remark_dns_answers", placeholders: { count: "3" } }));
});
