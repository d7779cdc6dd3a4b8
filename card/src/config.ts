/* What may be set in a card's configuration, and the form for it. */

import type { HomeAssistant, Values } from "./home-assistant.ts";
import { DOMAIN } from "./server.ts";
import { frontendWords, loadWords } from "./words/words.ts";

export const TAG = "pihole-checkpoint-card";
const ROWS = { min: 1, max: 100, usual: 5 };
const LAYOUTS = ["default", "compact"] as const;

export interface Config {
  /** `null`: the only Pi-hole, or all of them. */
  entryId: string | null;
  title: string;
  rows: number;
  layout: (typeof LAYOUTS)[number];
}

/** Check a configuration, or throw what the dashboard then shows. */
export function checked(config: Record<string, unknown>): Config {
  // `columns` of older dashboards means nothing any more.
  const { config_entry_id: entryId, title, rows = ROWS.usual, layout = "default" } = config;
  if (!isEmpty(entryId) && typeof entryId !== "string") throw wrong("error_entry");
  if (!isEmpty(title) && typeof title !== "string") throw wrong("error_title");
  if (typeof rows !== "number" || !Number.isInteger(rows) || rows < ROWS.min || rows > ROWS.max) {
    throw wrong("error_rows", ROWS);
  }
  const known = LAYOUTS.find((each) => each === layout);
  if (!known) throw wrong("error_layout", { names: LAYOUTS.join(", ") });
  return {
    entryId: (typeof entryId === "string" && entryId) || null,
    title: typeof title === "string" ? title : "",
    rows,
    layout: known,
  };
}

function isEmpty(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function wrong(slug: string, values: Values = {}): Error {
  return new Error(frontendWords()?.say(slug, values) ?? slug);
}

/** The form in the dashboard's editor. */
export async function configForm(): Promise<object> {
  const words = frontendWords();
  if (words) await loadWords(words.hass);
  const say = (slug: string) => words?.say(slug) ?? slug;
  const labels: Record<string, string> = {
    config_entry_id: "option_pihole",
    title: "option_title",
    rows: "option_rows",
    layout: "option_layout",
  };
  const layouts = LAYOUTS.map((value) => ({ value, label: say(`layout_${value}`) }));
  return {
    schema: [
      { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } },
      { name: "title", selector: { text: {} } },
      { name: "layout", default: "default", selector: { select: { options: layouts } } },
      {
        name: "rows",
        default: ROWS.usual,
        selector: { number: { min: ROWS.min, max: ROWS.max, mode: "box" } },
      },
    ],
    computeLabel: ({ name }: { name: string }) => say(labels[name] ?? name),
  };
}

/** What a new card begins with: with several Pi-holes, it shows all. */
export function stubConfig(): object {
  return {};
}

/** Return the card that is offered for one of our entities. */
export function entitySuggestion(hass: HomeAssistant, entityId: string): object | null {
  const entity = hass.entities?.[entityId];
  if (entity?.platform !== DOMAIN) return null;
  const device = hass.devices?.[entity.device_id ?? ""];
  const entryId = device?.primary_config_entry ?? device?.config_entries?.[0];
  return { config: { type: `custom:${TAG}`, ...(entryId && { config_entry_id: entryId }) } };
}
