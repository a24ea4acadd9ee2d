import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import { escapeText } from "../../src/report/safe_text.ts";
import {
  boundedLines,
  markdownCode,
  markdownHead,
  markdownLink,
  markdownRow,
  markdownText,
  utf8Length,
} from "../../src/report/markdown.ts";
import { hostileText } from "../support/hostile.ts";

/** What a reader of the page sees: character references become characters (CommonMark 0.31 §2.5). */
function decoded(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

test("markdownText() writes what means something as character references", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["plain words", "files changed, 1.2.0 (minor)", "files changed, 1.2.0 (minor)"],
    ["a cell's end", "a|b", "a&#124;b"],
    ["html", "<b>&amp;", "&#60;b&#62;&#38;amp&#59;"],
    ["code", "`a`", "&#96;a&#96;"],
    ["a mention", "@octocat", "&#64;&#8203;octocat"],
    ["a link", "[a](b)", "&#91;a&#93;(b)"],
    ["an address", "https://a.b", "https&#58;//a.b"],
    ["an address without a scheme", "WWW.a.b", "WWW&#46;a.b"],
    ["a line break", "a\nb", "a&#92;nb"],
    ["any script", "日本 → é", "日本 → é"],
  ];
  for (const [name, text, expected] of cases) assert.equal(markdownText(text), expected, name);
});

test("no text leaves its cell, and the page shows it as it is", () => {
  fc.assert(fc.property(hostileText(), (text) => {
    const markdown = markdownText(text);
    assert.doesNotMatch(markdown.replace(/&#\d+;/g, ""), /[|`<>&@[\]*_~\\"':!#\p{Cc}]|www\./iu);
    assert.equal(decoded(markdown).replaceAll("\u200b", ""), escapeText(text));
    const row = markdownRow([markdown, markdownCode(text)]);
    assert.equal(row.split("|").length, 4);
    assert.match(row, /^\| [^<>]*\| <code>[^<>]*<\/code> \|$/u);
  }));
});

test("markdownText() cuts a text that is too long for a summary", () => {
  assert.equal(markdownText("x".repeat(10_000)).length, 600);
});

test("markdownLink() links to addresses of the web alone", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["https", "https://a.b/c?d=1&e=2", '<a href="https://a.b/c?d=1&amp;e=2">x</a>'],
    [
      "quotes and pipes",
      `https://a.b/"onload="x|y'`,
      '<a href="https://a.b/%22onload=%22x%7Cy%27">x</a>',
    ],
    ["a script", "javascript:alert(1)", "<code>x</code>"],
    ["no address", "a b", "<code>x</code>"],
  ];
  for (const [name, url, expected] of cases) assert.equal(markdownLink("x", url), expected, name);
});

test("no text and no address of a link leaves it", () => {
  const url = fc.oneof(hostileText(), hostileText().map((rest) => `https://a.example/${rest}`));
  fc.assert(fc.property(hostileText(), url, (text, address) => {
    const link = markdownLink(text, address);
    assert.match(link, /^(<a href="https?:[^"<>|`\s\\]*">[^<>|`]*<\/a>|<code>[^<>|`]*<\/code>)$/u);
  }));
});

test("markdownHead() writes a table's head", () => {
  assert.deepEqual(markdownHead(["A", "B"]), ["| A | B |", "| --- | --- |"]);
});

test("boundedLines() stops at its bound and counts the rest", () => {
  const line = (item: string): string => `- ${item}`;
  const cases: readonly (readonly [string, readonly string[], number, readonly string[]])[] = [
    ["all fit", ["a", "b"], 8, ["- a", "- b"]],
    ["one does not", ["a", "b"], 7, ["- a", "… and 1 more"]],
    ["none does", ["a", "b"], 1, ["… and 2 more"]],
    ["bytes, not characters", ["é", "b"], 8, ["- é", "… and 1 more"]],
    ["nothing", [], 0, []],
  ];
  for (const [name, items, bytes, expected] of cases) {
    assert.deepEqual(boundedLines(items, { bytes, line }), expected, name);
  }
});

test("utf8Length() counts bytes", () => {
  assert.deepEqual(["", "a", "é", "日", "🎉"].map(utf8Length), [0, 1, 2, 3, 4]);
});
