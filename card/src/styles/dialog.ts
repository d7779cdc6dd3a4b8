import { css } from "lit";

/** What is written in a dialog, also in the parts of one. */
export const DIALOG_TEXT = css`
  h3 {
    margin: 16px 0 4px;
    font-size: 14px;
    font-weight: 500;
  }
  p,
  .state {
    margin: 8px 0;
  }
  .state {
    display: flex;
    gap: 8px;
    align-items: start;
  }
  .state .spinner {
    margin: 2px;
  }
  details {
    margin-block: 8px;
  }
  summary {
    cursor: pointer;
    color: var(--pc-faint);
  }
`;

export const DIALOG = css`
  dialog {
    inline-size: min(620px, calc(100vw - 24px));
    max-block-size: min(820px, calc(100dvh - 24px));
    padding: 0;
    border: 0;
    box-sizing: border-box;
    overflow: hidden;
    color: var(--pc-text);
    background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
    border-radius: var(--ha-dialog-border-radius, 20px);
    box-shadow: 0 12px 48px rgb(0 0 0 / 36%);
    outline: 1px solid transparent; /* seen with forced colors, which drop shadows */
  }
  dialog[open] {
    display: grid;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  .box {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    max-block-size: inherit;
    padding: 20px 0 14px;
    box-sizing: border-box;
  }
  .box > * {
    padding-inline: 24px;
  }
  .title {
    display: flex;
    align-items: start;
    gap: 8px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font-size: 20px;
    font-weight: 500;
    line-height: 1.3;
    outline: none;
    overflow-wrap: anywhere;
  }
  .about {
    margin: 2px 0 0;
    color: var(--pc-faint);
    overflow-wrap: anywhere;
  }
  .body {
    overflow: auto;
    min-block-size: 0;
    padding-block: 4px;
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding-block-start: 12px;
  }
`;
