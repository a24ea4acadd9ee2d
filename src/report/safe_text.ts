/**
 * Texts that are safe to show. Untrusted ones (a registry's answer, a file name, a commit message) can forge no line, no
 * colour, no cursor movement, no reordering and no workflow command; and secrets leave every text, whoever wrote it: a token
 * in a registry's answer, or in an address that git quotes.
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

/** Knows secrets, and takes them out of texts. */
export interface Redactor {
  /**
   * Learns a secret: the whole of it, each of its lines, and the ways that it is spelled in an
   * address or in JSON.
   */
  add(secret: string): void;
  /** The text with `***` for every secret that is known by now. */
  redact(text: string): string;
}

/**
 * Shorter than this a secret is likelier to be a word of the text than a secret; the runner's masks
 * are alike.
 */
const SHORTEST = 4;

/** Makes a redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    add: (secret) => {
      for (const form of [secret, ...secret.split(/\r?\n/)].flatMap(spellings)) {
        if (form.trim().length >= SHORTEST) secrets.add(form);
      }
    },
    redact: (text) => {
      // The longest first: a secret may be the start of another one.
      const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
      return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
    },
  };
}

function spellings(secret: string): readonly string[] {
  // encodeURIComponent throws for half a surrogate pair.
  const trimmed = secret.trim().replace(/\p{Cs}/gu, "\ufffd");
  return [trimmed, encodeURIComponent(trimmed), JSON.stringify(trimmed).slice(1, -1)];
}
