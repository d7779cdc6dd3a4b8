/* What may be set in a card's configuration, and the form for it. */

import { DOMAIN, frontendWords, loadWords } from "./words.js";

export const TAG = "pihole-checkpoint-card";
export const COLUMNS = ["created", "filename", "size", "trigger", "contents", "changes", "status"];
const USUAL = COLUMNS.filter((it) => it !== "filename");
const ROWS = { min: 1, max: 100, usual: 10 };

/** Check a configuration and fill it up, or throw what the dashboard then shows. */
export function checked(config) {
  const words = frontendWords();
  const { config_entry_id: entryId, title, rows = ROWS.usual, columns = USUAL } = config ?? {};
  if (!isEmpty(entryId) && typeof entryId !== "string") throw new Error(words.say("error_entry"));
  if (!isEmpty(title) && typeof title !== "string") throw new Error(words.say("error_title"));
  if (!Number.isInteger(rows) || rows < ROWS.min || rows > ROWS.max) {
    throw new Error(words.say("error_rows", ROWS));
  }
  // "actions" is not for choosing, but whoever writes it means no harm.
  const known = [...COLUMNS, "actions"];
  if (!Array.isArray(columns) || columns.some((it) => !known.includes(it))) {
    throw new Error(words.say("error_columns", { names: COLUMNS.join(", ") }));
  }
  const chosen = COLUMNS.filter((it) => columns.includes(it));
  return {
    entryId: entryId || null,
    title: title || "",
    rows,
    columns: chosen.length ? chosen : ["created"],
  };
}

function isEmpty(value) {
  return value === undefined || value === null;
}

/** The form in the dashboard's editor. */
export async function configForm() {
  const words = frontendWords();
  await loadWords(words.hass);
  const options = COLUMNS.map((it) => ({ value: it, label: words.say(`column_${it}`) }));
  const labels = {
    config_entry_id: "option_pihole",
    title: "option_title",
    rows: "option_rows",
    columns: "option_columns",
  };
  return {
    schema: [
      { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } },
      { name: "title", selector: { text: {} } },
      {
        name: "rows",
        default: ROWS.usual,
        selector: { number: { min: ROWS.min, max: ROWS.max, mode: "box" } },
      },
      { name: "columns", default: USUAL, selector: { select: { multiple: true, options } } },
    ],
    computeLabel: (field) => words.say(labels[field.name]),
  };
}

/** What a new card begins with: with several Pi-holes, the first. */
export async function stubConfig(hass) {
  try {
    const { piholes } = await hass.callWS({ type: `${DOMAIN}/piholes` });
    if (piholes.length > 1) return { config_entry_id: piholes[0].config_entry_id };
  } catch {
    // The card itself says what is wrong.
  }
  return {};
}

/** What is offered to whoever wants a card for one of our entities. */
export function entitySuggestion(hass, entityId) {
  const entity = hass.entities?.[entityId];
  if (entity?.platform !== DOMAIN) return null;
  const device = hass.devices?.[entity.device_id];
  const entryId = device?.primary_config_entry ?? device?.config_entries?.[0];
  return { config: { type: `custom:${TAG}`, ...(entryId && { config_entry_id: entryId }) } };
}
