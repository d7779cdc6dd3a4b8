/*
 * The store: what the server says about one Pi-hole. First a snapshot, and then what changes.
 *
 * After the connection broke off, the feed subscribes again by itself. The websocket library would
 * give up for good when Home Assistant answers before this integration is loaded.
 */

import type { Connection, HomeAssistant, ServerError } from "./home-assistant.ts";
import { DOMAIN, MOST_BACKUPS, type Backup, type Happening, type Message } from "./server.ts";
import type { Pihole } from "./server.ts";

const RETRY_SECONDS = [1, 2, 4, 8, 15];
const LOOK_AGAIN_SECONDS = 30;
/** The second is what Home Assistant says while it starts. */
const NOT_THERE_YET: unknown[] = ["not_loaded", "unknown_command"];

export type Phase = "loading" | "unloaded" | "failed" | "ready";

export interface Listener {
  /** Called after every change, with the IDs of the backups that have just been made. */
  changed(fresh: readonly string[]): void;
  happened(type: string, data: Happening): void;
}

export class Feed {
  phase: Phase = "loading";
  online = true;
  pihole: Pihole | null = null;
  backups: readonly Backup[] = [];
  /** How many backups there are. */
  total = 0;
  problem: ServerError | null = null;
  isPaging = false;
  readonly entryId: string;

  readonly #listener: Listener;
  readonly #hass: HomeAssistant;
  readonly #connection: Connection;
  readonly #rows: number;
  #wanted: number;
  #generation = 0;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: (() => Promise<void> | undefined) | null = null;

  constructor(hass: HomeAssistant, entryId: string, rows: number, listener: Listener) {
    this.entryId = entryId;
    this.#hass = hass;
    this.#connection = hass.connection;
    this.#rows = rows;
    this.#wanted = rows;
    this.#listener = listener;
  }

  start(): void {
    this.#connection.addEventListener("ready", this.resume);
    this.#connection.addEventListener("disconnected", this.#lose);
    void this.#subscribe();
  }

  stop(): void {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#connection.removeEventListener("ready", this.resume);
    this.#connection.removeEventListener("disconnected", this.#lose);
    this.#release();
  }

  /** Subscribe anew, now. */
  readonly resume = (): void => {
    this.#attempts = 0;
    void this.#subscribe();
  };

  get hasMore(): boolean {
    return this.backups.length < this.total;
  }

  /** Fetch another page. */
  more(): void {
    if (!this.hasMore || this.isPaging) return;
    this.#wanted = this.backups.length + this.#rows;
    void this.#fill();
  }

  find(backupId: string): Backup | undefined {
    return this.backups.find(({ id }) => id === backupId);
  }

  /** End the subscription. If the server has ended it already, that is as good. */
  #release(): void {
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = null;
    if (unsubscribe) end(unsubscribe);
  }

  readonly #lose = (): void => {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#unsubscribe = null;
    this.online = false;
    this.isPaging = false;
    this.#listener.changed([]);
  };

  async #subscribe(): Promise<void> {
    clearTimeout(this.#timer);
    this.#release(); // a page may have failed while the subscription went on
    this.#generation += 1;
    this.isPaging = false;
    const mine = this.#generation;
    const isMine = () => mine === this.#generation;
    const message = {
      type: `${DOMAIN}/subscribe`,
      config_entry_id: this.entryId,
      // What was on screen before and does not fit into one answer comes in pages.
      limit: Math.min(this.#wanted, MOST_BACKUPS),
    };
    try {
      const unsubscribe = await this.#connection.subscribeMessage(
        (event: Message) => {
          if (isMine()) this.#receive(event);
        },
        message,
        { resubscribe: false },
      );
      if (isMine()) this.#unsubscribe = unsubscribe;
      else end(unsubscribe);
    } catch (error) {
      if (isMine()) this.#fail(error as ServerError);
    }
  }

  #fail(error: ServerError): void {
    this.phase = NOT_THERE_YET.includes(error.code) ? "unloaded" : "failed";
    this.problem = error;
    this.#listener.changed([]);
    this.#later();
  }

  #later(): void {
    const seconds = RETRY_SECONDS[Math.min(this.#attempts, RETRY_SECONDS.length - 1)] ?? 1;
    this.#attempts += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#subscribe(), seconds * 1000);
  }

  #receive(message: Message): void {
    switch (message.kind) {
      case "snapshot":
        clearTimeout(this.#timer);
        this.#attempts = 0;
        this.online = true;
        this.phase = "ready";
        this.problem = null;
        this.pihole = message.pihole;
        this.total = message.total;
        this.backups = message.backups;
        this.isPaging = false;
        // Shown when all is there that was on screen, or the page would jump.
        void this.#fill(true).then(() => {
          this.#listener.changed([]);
        });
        break;
      case "update":
        this.#update(message);
        break;
      case "happening":
        this.#listener.happened(message.type, message.data ?? {});
        break;
      case "unloaded":
        this.phase = "unloaded";
        this.isPaging = false;
        this.#listener.changed([]);
        // A snapshot comes when it is loaded again; if it is gone for good, an answer says so.
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.resume, LOOK_AGAIN_SECONDS * 1000);
        break;
    }
  }

  #update(message: Extract<Message, { kind: "update" }>): void {
    const { pihole, added = [], changed = [], removed = [], total } = message;
    if (pihole && this.pihole) this.pihole = { ...this.pihole, ...pihole };
    const hadAll = !this.hasMore;
    if (total !== undefined) this.total = total;
    const gone = new Set([...removed, ...added.map(({ id }) => id)]);
    const news = new Map(changed.map((each) => [each.id, each]));
    const kept = this.backups
      .filter(({ id }) => !gone.has(id))
      .map((each) => news.get(each.id) ?? each);
    const oldest = kept.at(-1);
    const shown = added.filter((each) => hadAll || !oldest || isNewer(each, oldest));
    const sorted = shown.length
      ? [...shown, ...kept].sort((one, other) => (isNewer(one, other) ? -1 : 1))
      : kept;
    this.backups = sorted.slice(0, this.#wanted);
    this.#listener.changed(shown.map(({ id }) => id));
    void this.#fill();
  }

  /** Fetch what is wanted and not there yet. */
  async #fill(isQuiet = false): Promise<void> {
    if (this.isPaging || !this.#isShort() || !this.online) return;
    const mine = this.#generation;
    this.isPaging = true;
    if (!isQuiet) this.#listener.changed([]);
    try {
      for (;;) {
        const last = this.backups.at(-1);
        const { backups, total } = await this.#hass.callWS<{ backups: Backup[]; total: number }>({
          type: `${DOMAIN}/backups`,
          config_entry_id: this.entryId,
          ...(last && { after: last.id }),
          limit: Math.min(this.#wanted - this.backups.length, MOST_BACKUPS),
        });
        if (mine !== this.#generation) return;
        const known = new Set(this.backups.map(({ id }) => id));
        const news = backups.filter(({ id }) => !known.has(id));
        this.total = total;
        this.backups = [...this.backups, ...news];
        if (!news.length || !this.#isShort()) break;
        if (!isQuiet) this.#listener.changed([]);
      }
    } catch {
      // The backup that the page was to follow may just have been deleted: begin again.
      if (mine === this.#generation) this.#later();
    } finally {
      if (mine === this.#generation) {
        this.isPaging = false;
        if (!isQuiet) this.#listener.changed([]);
      }
    }
  }

  #isShort(): boolean {
    return this.backups.length < Math.min(this.#wanted, this.total);
  }
}

function end(unsubscribe: () => Promise<void> | undefined): void {
  void Promise.resolve(unsubscribe()).catch(() => undefined);
}

function isNewer(one: Backup, other: Backup): boolean {
  const [a, b] = [Date.parse(one.created_at), Date.parse(other.created_at)];
  return a === b ? one.id > other.id : a > b;
}
