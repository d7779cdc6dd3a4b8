/* The little that the card uses of Home Assistant's frontend. */

export type Values = Record<string, string | number>;
export type Localize = (key: string, values?: Values) => string;

export interface Locale {
  language: string;
  time_format?: string;
  time_zone?: string;
}

export interface Connection {
  subscribeMessage(
    callback: (message: never) => void,
    message: object,
    options?: { resubscribe: boolean },
  ): Promise<() => Promise<void> | undefined>;
  addEventListener(type: "ready" | "disconnected", listener: () => void): void;
  removeEventListener(type: "ready" | "disconnected", listener: () => void): void;
}

export interface HomeAssistant {
  language: string;
  locale?: Locale;
  config?: { time_zone?: string };
  user?: { is_admin: boolean };
  connection: Connection;
  entities?: Record<string, { platform?: string; device_id?: string } | undefined>;
  devices?: Record<
    string,
    { primary_config_entry?: string | null; config_entries?: string[] } | undefined
  >;
  localize: Localize;
  loadBackendTranslation(category: string, integration: string): Promise<Localize>;
  callWS<T>(message: object): Promise<T>;
  callService(
    domain: string,
    service: string,
    data: object,
    target: undefined,
    notifyOnError: boolean,
    returnResponse: boolean,
  ): Promise<{ response?: unknown }>;
  fetchWithAuth(path: string, init: RequestInit): Promise<Response>;
  hassUrl?(path: string): string;
}

/** An error as Home Assistant sends it, or as its frontend throws it. */
export interface ServerError {
  code?: string | number;
  message?: string;
  error?: { code?: string | number; message?: string };
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Values;
}

export interface ConfirmationOptions {
  title: string;
  text: string;
  confirmText: string;
  dismissText: string;
  destructive: boolean;
}

interface CardHelpers {
  showConfirmationDialog(element: HTMLElement, options: ConfirmationOptions): Promise<boolean>;
}

export interface CustomCard {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  getEntitySuggestion: (hass: HomeAssistant, entityId: string) => object | null;
}

declare global {
  interface Window {
    loadCardHelpers?: () => Promise<CardHelpers>;
    customCards?: CustomCard[];
  }
}

/** The frontend's own `hass`, for what is asked outside of a card. */
export function frontendHass(): HomeAssistant | undefined {
  return document.querySelector<HTMLElement & { hass?: HomeAssistant }>("home-assistant")?.hass;
}

const DIALOG_CLOSES_MS = 1000;

/** Ask in Home Assistant's own dialog, and wait until it is gone: it gives the focus back. */
export async function confirm(
  element: HTMLElement,
  options: ConfirmationOptions,
): Promise<boolean> {
  const helpers = await window.loadCardHelpers?.();
  const closed = new Promise<void>((resolve) => {
    window.addEventListener("dialog-closed", () => resolve(), { once: true });
  });
  const isSure = (await helpers?.showConfirmationDialog(element, options)) ?? false;
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, DIALOG_CLOSES_MS))]);
  return isSure;
}
