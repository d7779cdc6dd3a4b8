/* A list of differences, grouped by what they are in. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Count, Subject } from "../server.ts";
import { headline, kindOf, nameOf, type Line } from "../words/changes.ts";
import type { Words } from "../words/words.ts";
import { icon } from "./element.ts";

const SIGNS: Partial<Record<Line["how"], string>> = { added: "plus", removed: "minus" };

export const LINES = css`
  .group {
    margin-block: 12px 4px;
    display: flex;
    align-items: center;
    gap: 12px;
    font-weight: 500;
  }
  .lines {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .line {
    display: flex;
    align-items: start;
    gap: 12px;
    padding-block: 6px;
  }
  .line ha-icon {
    --mdc-icon-size: 18px;
    inline-size: 18px;
    block-size: 18px;
    margin-block-start: 1px;
    color: var(--pc-faint);
  }
  .line input {
    margin-block-start: 1px;
  }
  .what {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .bring-back {
    flex: none;
  }
  .what bdi {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 8; /* a name may be as long as a page */
  }
  .what .faint {
    display: block;
    font-size: 13px;
  }
`;

interface Grouping<T> {
  /** What is in front of a group's name. */
  before?: (lines: T[], name: string) => TemplateResult | typeof nothing;
  /** How many there are of each kind, if not all of them are among the lines. */
  counts?: Partial<Record<Subject, number>>;
}

/** Return lines below the names of what they are in. */
export function groupedLines<T extends { subject: Subject }>(
  words: Words,
  lines: readonly T[],
  each: (line: T) => TemplateResult,
  { before = () => nothing, counts = {} }: Grouping<T> = {},
): TemplateResult[] {
  const groups = Map.groupBy(lines, ({ subject }) => subject);
  return [...groups].map(([subject, found]) => {
    const name = words.say(`subject_${subject}`);
    const count = words.format.number(counts[subject] ?? found.length);
    return html`<div class="group">
        ${before(found, name)}<span>${name} <span class="faint">${count}</span></span>
      </div>
      <ul class="lines" aria-label=${name}>
        ${found.map((line) => html`<li class="line">${each(line)}</li>`)}
      </ul>`;
  });
}

/** Say in numbers what is not among the lines. */
export function andMore(words: Words, counts: readonly Count[]): TemplateResult | typeof nothing {
  if (!counts.length) return nothing;
  return html`<p class="faint">${words.say("and_more", { what: headline(words, counts) })}</p>`;
}

/** A difference in one line; `end` is what can be done with it. */
export function differenceLine(
  words: Words,
  line: Line,
  end: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`${icon(SIGNS[line.how] ?? "pencil-outline")}
    <div class="what">
      <bdi>${nameOf(words, line)}</bdi>
      <span class="faint">${about(words, line, `was_${line.how}`)}</span>
    </div>
    ${end}`;
}

/** The gray part of a line: what happens, the kind, and what exactly is different. */
export function about(words: Words, line: Line, slug: string): string {
  const kind = kindOf(words, line.kind);
  return [kind, words.say(slug), ...line.details].filter(Boolean).join(" · ");
}
