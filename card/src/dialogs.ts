/* Which dialog is open, and where the focus goes when it closes. */

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import "./elements/compare.ts";
import "./elements/details.ts";
import "./elements/restore.ts";
import type { ChangingDialog } from "./elements/steps.ts";
import "./elements/undo.ts";
import type { Dialog, View } from "./view.ts";

/** The row from which the first dialog was opened. */
export interface Opener {
  backupId: string;
  index: number;
}

export class Dialogs {
  readonly #host: ReactiveControllerHost & { renderRoot: ParentNode };
  readonly #closed: (opener: Opener | null) => void;
  #current: Dialog | null = null;
  #opener: Opener | null = null;
  #afterwards: (() => void) | null = null;

  /** @param closed called when the last dialog has been closed by the user */
  constructor(
    host: ReactiveControllerHost & { renderRoot: ParentNode },
    closed: (opener: Opener | null) => void,
  ) {
    this.#host = host;
    this.#closed = closed;
  }

  open(dialog: Dialog, view: View): void {
    const opened = openedRow(dialog, view);
    if (opened) {
      const index = view.feed.backups.findIndex(({ id }) => id === opened);
      this.#opener = { backupId: opened, index };
    }
    this.#afterwards = null;
    // What is undone in the dialog of an undo begins in a new one.
    if (this.#current?.kind === dialog.kind) {
      this.#current = null;
      this.#host.requestUpdate();
    }
    void this.#host.updateComplete.then(() => {
      this.#current = dialog;
      this.#host.requestUpdate();
    });
  }

  /** Close without a trace: the Pi-hole is another one now. */
  forget(): void {
    this.#current = null;
    this.#opener = null;
    this.#afterwards = null;
  }

  /** The open dialog that shows how a restore goes. */
  get changing(): ChangingDialog | null {
    const dialog = this.#host.renderRoot.querySelector<ChangingDialog>(
      "pihole-checkpoint-restore, pihole-checkpoint-undo",
    );
    return dialog?.isShowingRestore ? dialog : null;
  }

  /** Do something when the open dialog is closed: below it nothing can be pressed. */
  afterwards(run: () => void): void {
    this.#afterwards = run;
  }

  /** The browser says so later: by then another dialog may have taken the place. */
  #close(dialog: Dialog): void {
    if (this.#current !== dialog) return;
    const [opener, afterwards] = [this.#opener, this.#afterwards];
    this.forget();
    this.#host.requestUpdate();
    afterwards?.();
    void this.#host.updateComplete.then(() => this.#closed(opener));
  }

  template(view: View): TemplateResult | typeof nothing {
    const dialog = this.#current;
    if (!dialog) return nothing;
    const closed = () => this.#close(dialog);
    switch (dialog.kind) {
      case "details":
        return html`<pihole-checkpoint-details
          .view=${view}
          .backup=${dialog.backup}
          @checkpoint-closed=${closed}
        ></pihole-checkpoint-details>`;
      case "compare":
        return html`<pihole-checkpoint-compare
          .view=${view}
          .backup=${dialog.backup}
          @checkpoint-closed=${closed}
        ></pihole-checkpoint-compare>`;
      case "restore":
        return html`<pihole-checkpoint-restore
          .view=${view}
          .backup=${dialog.backup}
          .wanted=${dialog.wanted}
          .chosenTarget=${dialog.target ?? null}
          @checkpoint-closed=${closed}
        ></pihole-checkpoint-restore>`;
      case "undo":
        return html`<pihole-checkpoint-undo
          .view=${view}
          .entryId=${dialog.entryId}
          .isDecided=${dialog.isDecided}
          @checkpoint-closed=${closed}
        ></pihole-checkpoint-undo>`;
    }
  }
}

/** Return the ID of the backup in whose row a dialog is opened; `null` if it is no row. */
function openedRow(dialog: Dialog, { feed }: View): string | null {
  if (dialog.kind === "details") return dialog.backup.id;
  const isOfRow = dialog.kind === "undo" && !dialog.isDecided;
  return isOfRow ? (feed.pihole?.restore?.backup_id ?? null) : null;
}
