/**
 * Markdown for job summaries, with untrusted text in it.
 *
 * @module
 */

import { escapeText } from "./safe_text.ts";

/** Longer texts are cut: a summary that is too large is dropped whole. */
const LONGEST = 600;

/**
 * An untrusted text inside a table cell or a sentence. Every character that means something to
 * GitHub's Markdown becomes a character reference, which never means anything (CommonMark 0.31
 * §2.5); a zero-width space keeps `@name` from becoming a mention, and `www.` and `://`, from which
 * links are made, are broken up too.
 */
export function markdownText(text: string): string {
  const shown = escapeText(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
  return shown
    .replace(
      /[^A-Za-z0-9 .,/()+\u{a0}-\u{10ffff}-]/gu,
      (character) => `&#${character.codePointAt(0)};`,
    )
    .replaceAll("&#64;", "&#64;&#8203;")
    .replace(/www\./gi, (start) => `${start.slice(0, 3)}&#46;`);
}

/**
 * An untrusted text as code: `<code>` and character references, since backticks in the text would
 * end a code span.
 */
export function markdownCode(text: string): string {
  // No mention is made inside code, so that what is copied from it holds no zero-width space.
  return `<code>${markdownText(text).replaceAll("&#8203;", "")}</code>`;
}

/** A link with an untrusted text; only the text when the address is none of the web's. */
export function markdownLink(text: string, url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) return markdownCode(text);
  // The URL parser leaves some characters that would end an attribute or a cell; all it leaves is ASCII.
  const href = address.href.replace(
    /[^A-Za-z0-9:/?#@!$&*+,;=._~%-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `<a href="${href.replaceAll("&", "&amp;")}">${
    markdownText(text).replaceAll("&#8203;", "")
  }</a>`;
}

/** A table row of cells that are Markdown already. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A table's head and the line under it. */
export function markdownHead(titles: readonly string[]): readonly string[] {
  return [markdownRow(titles), markdownRow(titles.map(() => "---"))];
}

/**
 * As many of the lines as a number of UTF-8 bytes takes, with a last line that counts the rest:
 * `… and 12 more`. Lines are made one by one, so that those beyond the bound cost nothing.
 */
export function boundedLines<T>(
  items: readonly T[],
  options: {
    readonly bytes: number;
    readonly line: (item: T) => string;
    readonly more?: (rest: string) => string;
  },
): readonly string[] {
  const { bytes, line, more = (rest) => rest } = options;
  const lines: string[] = [];
  let left = bytes;
  for (const [at, item] of items.entries()) {
    const next = line(item);
    left -= utf8Length(next) + 1;
    if (left < 0) return [...lines, more(`… and ${items.length - at} more`)];
    lines.push(next);
  }
  return lines;
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
