/*
 * What the server tells about one Pi-hole: a snapshot, and then what changes.
 *
 * After the connection broke off, it is asked for again here and not by the websocket library, which
 * gives up for good when Home Assistant answers before this integration is loaded.
 */

import { MOST } from "./actions.js";
import { DOMAIN } from "./words.js";

const RETRIES = [1, 2, 4, 8, 15];
const LOOK_AGAIN = 30;
/** The second is what Home Assistant says while it starts. */
const NOT_THERE_YET = ["not_loaded", "unknown_command"];

export class Feed {
  /**
   * @param tell called after every change, with the ids of the backups that have just been made
   * @param happened called with the type and the data of a happening
   */
  constructor(tell, happened) {
    this.tell = tell;
    this.happened = happened;
    this.generation = 0;
    this.clear("loading");
    this.onReady = () => this.resume();
    this.onLost = () => this.lose();
  }

  clear(phase) {
    /** "loading", "none", "several", "unloaded", "failed" or "ready" */
    this.phase = phase;
    this.online = true;
    this.pihole = null;
    this.backups = [];
    this.total = 0;
    this.problem = null;
    this.isPaging = false;
  }

  get entryId() {
    return this.pihole?.config_entry_id ?? this.asked ?? null;
  }

  start(hass, entryId, rows) {
    this.stop();
    this.clear("loading");
    this.hass = hass;
    this.connection = hass.connection;
    this.asked = entryId;
    this.rows = rows;
    this.wanted = rows;
    this.attempts = 0;
    this.connection.addEventListener?.("ready", this.onReady);
    this.connection.addEventListener?.("disconnected", this.onLost);
    this.subscribe();
  }

  stop() {
    this.generation += 1;
    clearTimeout(this.timer);
    this.connection?.removeEventListener?.("ready", this.onReady);
    this.connection?.removeEventListener?.("disconnected", this.onLost);
    this.release();
    this.connection = null;
  }

  /** End the subscription. When the server has ended it already, that is as good. */
  release() {
    const unsubscribe = this.unsubscribe;
    this.unsubscribe = null;
    Promise.resolve(unsubscribe?.()).catch(() => {});
  }

  lose() {
    this.generation += 1;
    clearTimeout(this.timer);
    this.unsubscribe = null;
    this.online = false;
    this.isPaging = false;
    this.tell();
  }

  /** Begin anew, now. */
  resume() {
    this.attempts = 0;
    this.subscribe();
  }

  async subscribe() {
    clearTimeout(this.timer);
    this.release(); // a page may have failed while that went on
    this.generation += 1;
    this.isPaging = false;
    const mine = this.generation;
    const isMine = () => mine === this.generation;
    try {
      const entryId = this.asked ?? (await this.theOnlyOne(isMine));
      if (!isMine() || entryId === null) return;
      const message = {
        // What was on screen before and does not fit into one answer comes in pages.
        type: `${DOMAIN}/subscribe`,
        config_entry_id: entryId,
        limit: Math.min(this.wanted, MOST),
      };
      const unsubscribe = await this.connection.subscribeMessage(
        (event) => isMine() && this.receive(event),
        message,
        { resubscribe: false },
      );
      if (isMine()) this.unsubscribe = unsubscribe;
      else Promise.resolve(unsubscribe()).catch(() => {});
    } catch (error) {
      if (isMine()) this.fail(error);
    }
  }

  async theOnlyOne(isMine) {
    const { piholes } = await this.hass.callWS({ type: `${DOMAIN}/piholes` });
    if (!isMine()) return null;
    if (piholes.length === 1) return piholes[0].config_entry_id;
    this.clear(piholes.length ? "several" : "none");
    this.tell();
    this.later();
    return null;
  }

  fail(error) {
    this.phase = NOT_THERE_YET.includes(error?.code) ? "unloaded" : "failed";
    this.problem = error;
    this.tell();
    this.later();
  }

  later() {
    const seconds = RETRIES[Math.min(this.attempts, RETRIES.length - 1)];
    this.attempts += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.subscribe(), seconds * 1000);
  }

  receive(event) {
    switch (event.kind) {
      case "snapshot":
        clearTimeout(this.timer);
        this.attempts = 0;
        this.online = true;
        this.phase = "ready";
        this.problem = null;
        this.pihole = event.pihole;
        this.total = event.total;
        this.backups = event.backups;
        this.isPaging = false;
        // Not before all is there that was on screen: the page would jump.
        this.fill(true).then(() => this.tell());
        break;
      case "update":
        this.update(event);
        break;
      case "happening":
        this.happened(event.type, event.data ?? {});
        break;
      case "unloaded":
        this.phase = "unloaded";
        this.isPaging = false;
        this.tell();
        // A snapshot comes when it is loaded again; should it be gone for good, asking tells.
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.resume(), LOOK_AGAIN * 1000);
        break;
    }
  }

  update({ pihole, added = [], changed = [], removed = [], total }) {
    if (pihole) this.pihole = { ...this.pihole, ...pihole };
    const hadAll = this.backups.length >= this.total;
    if (total !== undefined) this.total = total;
    const gone = new Set([...removed, ...added.map((it) => it.id)]);
    const news = new Map(changed.map((it) => [it.id, it]));
    let backups = this.backups
      .filter((it) => !gone.has(it.id))
      .map((it) => news.get(it.id) ?? it);
    const oldest = backups.at(-1);
    const shown = added.filter((it) => hadAll || !oldest || isNewer(it, oldest));
    if (shown.length) backups = [...shown, ...backups].sort((a, b) => (isNewer(a, b) ? -1 : 1));
    this.backups = backups.slice(0, this.wanted);
    this.tell(shown.map((it) => it.id));
    this.fill();
  }

  get hasMore() {
    return this.backups.length < this.total;
  }

  more() {
    if (!this.hasMore || this.isPaging) return;
    this.wanted = this.backups.length + this.rows;
    this.fill();
  }

  /** Fetch what is wanted and not there yet. */
  async fill(quietly = false) {
    if (this.isPaging || !this.isShort || !this.online) return;
    const mine = this.generation;
    this.isPaging = true;
    if (!quietly) this.tell();
    try {
      while (mine === this.generation && this.isShort) {
        const { backups, total } = await this.hass.callWS({
          type: `${DOMAIN}/backups`,
          config_entry_id: this.entryId,
          ...(this.backups.length && { after: this.backups.at(-1).id }),
          limit: Math.min(this.wanted - this.backups.length, MOST),
        });
        if (mine !== this.generation) return;
        const known = new Set(this.backups.map((it) => it.id));
        const news = backups.filter((it) => !known.has(it.id));
        this.total = total;
        this.backups = [...this.backups, ...news];
        if (!news.length) break;
        if (!quietly) this.tell();
      }
    } catch {
      // The one that it was to follow may just have been deleted: ask for everything again.
      if (mine === this.generation) this.later();
    } finally {
      if (mine === this.generation) {
        this.isPaging = false;
        if (!quietly) this.tell();
      }
    }
  }

  get isShort() {
    return this.backups.length < Math.min(this.wanted, this.total);
  }
}

function isNewer(one, other) {
  const [a, b] = [Date.parse(one.created_at), Date.parse(other.created_at)];
  return a === b ? one.id > other.id : a > b;
}
