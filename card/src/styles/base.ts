/* Colors and shapes that all elements share; they come from Home Assistant's theme. */

import { css } from "lit";

export const BASE = css`
  :host {
    --pc-text: var(--primary-text-color, #141414);
    --pc-faint: var(--secondary-text-color, #5e5e5e);
    --pc-surface: var(--ha-card-background, var(--card-background-color, #fff));
    --pc-line: var(--divider-color, #e0e0e0);
    --pc-accent: var(--primary-color, #009ac7);
    --pc-good: var(--success-color, #43a047);
    --pc-warn: var(--warning-color, #ffa600);
    --pc-bad: var(--error-color, #db4437);
    /* Inks can be read on the surface; pure accents of many themes cannot. */
    --pc-accent-ink: color-mix(in srgb, var(--pc-accent) 55%, var(--pc-text));
    --pc-good-ink: color-mix(in srgb, var(--pc-good) 55%, var(--pc-text));
    --pc-warn-ink: color-mix(in srgb, var(--pc-warn) 40%, var(--pc-text));
    --pc-bad-ink: color-mix(in srgb, var(--pc-bad) 60%, var(--pc-text));
    --pc-hover: color-mix(in srgb, var(--pc-text) 5%, transparent);
    --pc-round: var(--ha-border-radius-md, 8px);
    --pc-pad: 16px;
    display: block;
    color: var(--pc-text);
    font-family: var(--ha-font-family-body, Roboto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--pc-accent-ink);
    outline-offset: 2px;
  }
  .faint {
    color: var(--pc-faint);
  }
  .bad {
    color: var(--pc-bad-ink);
  }
  .warn {
    color: var(--pc-warn-ink);
  }
  .good {
    color: var(--pc-good-ink);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .outside {
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    display: inline-flex;
  }
  .spinner {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    box-sizing: border-box;
    display: inline-block;
    border: 2px solid currentcolor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: spin 0.9s linear infinite;
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 6s;
    }
  }
`;

/** What is typed into, and chosen from. */
export const FIELDS = css`
  select,
  input[type="search"],
  textarea {
    font: inherit;
    color: inherit;
    inline-size: 100%;
    box-sizing: border-box;
    padding: 10px 12px;
    border: 1px solid var(--pc-faint);
    border-radius: var(--pc-round);
    background-color: var(--card-background-color, #fff);
  }
  textarea {
    resize: vertical;
    min-block-size: 64px;
  }
  .field {
    display: grid;
    gap: 6px;
    margin-block: 12px;
    font-weight: 500;
  }
  input[type="checkbox"],
  input[type="radio"] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    flex: none;
    accent-color: var(--pc-accent);
  }
`;
