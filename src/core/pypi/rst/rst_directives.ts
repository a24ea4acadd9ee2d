/**
 * The directives of docutils that a description may use, and what each of them takes (docutils, `parsers/rst/directives/` and
 * `languages/en.py`). Sphinx has more of them, and more options, and PyPI has none of these.
 *
 * @module
 */

/** What a directive takes. */
export interface RstDirective {
  /** How many arguments it needs, and how many it takes at most. */
  readonly required: number;
  readonly most: number;
  /** Whether its last argument may have blanks in it. */
  readonly isOpenEnded: boolean;
  /** What its content is: text of the same kind, something else, or nothing at all. */
  readonly content: "text" | "other" | "none";
  readonly needsContent: boolean;
  /** Undefined for one that takes none. */
  readonly options: readonly string[] | undefined;
}

const COMMON = ["class", "name"];
const IMAGE = ["align", "alt", "height", "loading", "scale", "target", "width", ...COMMON];
const TABLE = ["align", "width", "widths", ...COMMON];

function directive(
  [required, most]: readonly [number, number],
  content: RstDirective["content"],
  options?: readonly string[],
  more: Partial<RstDirective> = {},
): RstDirective {
  return { required, most, isOpenEnded: true, content, needsContent: false, options, ...more };
}

const TEXT = directive([0, 0], "text", COMMON, { needsContent: true });
const QUOTE = directive([0, 0], "text", undefined, { needsContent: true });
const CODE = directive([0, 1], "other", ["number-lines", ...COMMON], {
  needsContent: true,
  isOpenEnded: false,
});
const NUMBERS = directive([0, 0], "none", ["depth", "prefix", "start", "suffix"]);

/** By name. */
export const RST_DIRECTIVES: ReadonlyMap<string, RstDirective> = new Map([
  ...("attention caution danger error hint important note tip warning compound".split(" "))
    .map((name) => [name, TEXT] as const),
  ...["epigraph", "highlights", "pull-quote"].map((name) => [name, QUOTE] as const),
  ...["code", "code-block", "sourcecode"].map((name) => [name, CODE] as const),
  ["admonition", directive([1, 1], "text", COMMON, { needsContent: true })],
  ["topic", directive([1, 1], "text", COMMON, { needsContent: true })],
  ["sidebar", directive([0, 1], "text", ["subtitle", ...COMMON], { needsContent: true })],
  ["container", directive([0, 1], "text", ["name"], { needsContent: true })],
  ["line-block", directive([0, 0], "other", COMMON, { needsContent: true })],
  ["parsed-literal", directive([0, 0], "other", COMMON, { needsContent: true })],
  ["math", directive([0, 0], "other", COMMON, { needsContent: true })],
  ["rubric", directive([1, 1], "none", COMMON)],
  ["table", directive([0, 1], "text", TABLE, { needsContent: true })],
  [
    "list-table",
    directive([0, 1], "text", ["header-rows", "stub-columns", ...TABLE], { needsContent: true }),
  ],
  [
    "csv-table",
    directive([0, 1], "other", [
      ...[
        "delim",
        "encoding",
        "escape",
        "file",
        "header",
        "header-rows",
        "keepspace",
        "quote",
        "stub-columns",
        "url",
      ],
      ...TABLE,
    ]),
  ],
  ["meta", directive([0, 0], "other", undefined, { needsContent: true })],
  ["image", directive([1, 1], "none", IMAGE)],
  ["figure", directive([1, 1], "text", ["figclass", "figname", "figwidth", ...IMAGE])],
  ["replace", directive([0, 0], "other", undefined, { needsContent: true })],
  ["unicode", directive([1, 1], "none", ["ltrim", "rtrim", "trim"])],
  ["date", directive([0, 0], "other")],
  ["class", directive([1, 1], "text")],
  ["rst-class", directive([1, 1], "text")],
  ["role", directive([0, 0], "other")],
  ["default-role", directive([0, 1], "none", undefined, { isOpenEnded: false })],
  ["title", directive([1, 1], "none")],
  ["contents", directive([0, 1], "none", ["backlinks", "class", "depth", "local"])],
  ["sectnum", NUMBERS],
  ["section-numbering", NUMBERS],
  ["header", directive([0, 0], "text", undefined, { needsContent: true })],
  ["footer", directive([0, 0], "text", undefined, { needsContent: true })],
  ["target-notes", directive([0, 0], "none", ["class"])],
]);

/** Directives that docutils has and PyPI has switched off (readme_renderer, `rst.py`). */
export const SWITCHED_OFF: ReadonlySet<string> = new Set(["include", "raw"]);

/** What options may hold, where that is more than any text (docutils, `parsers/rst/directives/__init__.py`). */
export const OPTION_VALUES: Readonly<Record<string, RegExp>> = {
  width: /^\d*\.?\d+ *(?:[a-z]+|%)?$/i,
  height: /^\d*\.?\d+ *[a-z]*$/i,
  scale: /^\d+ *%?$/,
  target: /./,
  depth: /^\d+$/,
};
