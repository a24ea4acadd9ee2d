/**
 * Reads what an npm registry answers: JSON with `error` or `message`, or a page of something that stands before it.
 *
 * @module
 */

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
  /** The registry's own words, on one line. */
  readonly words: string;
}

/** Reads a response. */
export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = parseJson(text);
  return {
    status: response.status,
    headers: response.headers,
    json,
    words: wordsOf(json, text) || response.statusText || "(no words)",
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** npm's client takes `error`, then `message` (npm-registry-fetch lib/errors.js); a page's title says most of a page. */
function wordsOf(json: unknown, text: string): string {
  const { error, message } = (json ?? {}) as { error?: unknown; message?: unknown };
  const said = [error, message].find((one) => typeof one === "string" && one !== "");
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  const raw = typeof said === "string" ? said : title ?? text.replace(/<[^>]*>/g, " ");
  // Control characters could forge lines of a log.
  return raw.replace(/[\s\p{Cc}]+/gu, " ").trim().slice(0, 500);
}

/** `@acme/demo` → `@acme%2fdemo`: the slash alone is escaped, as npm does (npm-package-arg, escapedName). */
export function escapeName(name: string): string {
  return name.replace("/", "%2f");
}
