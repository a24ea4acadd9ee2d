/**
 * Secrets out of every text, whoever wrote it: a token in a registry's answer, or in an address
 * that git quotes.
 *
 * @module
 */

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
