/**
 * What an answer may be: its limits of bytes and of time, and the failures of one that passes them or is no answer at
 * all. Whatever a server sends comes through here, whole, before anybody looks at it.
 *
 * @module
 */

import { cutWords } from "../cut_words.ts";
import { Failure } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";

/** How much of an answer is taken, and how long it may take. */
export interface AnswerLimits {
  /** Milliseconds until it begins. */
  readonly begin: number;
  /** Milliseconds between two pieces of it. */
  readonly silence: number;
  /** Milliseconds from its beginning to its end. */
  readonly whole: number;
  /** Bytes of its body, unpacked. */
  readonly bytes: number;
}

/** What an answer gets that is a few words. Whoever expects more says so with the request. */
export const ANSWER_LIMITS: AnswerLimits = {
  begin: 30_000,
  silence: 30_000,
  whole: 120_000,
  bytes: 4 * 2 ** 20,
};

/** Which request an answer is to, as messages tell it: without a query, which may hold a secret. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
}

/** How an answer is read. */
export interface Reading {
  readonly asked: Asked;
  readonly limits: AnswerLimits;
  /** Gives the connection up. */
  readonly stop: () => void;
  /** The content codings that the request asked for. */
  readonly codings: readonly string[];
}

/** The codings that both runtimes unpack. */
export const CODINGS: readonly string[] = ["gzip", "br"];

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * Reads an answer to its end. Throws `PIOT_ANSWER_TOO_LARGE`, `PIOT_ANSWER_TOO_SLOW` and `PIOT_ANSWER_BROKEN`; what the
 * body breaks off with is thrown as it is.
 */
export async function readAnswer(begun: Response, reading: Reading): Promise<Response> {
  const { status, headers } = begun;
  try {
    requireSense(begun, reading);
    const body = begun.body === null ? null : await readBody(begun.body, reading);
    const init = { status, statusText: begun.statusText.replace(/[^\x20-\x7e]/g, ""), headers };
    return new Response(WITHOUT_BODY.includes(status) ? null : body, init);
  } catch (error) {
    reading.stop();
    throw error;
  }
}

/** Throws `PIOT_ANSWER_BROKEN` for a status that HTTP does not have (RFC 9110 §15), and a coding that nobody asked for. */
function requireSense({ status, headers }: Response, { asked, codings }: Reading): void {
  if (!(status >= 200 && status <= 599)) throw broken(asked, `its status is ${status}`);
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (["", "identity", ...codings].includes(coding)) return;
  throw broken(asked, `it is packed as ${JSON.stringify(cutWords(coding, 40))}, unasked`);
}

/** Bytes from which on an answer is large: those are read one at a time, whatever number of them comes at once. */
const LARGE = 4 * 2 ** 20;

async function readBody(
  body: ReadableStream<Uint8Array>,
  { asked, limits }: Reading,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let until = performance.now() + limits.whole;
  let release: (() => void) | undefined;
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const left = until - performance.now();
      const wait = Math.min(limits.silence, Math.max(0, left));
      const next = await within(iterator.next(), wait, () => tooSlow(asked, { limits, left }));
      if (next.done) return joined(pieces, size);
      size += next.value.length;
      if (size > limits.bytes) {
        throw failed("PIOT_ANSWER_TOO_LARGE", asked, `it has more than ${limits.bytes} bytes`);
      }
      pieces.push(withoutRest(next.value));
      if (size <= LARGE || release !== undefined) continue;
      // Waiting for its turn is no fault of the server's.
      const from = performance.now();
      release = await takeTurn();
      until += performance.now() - from;
    }
  } finally {
    release?.();
  }
}

/** A piece without what it is cut from: Deno unpacks 4 kB at a time, each into 64 kB of its own. */
function withoutRest(piece: Uint8Array): Uint8Array {
  return piece.length < piece.buffer.byteLength / 2 ? piece.slice() : piece;
}

function tooSlow(
  asked: Asked,
  { limits, left }: { readonly limits: AnswerLimits; readonly left: number },
): Failure {
  const found = left <= limits.silence
    ? `it had not ended after ${limits.whole / 1000} s`
    : `nothing more of it came for ${limits.silence / 1000} s`;
  return failed("PIOT_ANSWER_TOO_SLOW", asked, found);
}

let turn: Promise<void> = Promise.resolve();

/** Waits until no other large answer is being read; gives what lets the next one in. */
async function takeTurn(): Promise<() => void> {
  const before = turn;
  let end = (): void => {};
  turn = new Promise((resolve) => end = resolve);
  await before;
  return end;
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Waits for something as long as it may take. What comes of it afterwards is nobody's business any more. */
export async function within<T>(
  awaited: Promise<T>,
  milliseconds: number,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  awaited.catch(() => {});
  try {
    return await Promise.race([awaited, end]);
  } finally {
    clearTimeout(timer);
  }
}

const HINTS = {
  PIOT_ANSWER_TOO_LARGE:
    "No registry answers so: check what stands at this address (docs/publish.md lists the variables that set it) and between here and there, then run again; what is there already is skipped",
  PIOT_ANSWER_TOO_SLOW:
    "Check the service's status page and the network, then run again; what is there already is skipped",
  PIOT_ANSWER_BROKEN:
    "Check what stands at this address (docs/publish.md lists the variables that set it) and between here and there, such as a proxy, then run again; what is there already is skipped",
  PIOT_ANSWER_REDIRECTED:
    "If the service has moved there, set the variable that docs/publish.md lists for it to that address; else check what stands between here and there, then run again",
} as const;

/** The failure of an answer, which is its server's fault: `found` is a clause about it. */
export function failed(
  code: keyof typeof HINTS & FailureCode,
  { method, url }: Asked,
  found: string,
  cause?: unknown,
): Failure {
  const message = `Cannot use the answer of ${url.origin} to ${method} ${url.pathname}: ${found}`;
  return new Failure(code, message, {
    hint: HINTS[code],
    ...(cause === undefined ? {} : { cause }),
  });
}

function broken(asked: Asked, found: string): Failure {
  return failed("PIOT_ANSWER_BROKEN", asked, found);
}

const NO_ANSWER: readonly FailureCode[] = [
  "PIOT_NETWORK",
  "PIOT_ANSWER_TOO_LARGE",
  "PIOT_ANSWER_TOO_SLOW",
  "PIOT_ANSWER_BROKEN",
  "PIOT_ANSWER_REDIRECTED",
];

/** Whether an error says that no answer came, or one that nobody can use. */
export function isNoAnswer(error: unknown): error is Failure {
  return error instanceof Failure && NO_ANSWER.includes(error.code);
}
