/* Words for tests: English, from the integration's own translations. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HomeAssistant, Values } from "../src/home-assistant.ts";
import { Words } from "../src/words/words.ts";

const FOLDER = join(import.meta.dirname, "../../custom_components/pihole_checkpoint/translations");

interface Translations {
  common: Record<string, string>;
  exceptions: Record<string, { message: string }>;
}

export function homeAssistant(
  language = "en",
  overrides: Partial<HomeAssistant> = {},
): HomeAssistant {
  const { common, exceptions } = JSON.parse(
    readFileSync(join(FOLDER, `${language}.json`), "utf8"),
  ) as Translations;
  const localize = (key: string, values: Values = {}): string => {
    const [, , category, slug = ""] = key.split(".");
    const text = category === "exceptions" ? exceptions[slug]?.message : common[slug];
    return (text ?? "").replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
  };
  return {
    language,
    locale: { language },
    config: { time_zone: "UTC" },
    localize,
    loadBackendTranslation: () => Promise.resolve(localize),
    ...overrides,
  } as HomeAssistant;
}

export function words(language = "en"): Words {
  return new Words(homeAssistant(language));
}
