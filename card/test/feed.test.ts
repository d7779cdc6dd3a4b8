import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { Feed } from "../src/feed.ts";
import type { HomeAssistant } from "../src/home-assistant.ts";
import type { Backup, Message, Pihole } from "../src/server.ts";

function backup(number: number): Backup {
  const created = new Date(Date.UTC(2026, 0, number)).toISOString();
  return { id: String(number), created_at: created, note: "" } as Backup;
}

/** All backups from the newest to the oldest. */
const ALL = Array.from({ length: 12 }, (_, index) => backup(12 - index));

class Server {
  readonly limits: number[] = [];
  readonly pages: (string | undefined)[] = [];
  ended = 0;
  failing: Error | null = null;
  send: (message: Message) => void = () => undefined;
  readonly listeners = new Map<string, () => void>();
  stored: readonly Backup[] = ALL;

  get hass(): HomeAssistant {
    const connection = {
      addEventListener: (type: string, listener: () => void) => this.listeners.set(type, listener),
      removeEventListener: (type: string) => this.listeners.delete(type),
      subscribeMessage: (send: (message: Message) => void, { limit }: { limit: number }) => {
        this.limits.push(limit);
        if (this.failing) return Promise.reject(this.failing);
        this.send = send;
        this.snapshot(limit);
        return Promise.resolve(() => {
          this.ended += 1;
        });
      },
    };
    const callWS = ({ after, limit }: { after?: string; limit: number }) => {
      this.pages.push(after);
      const begin = this.stored.findIndex(({ id }) => id === after) + 1;
      if (after && !begin) return Promise.reject(new Error("not found"));
      const backups = this.stored.slice(begin, begin + limit);
      return Promise.resolve({ backups, total: this.stored.length });
    };
    return { connection, callWS } as unknown as HomeAssistant;
  }

  snapshot(limit: number): void {
    const pihole = { title: "Kitchen", count: this.stored.length } as Pihole;
    const backups = this.stored.slice(0, limit);
    this.send({ kind: "snapshot", pihole, backups, total: this.stored.length });
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function start(server: Server, rows = 5) {
  const fresh: string[] = [];
  const feed = new Feed(server.hass, "entry", rows, {
    changed: (ids) => fresh.push(...ids),
    happened: () => undefined,
  });
  feed.start();
  await settled();
  return { feed, fresh, ids: () => feed.backups.map(({ id }) => id) };
}

describe("the feed", () => {
  test("shows a page, and another one when asked", async () => {
    const server = new Server();
    const { feed, ids } = await start(server);
    assert.deepEqual(ids(), ["12", "11", "10", "9", "8"]);
    feed.more();
    await settled();
    assert.equal(ids().length, 10);
    assert.deepEqual(server.pages, ["8"]);
    assert.ok(feed.hasMore);
  });

  test("puts a new backup on top and says which one it is", async () => {
    const server = new Server();
    const { feed, fresh, ids } = await start(server);
    server.send({ kind: "update", added: [backup(13)], total: 13 });
    assert.deepEqual(ids(), ["13", "12", "11", "10", "9"]);
    assert.deepEqual(fresh, ["13"]);
    assert.equal(feed.total, 13);
  });

  test("keeps a page full when a backup on it is deleted", async () => {
    const server = new Server();
    const { ids } = await start(server);
    server.stored = ALL.filter(({ id }) => id !== "11");
    server.send({ kind: "update", removed: ["11"], total: 11 });
    await settled();
    assert.deepEqual(ids(), ["12", "10", "9", "8", "7"]);
  });

  test("takes a changed backup in its place, and none that belongs further down", async () => {
    const server = new Server();
    const { feed, ids } = await start(server);
    server.send({ kind: "update", changed: [{ ...backup(10), note: "new" }] });
    assert.equal(feed.find("10")?.note, "new");
    const older = { ...backup(1), id: "older", created_at: "2025-01-01T00:00:00Z" };
    server.send({ kind: "update", added: [older], total: 13 });
    assert.ok(!ids().includes("older"));
  });

  test("asks for as much as was on screen after the connection broke off", async () => {
    const server = new Server();
    const { feed } = await start(server);
    feed.more();
    await settled();
    server.listeners.get("disconnected")?.();
    assert.equal(feed.online, false);
    server.listeners.get("ready")?.();
    await settled();
    assert.deepEqual(server.limits, [5, 10]);
    assert.equal(feed.online, true);
    assert.equal(feed.backups.length, 10);
  });

  test("tries again, more and more seldom, while the Pi-hole is not loaded", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const server = new Server();
    server.failing = Object.assign(new Error("not loaded"), { code: "not_loaded" });
    const { feed } = await start(server);
    assert.equal(feed.phase, "unloaded");
    for (const seconds of [1, 2, 4]) {
      mock.timers.tick(seconds * 1000);
      await settled();
    }
    assert.equal(server.limits.length, 4);
    server.failing = null;
    mock.timers.tick(8000);
    await settled();
    assert.equal(feed.phase, "ready");
    mock.timers.reset();
  });

  test("ends its subscription once, and hears nothing afterwards", async () => {
    const server = new Server();
    const { feed, ids } = await start(server);
    feed.stop();
    server.send({ kind: "update", added: [backup(13)], total: 13 });
    assert.equal(server.ended, 1);
    assert.ok(!ids().includes("13"));
    assert.equal(server.listeners.size, 0);
  });
});
