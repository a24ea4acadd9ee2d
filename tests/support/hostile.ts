/** Texts that try to be something else: commands, colours, lines, table cells, markup. */

import fc from "./property.ts";

const PIECES: readonly string[] = [
  "\n",
  "\r\n",
  "\r",
  "::error::forged",
  "::set-output name=released::true",
  "::add-mask::a",
  "##[error]forged",
  "##[set-env name=A]b",
  "##[##[error]x",
  ":",
  "::",
  "%0A",
  "%25",
  "%",
  ",",
  "=",
  "<<",
  "EOF",
  "\x1b[31mred",
  "\x1b]8;;https://evil.example\x07",
  "\x00",
  "\x85",
  "\u2028",
  "\u202e",
  "\u200b",
  "\ud800",
  "|",
  "`",
  "```",
  "<script>",
  "<!--",
  "&lt;",
  "[a](https://evil.example)",
  "www.evil.example",
  "@octocat",
  "*",
  "_",
  "~",
  "\\",
  '"',
  "]",
  "#1",
  " ",
  "\t",
  "demo",
  "日本",
  "é",
];

/** Any text, rich in texts that try to be something else. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 }));
  return fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
}
