/**
 * Reads what npm and Sigstore answer: JSON with `error` or `message`, or a page of something that stands before it.
 *
 * @module
 */

import { cutWords } from "../cut_words.ts";
import { isNoAnswer } from "../host/answer.ts";
import { readJson } from "../host/json_answer.ts";

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
  /** Whether the body is a page for people: something stands where a registry should. */
  readonly isPage: boolean;
  /** The registry's own words, on one line. */
  readonly words: string;
}

/** Reads a response. */
export async function readReply(response: Response): Promise<Reply> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const { json } = readJson(bytes);
  return {
    status: response.status,
    headers: response.headers,
    json,
    isPage: /^\s*</.test(text),
    words: plain(wordsOf(json, text)) || plain(response.statusText) || "(no words)",
  };
}

/** The answer to a question that may go unanswered: undefined where none came, or none that anybody can use. */
export async function readIfAnswered(asked: Promise<Response>): Promise<Reply | undefined> {
  return await asked.then((response) => readReply(response)).catch((error: unknown) => {
    if (!isNoAnswer(error)) throw error;
    return undefined;
  });
}

/** Characters of a body that are searched for words: enough for the head of any page. */
const SEARCHED = 8 * 2 ** 10;

/**
 * npm's client takes `error`, then `message` (npm-registry-fetch lib/errors.js); a page's title says most of a page. Of
 * other JSON nothing is shown, whole or broken off: the answer to an exchange is a secret.
 */
function wordsOf(json: unknown, text: string): string {
  if (typeof json === "string") return json;
  const { error, message } = (json ?? {}) as { error?: unknown; message?: unknown };
  const said = [error, message].find((value) => typeof value === "string" && value !== "");
  if (typeof said === "string") return said;
  if (json !== undefined || /^\s*[[{]/.test(text)) return "";
  const start = cutWords(text, SEARCHED);
  return /<title[^<>]*>([^<]*)<\/title>/i.exec(start)?.[1] ?? start.replace(/<[^<>]*>/g, " ");
}

/** Control and format characters could forge lines of a log, or turn them round. */
function plain(text: string): string {
  const line = cutWords(text, SEARCHED).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return cutWords(line, 500);
}

/**
 * An answer in one line: the status, the words, and what its headers add. `npm-notice` tells of expired tokens, though not
 * of those alone (npm/cli#8816).
 */
export function tellReply({ status, words, headers }: Reply): string {
  const notice = plain(headers.get("npm-notice") ?? "");
  const location = plain(headers.get("location") ?? "");
  const wait = plain(headers.get("retry-after") ?? "");
  const more = [
    ...(notice === "" ? [] : [`npm-notice: ${notice}`]),
    ...(location === "" || status >= 400 ? [] : [`to ${location.split("?")[0]}`]),
    ...(wait === "" ? [] : [`retry-after: ${wait.slice(0, 40)}${inMinutes(wait)}`]),
  ];
  return `${status} ${words}${more.length === 0 ? "" : ` (${more.join("; ")})`}`;
}

/** `1934` → `, 33 minutes`; nothing for less than two minutes, more than a week, and dates. */
function inMinutes(wait: string): string {
  const minutes = /^\d+$/.test(wait) ? Math.ceil(Number(wait) / 60) : 0;
  return minutes < 2 || minutes > 7 * 24 * 60 ? "" : `, ${minutes} minutes`;
}

/** Whether an answer is a success: by its status, and not contradicted by a page or an error in its body. */
export function isSuccess({ status, json, isPage }: Reply): boolean {
  const { error } = (json ?? {}) as { error?: unknown };
  return status >= 200 && status < 300 && !isPage && typeof error !== "string";
}
