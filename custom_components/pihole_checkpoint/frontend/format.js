/* Times, sizes and numbers, as the user's profile wants to see them. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  [MINUTE, 1, "second"],
  [HOUR, MINUTE, "minute"],
  [DAY, HOUR, "hour"],
  [30 * DAY, DAY, "day"],
  [365 * DAY, 30 * DAY, "month"],
  [Infinity, 365 * DAY, "year"],
];
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

const kept = new Map();

/** Making a formatter is slow, and ten thousand rows want the same few. */
function made(kind, locale, options) {
  const key = `${kind.name} ${locale} ${JSON.stringify(options)}`;
  if (!kept.has(key)) kept.set(key, new kind(locale, options));
  return kept.get(key);
}

export class Format {
  constructor(hass) {
    const { language, time_format: hours, time_zone: zone } = hass.locale ?? {};
    this.locale = supported(language ?? hass.language);
    this.times = {};
    if (hours === "12" || hours === "24") this.times.hour12 = hours === "12";
    if (zone === "server" && hass.config?.time_zone) this.times.timeZone = hass.config.time_zone;
  }

  /** "Jan 20, 2026, 03:24" */
  time(iso) {
    const options = { dateStyle: "medium", timeStyle: "short", ...this.times };
    return made(Intl.DateTimeFormat, this.locale, options).format(new Date(iso));
  }

  /** "Jan 20, 2026" */
  date(iso) {
    const { timeZone } = this.times;
    const options = { dateStyle: "medium", ...(timeZone && { timeZone }) };
    return made(Intl.DateTimeFormat, this.locale, options).format(new Date(iso));
  }

  /** "3 minutes ago", "in 2 hours" */
  relative(iso, now = Date.now()) {
    const seconds = (new Date(iso).getTime() - now) / 1000;
    const [, size, unit] = STEPS.find(([below]) => Math.abs(seconds) < below);
    const ago = made(Intl.RelativeTimeFormat, this.locale, { numeric: "auto" });
    // The browser's clock and the server's are seldom the same to the second.
    const amount = Math.abs(seconds) < 5 ? 0 : Math.trunc(seconds / size);
    return ago.format(amount, unit);
  }

  number(value) {
    return made(Intl.NumberFormat, this.locale).format(value);
  }

  /** "34.5 kB" */
  size(bytes) {
    let value = bytes;
    let unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit += 1;
    }
    const options = {
      style: "unit",
      unit: UNITS[unit],
      unitDisplay: "short",
      maximumFractionDigits: unit > 0 && value < 100 ? 1 : 0,
    };
    return made(Intl.NumberFormat, this.locale, options).format(value);
  }

  /** "one", "other" and what else a language knows. */
  plural(count) {
    return made(Intl.PluralRules, this.locale).select(count);
  }

  /** "3 lists, 12 domains" */
  join(parts) {
    return made(Intl.ListFormat, this.locale, { type: "unit", style: "short" }).format(parts);
  }
}

/** Home Assistant speaks languages that a browser may have no name for. */
function supported(language) {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return "en";
  }
}
