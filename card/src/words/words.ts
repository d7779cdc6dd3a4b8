/* Sentences for users. All of them come from the integration's translations. */

import type { HomeAssistant, Localize, ServerError, Values } from "../home-assistant.ts";
import { frontendHass } from "../home-assistant.ts";
import { DOMAIN, type Pihole, type Remark } from "../server.ts";
import { Format } from "./format.ts";

/** What the browser's websocket library throws when the connection broke off. */
const CONNECTION_LOST = 3;
/** What would make "gpj.zip" look like "piz.jpg". */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

export class Words {
  readonly format: Format;
  readonly #localize: Localize;
  readonly hass: HomeAssistant;

  constructor(hass: HomeAssistant, localize = hass.localize) {
    this.hass = hass;
    this.#localize = localize;
    this.format = new Format(hass);
  }

  /** Return a sentence. Values are text in it, never markup. */
  say(slug: string, values: Values = {}): string {
    return this.find(slug, values) ?? slug;
  }

  /** Return a sentence, or `undefined` if there is none. */
  find(slug: string, values: Values = {}): string | undefined {
    return this.#localize(`component.${DOMAIN}.common.${slug}`, values) || undefined;
  }

  /** Return a sentence in the form that its number asks for: "3 lists" */
  count(stem: string, count: number, values: Values = {}): string {
    const all = { ...values, count: this.format.number(count) };
    return this.find(`${stem}_${this.format.plural(count)}`, all) ?? this.say(`${stem}_other`, all);
  }

  /** Return what is being done, or `null`. */
  stage(pihole: Pick<Pihole, "stage" | "progress"> | null): string | null {
    if (!pihole?.stage) return null;
    const bytes = Number(pihole.progress);
    if (pihole.stage === "exporting" && bytes > 0) {
      return this.say("stage_exporting_size", { size: this.format.size(bytes) });
    }
    return this.find(`stage_${pihole.stage}`) ?? pihole.stage;
  }

  trigger(trigger: string): string {
    return this.find(`trigger_${trigger}`) ?? trigger;
  }

  /** Return what went wrong, in the user's language if Home Assistant has the sentence. */
  async error(thrown: unknown): Promise<string> {
    if (isConnectionLost(thrown)) return this.say("error_connection");
    const error = (thrown ?? {}) as ServerError;
    const { translation_domain: domain, translation_key: slug } = error;
    if (domain && slug) {
      const text = await this.#exception(domain, slug, error.translation_placeholders ?? {});
      if (text) return text;
    }
    return wholeSentence(error.message ?? error.error?.message) || this.say("error_unknown");
  }

  /** Return the sentences of remarks on a restore. `fallback` are the server's own words. */
  async remarks(remarks: readonly Remark[], fallback: readonly string[]): Promise<string[]> {
    if (!remarks.length) return fallback.map(wholeSentence);
    return Promise.all(
      remarks.map(
        async ({ key, placeholders }, index) =>
          (await this.#exception(DOMAIN, key, placeholders)) ??
          wholeSentence(fallback[index] ?? key),
      ),
    );
  }

  async #exception(domain: string, slug: string, values: Values): Promise<string | undefined> {
    try {
      const localize = await this.hass.loadBackendTranslation("exceptions", domain);
      return localize(`component.${domain}.exceptions.${slug}.message`, values) || undefined;
    } catch {
      return undefined;
    }
  }
}

export function isConnectionLost(thrown: unknown): boolean {
  return (
    thrown === CONNECTION_LOST || (thrown as ServerError | null)?.error?.code === CONNECTION_LOST
  );
}

/**
 * Ask Home Assistant for the translations. It does so once per language. What it returns has them;
 * the `hass` of a card that is only shown to be picked may never hear of them.
 */
export async function loadWords(hass: HomeAssistant): Promise<Words> {
  try {
    return new Words(hass, await hass.loadBackendTranslation("common", DOMAIN));
  } catch {
    // The connection broke off; they are asked for again with the next one.
    return new Words(hass);
  }
}

/** Return words for what is asked outside of a card. */
export function frontendWords(): Words | null {
  const hass = frontendHass();
  return hass ? new Words(hass) : null;
}

/** Return a message of Home Assistant with the last full stop, which it leaves out. */
export function wholeSentence(message: string | null | undefined): string {
  return message && !/[.!?…]$/u.test(message) ? `${message}.` : (message ?? "");
}

/** Return a text from outside as one that moves nothing else around it. */
export function plain(text: string | undefined): string {
  return (text ?? "").replace(DIRECTIONS, "\ufffd");
}
