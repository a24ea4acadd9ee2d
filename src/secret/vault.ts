/**
 * The vault: knows every secret of a run, and takes them out of whatever is about to be shown or written. There is one for
 * a run; whatever writes goes through it.
 *
 * @module
 */

import { cleaned } from "./cleaned.ts";
import { HIDDEN, hideIn } from "./hide.ts";
import { bareAddresses, bareHeaders } from "./known.ts";
import { SecretIndex } from "./secret_index.ts";
import { createStream, type SecretStream } from "./secret_stream.ts";
import { SHORTEST, spellingsOf } from "./spellings.ts";

/** Knows secrets, and takes them out. */
export interface Vault {
  /**
   * Learns a secret, before it is used: the whole of it, and each of its lines. Shorter than six characters it is likelier to
   * be a word of the text than a secret, and is left alone.
   */
  add(secret: string): void;
  /**
   * The text with `***` in place of every secret and of every telling part of one, however it is spelled. JSON stays JSON.
   */
  redact(text: string): string;
  /**
   * The same for everything in a value: texts, arrays, plain objects. What holds no secret is given back as it is. Errors
   * are cleaned in place, so that whoever prints them, or what they were caused by, prints no secret.
   */
  clean<T>(value: T): T;
  /** Takes secrets out of texts that come one after the other, and may hold a secret between them. */
  stream(): SecretStream;
  /** Tells of every secret from here on, and of all that came before: each line of one that is long enough. */
  onSecret(listener: (line: string) => void): void;
}

/** Makes a vault that knows nothing yet. */
export function createVault(): Vault {
  const lines = new Set<string>();
  const listeners: ((line: string) => void)[] = [];
  const index = new SecretIndex();
  let indexed = 0;
  const current = (): SecretIndex => {
    // Spelled out when it is first needed: most commands print nothing that could hold a secret's first letters.
    for (const line of [...lines].slice(indexed)) {
      for (const spelling of spellingsOf(line)) index.add(spelling);
    }
    indexed = lines.size;
    return index;
  };
  const add = (secret: string): void => {
    for (const line of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
      if (line.length < SHORTEST || lines.has(line)) continue;
      lines.add(line);
      if (!/[\r\n]/.test(line)) { for (const tell of listeners) tell(line); }
    }
  };
  const redactText = (text: string): string => {
    const bare = bareHeaders(bareAddresses(text));
    return lines.size === 0 || bare.length < SHORTEST ? bare : hideIn(bare, current());
  };
  const clean = <T>(value: T): T => cleaned(value, redactText);
  const redact = (text: string): string => {
    const redacted = redactText(text);
    return redacted === text ? text : keepingJson(text, { redactText, clean }) ?? redacted;
  };
  return {
    add,
    clean,
    redact,
    stream: () => createStream({ redact, index: () => lines.size === 0 ? undefined : current() }),
    onSecret: (listener) => {
      listeners.push(listener);
      for (const line of lines) if (!/[\r\n]/.test(line)) listener(line);
    },
  };
}

/**
 * A JSON document with its texts cleaned one by one, since what is taken out of the whole may be a part of an escape or of
 * its structure; undefined for any other text.
 */
function keepingJson(
  text: string,
  { redactText, clean }: {
    readonly redactText: (text: string) => string;
    readonly clean: Vault["clean"];
  },
): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const document = parseJson(text);
  if (document === undefined) return undefined;
  const indent = /^\s*[[{]\n( *)/.exec(text)?.[1]?.length;
  const [start, end] = [/^\s*/.exec(text)![0], /\s*$/.exec(text)![0]];
  const write = (value: unknown): string => `${start}${JSON.stringify(value, null, indent)}${end}`;
  const cleaned = write(clean(document));
  // A secret that is JSON itself may stand in the structure: then no value is shown.
  return redactText(cleaned) === cleaned ? cleaned : write(withoutValues(document));
}

function withoutValues(document: unknown): unknown {
  const hide = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null ? value : HIDDEN;
  return JSON.parse(JSON.stringify(document, hide));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
