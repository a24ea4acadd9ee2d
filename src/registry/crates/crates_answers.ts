/**
 * Answers of crates.io, told apart from everything that only looks like one: a block page, an error of the service or
 * half a body says nothing about what crates.io holds.
 *
 * @module
 */

import { cutWords } from "../../cut_words.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Clock, Host } from "../../host/host.ts";
import { isSilence } from "../../host/http.ts";
import { decodeText, readJson } from "../../host/json_answer.ts";
import { isPage, saysNotFound } from "../absence.ts";
import type { Endpoints } from "../endpoints.ts";

/** Where crates.io is. */
export type CratesEndpoints = Pick<Endpoints, "crates" | "cratesIndex">;

/** What a question is about, to complete "Cannot tell …". */
export type Question = string;

/**
 * Asks one address. Undefined is the definite answer that there is no such thing; everything else that is not what was
 * asked for is a thrown `PIOT_REGISTRY_UNKNOWN`.
 */
export interface CratesAnswers {
  /** A file of the sparse index, by its path below the index. */
  readonly indexFile: (path: string, question: Question) => Promise<string | undefined>;
  /** A JSON document of the API, by its path below `/api/v1/`. At most one request a second. */
  readonly document: (path: string, question: Question) => Promise<unknown>;
  /** A file of the API, by its path below `/api/v1/`. At most one request a second. */
  readonly file: (path: string, question: Question) => Promise<Uint8Array>;
}

/** Statuses by which an index says that it has no such crate (cargo's `http_remote.rs`). */
const NO_SUCH_CRATE = new Set([404, 410, 451]);

/** crates.io's data access policy: one request a second, repeated ones included. */
const API_PAUSE = 1000;

/** Bytes of an index file: one of ten thousand versions with their dependencies has some dozen MB. */
const INDEX_LIMIT = 64 * 2 ** 20;

/** Bytes of a `.crate`: crates.io takes 10 MiB, and more from some. */
const CRATE_LIMIT = 128 * 2 ** 20;

/** Makes the asker. */
export function createCratesAnswers(
  { http, clock }: Pick<Host, "http" | "clock">,
  endpoints: CratesEndpoints,
): CratesAnswers {
  const pace = createPace(clock, API_PAUSE);
  const api = `${endpoints.crates}/api/v1`;
  return {
    indexFile: async (path, question) => {
      const url = `${endpoints.cratesIndex}/${path}`;
      const answer = await ask(http, { url, question, limit: INDEX_LIMIT });
      const text = textOf(answer, question);
      // S3 says it in XML, others with nothing at all; a page comes from something that stands before the index. That
      // there is no such crate counts for no more than the API's own word: see `lookAtCrate()`.
      if (NO_SUCH_CRATE.has(answer.status) && !isPage(text)) return undefined;
      requireOk(answer, question);
      if (text.trim() === "") throw unknownAnswer(question, "the index answered with nothing");
      return text;
    },
    document: async (path, question) => {
      const answer = await ask(http, { url: `${api}/${path}`, question, turn: pace });
      const { json, flaw } = readJson(answer.body);
      if (answer.status === 404 && saysNotFound(json)) return undefined;
      requireOk(answer, question);
      if (flaw !== undefined) throw unknownAnswer(question, `the answer ${flaw}`);
      return json;
    },
    file: async (path, question) => {
      const url = `${api}/${path}`;
      // crates.io gives files away from another server of its own.
      const elsewhere = { limit: CRATE_LIMIT, crossOrigin: true };
      const answer = await ask(http, { url, question, turn: pace, ...elsewhere });
      requireOk(answer, question);
      return answer.body;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

async function ask(
  http: Host["http"],
  { url, question, ...request }: {
    readonly url: string;
    readonly question: Question;
    readonly turn?: () => Promise<void>;
    readonly limit?: number;
    readonly crossOrigin?: boolean;
  },
): Promise<Answer> {
  try {
    const answer = await http(url, { cache: "no-store", ...request });
    return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
  } catch (error) {
    if (!isSilence(error)) throw error;
    throw unknownAnswer(question, messageOf(error), error);
  }
}

function textOf({ body }: Answer, question: Question): string {
  const text = decodeText(body);
  if (text !== undefined) return text;
  throw unknownAnswer(question, "the answer is no UTF-8");
}

function requireOk({ status, body }: Answer, question: Question): void {
  if (status === 200) return;
  const words = wordsOfApi(readJson(body).json) ?? (decodeText(body) ?? "").trim().split("\n")[0]!;
  const found = words === "" ? `status ${status}` : `status ${status}: ${cutWords(words, 300)}`;
  throw unknownAnswer(question, found);
}

/** The detail of `{"errors":[{"detail":"…"}]}`; undefined for a document that is not of crates.io's API. */
export function wordsOfApi(document: unknown): string | undefined {
  const { errors } = (document ?? {}) as { errors?: { detail?: unknown }[] };
  const detail = Array.isArray(errors) ? errors[0]?.detail : undefined;
  return typeof detail === "string" ? detail : undefined;
}

/** The failure of a question that has no definite answer. */
export function unknownAnswer(question: Question, found: string, cause?: unknown): Failure {
  return new Failure("PIOT_REGISTRY_UNKNOWN", `Cannot tell ${question}: ${found}`, {
    hint: "Look at https://status.crates.io, then run again; nothing was uploaded on this answer",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Lets callers through one by one, each a pause after the one before. */
function createPace(clock: Clock, pause: number): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  return () => {
    turn = turn.then(async () => {
      const wait = next - clock.now().getTime();
      if (wait > 0) await clock.sleep(wait);
      next = clock.now().getTime() + pause;
    });
    return turn;
  };
}
