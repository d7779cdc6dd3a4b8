import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Backup, Changes, Count } from "../src/server.ts";
import { headline, linesOf, nameOf, whatChanged } from "../src/words/changes.ts";
import { words } from "./words.ts";

const english = words();

function backup(fields: Partial<Backup>): Backup {
  return { compared: "different", headline: [], ...fields } as Backup;
}

describe("a headline", () => {
  const counts: Count[] = [
    { subject: "domains", change: "removed", count: 1 },
    { subject: "lists", change: "added", count: 2 },
    { subject: "domains", change: "added", count: 3 },
  ];

  test("says what is in the backup in one order, however it is sent", () => {
    assert.equal(headline(english, counts), "2 lists added, 3 domains added, 1 domain removed");
    assert.equal(headline(english, counts.toReversed()), headline(english, counts));
  });

  test("begins like a sentence, also with something that has no number", () => {
    const order: Count[] = [{ subject: "static_leases", change: "order", count: 1 }];
    assert.equal(headline(english, order), "Order of static leases changed");
  });

  test("has the plural forms of its language", () => {
    const polish = words("pl");
    const say = (count: number) => headline(polish, [{ subject: "lists", change: "added", count }]);
    assert.equal(new Set([1, 2, 5].map((count) => say(count).replace(/\d+/, ""))).size, 3);
  });
});

describe("a row", () => {
  test("tells the first backup from one that is the same as the one before", () => {
    assert.equal(
      whatChanged(english, backup({ compared: "first", headline: null })),
      "First backup",
    );
    assert.equal(whatChanged(english, backup({ compared: "same" })), "No changes");
    assert.equal(whatChanged(english, backup({ compared: "unknown" })), "Not compared");
  });

  test("says what changed", () => {
    const made = backup({ headline: [{ subject: "settings", change: "changed", count: 1 }] });
    assert.equal(whatChanged(english, made), "1 setting changed");
  });
});

describe("the lines of a list", () => {
  test("have one for each item, with all that is different in it", () => {
    const changes: Changes = {
      lists: [
        { change: "disabled", item: "https://a.example/", kind: "block" },
        { change: "comment", item: "https://a.example/", kind: "block", old: "", new: "mine" },
        { change: "added", item: "https://b.example/", kind: "allow" },
      ],
    };
    const [first, second, ...more] = linesOf(english, changes);
    assert.equal(more.length, 0);
    assert.equal(first?.how, "changed");
    assert.deepEqual(first.details, ["disabled", "comment: nothing → mine"]);
    assert.equal(second?.how, "added");
  });

  test("show the values of settings, but never that of a secret", () => {
    const changes: Changes = {
      settings: [
        { change: "changed", item: "dns.port", old: 53, new: 5353 },
        { change: "changed", item: "dns.blocking.active", old: true, new: false },
        { change: "changed", item: "webserver.api.pwhash", old: null, new: null },
      ],
    };
    const details = linesOf(english, changes).map((line) => line.details);
    assert.deepEqual(details, [["53 → 5353"], ["on → off"], []]);
  });

  test("name what has no name by what it is in", () => {
    assert.equal(nameOf(english, { subject: "dns_hosts", name: "" }), "DNS hosts");
  });

  test("cannot be reversed by what is in a name", () => {
    const name = nameOf(english, { subject: "domains", name: "safe\u202egpj.example" });
    assert.ok(!name.includes("\u202e"));
  });
});
