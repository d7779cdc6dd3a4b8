/* What the elements of a card are given. */

import type { Actions } from "./actions.ts";
import type { Feed } from "./feed.ts";
import type { Backup, PiholeName } from "./server.ts";
import type { ToastOptions } from "./toasts.ts";
import type { Words } from "./words/words.ts";

/** One item that a restore begins with, alone. */
export interface Wanted {
  subject: string;
  name: string;
  kind: string;
}

/** What a dialog is about. */
export type Dialog =
  | { kind: "details"; backup: Backup }
  | { kind: "compare"; backup: Backup }
  | { kind: "restore"; backup: Backup; wanted?: Wanted; target?: string }
  | { kind: "undo"; entryId: string; isDecided: boolean };

export interface View {
  readonly words: Words;
  readonly feed: Feed;
  readonly actions: Actions;
  readonly isAdmin: boolean;
  /** Whether something can be asked of the server now. */
  readonly isReady: boolean;
  readonly title: string;
  /** Why the backups could not be loaded, if so. */
  readonly problem: string;
  /** All Pi-holes, for what is done with another one. */
  readonly piholes: () => Promise<PiholeName[]>;
  readonly open: (dialog: Dialog) => void;
  readonly toast: (message: string, options: ToastOptions) => void;
}
