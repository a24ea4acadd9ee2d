/**
 * Texts that are safe to show. Untrusted ones (a registry's answer, a file name, a commit message) can forge no line, no
 * colour, no cursor movement, no reordering and no workflow command.
 *
 * @module
 */

/**
 * Controls, line separators, invisible and direction-changing characters (Trojan Source), lone
 * surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Makes a text one line of visible characters: `a⏎b` → `a\nb`, an escape character → `\x1b`. */
export function escapeText(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT[character] ?? codeOf(character));
}

function codeOf(character: string): string {
  const hex = character.codePointAt(0)!.toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/** Makes a text lines of visible characters; line breaks stay what they are. */
export function escapeLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map(escapeText);
}

/**
 * Breaks up what the GitHub runner would read as a command: `::` at the start of a line, and the
 * older `##[` anywhere (actions/runner `ActionCommand.cs`; it scans standard error too). For
 * everything that is written to a log.
 */
export function guardCommands(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gm, "$1: ").replaceAll("##[", "# #[");
}
