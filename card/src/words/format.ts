/* Times, sizes and numbers, as the user's profile wants to see them. */

import type { HomeAssistant } from "../home-assistant.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: [below: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [MINUTE, 1, "second"],
  [HOUR, MINUTE, "minute"],
  [DAY, HOUR, "hour"],
  [30 * DAY, DAY, "day"],
  [365 * DAY, 30 * DAY, "month"],
];
const LONGEST: (typeof STEPS)[number] = [Infinity, 365 * DAY, "year"];
const UNITS = ["B", "kilobyte", "megabyte", "gigabyte", "terabyte"];
/** The browser's clock and the server's are seldom the same to the second. */
const CLOCKS_DIFFER = 5;

const made = new Map<string, unknown>();

/** Return a formatter that is made once: making one is slow, and many rows want the same few. */
function once<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

export class Format {
  readonly locale: string;
  readonly #times: Intl.DateTimeFormatOptions = {};

  constructor(hass: Pick<HomeAssistant, "language" | "locale" | "config">) {
    this.locale = supported(hass.locale?.language ?? hass.language);
    const hours = hass.locale?.time_format;
    if (hours === "12" || hours === "24") this.#times.hour12 = hours === "12";
    const zone = hass.config?.time_zone;
    if (hass.locale?.time_zone === "server" && zone) this.#times.timeZone = zone;
  }

  /** "Jan 20, 2026, 03:24" */
  time(iso: string): string {
    const options: Intl.DateTimeFormatOptions = {
      dateStyle: "medium",
      timeStyle: "short",
      ...this.#times,
    };
    const key = `time ${this.locale} ${JSON.stringify(options)}`;
    return once(key, () => new Intl.DateTimeFormat(this.locale, options)).format(new Date(iso));
  }

  /** "3 minutes ago", "in 2 hours": rounded as on the other cards of Home Assistant */
  relative(iso: string, now = Date.now()): string {
    const seconds = (new Date(iso).getTime() - now) / 1000;
    const away = Math.abs(seconds);
    const isBelow = ([below, size]: (typeof STEPS)[number]) =>
      Math.round(away / size) * size < below;
    const [, size, unit] = STEPS.find(isBelow) ?? LONGEST;
    const amount = away < CLOCKS_DIFFER ? 0 : Math.round(seconds / size);
    const format = once(
      `relative ${this.locale}`,
      () => new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }),
    );
    return format.format(amount, unit);
  }

  /** The same as the beginning of a line: "In 2 hours" */
  relativeAlone(iso: string, now = Date.now()): string {
    return this.begin(this.relative(iso, now));
  }

  /** Return a text as the beginning of a sentence. */
  begin(text: string): string {
    return text.charAt(0).toLocaleUpperCase(this.locale) + text.slice(1);
  }

  number(value: number): string {
    return once(`number ${this.locale}`, () => new Intl.NumberFormat(this.locale)).format(value);
  }

  /** "34.5 kB" */
  size(bytes: number): string {
    let value = bytes;
    let step = 0;
    while (value >= 999.5 && step < UNITS.length - 1) {
      value /= 1000;
      step += 1;
    }
    if (step === 0) return `${this.number(value)} B`; // "0 byte", a browser would say
    const options: Intl.NumberFormatOptions = {
      style: "unit",
      unit: UNITS[step] ?? "terabyte",
      unitDisplay: "short",
      maximumFractionDigits: value < 100 ? 1 : 0,
    };
    const key = `size ${this.locale} ${JSON.stringify(options)}`;
    return once(key, () => new Intl.NumberFormat(this.locale, options)).format(value);
  }

  /** "one", "few", "many" or "other": the form of a noun for a number. */
  plural(count: number): string {
    return once(`plural ${this.locale}`, () => new Intl.PluralRules(this.locale)).select(count);
  }

  /** "3 lists, 12 domains" */
  join(parts: Iterable<string>): string {
    const options: Intl.ListFormatOptions = { type: "unit", style: "short" };
    return once(`list ${this.locale}`, () => new Intl.ListFormat(this.locale, options)).format(
      parts,
    );
  }
}

/** Return the language, or English if the browser has no such name: Home Assistant has more. */
function supported(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}
