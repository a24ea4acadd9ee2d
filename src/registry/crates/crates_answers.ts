/**
 * Answers of crates.io, told apart from everything that only looks like one: a block page, an error of the service or
 * half a body says nothing about what crates.io holds.
 *
 * @module
 */

import { Failure, messageOf } from "../../error.ts";
import type { Clock, Host } from "../../host/host.ts";
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

/** crates.io's data access policy: one request a second. */
const API_PAUSE = 1000;

/** Makes the asker. */
export function createCratesAnswers(
  { http, clock }: Pick<Host, "http" | "clock">,
  endpoints: CratesEndpoints,
): CratesAnswers {
  const pace = createPace(clock, API_PAUSE);
  const api = `${endpoints.crates}/api/v1`;
  return {
    indexFile: async (path, question) => {
      const answer = await ask(http, { url: `${endpoints.cratesIndex}/${path}`, question });
      if (NO_SUCH_CRATE.has(answer.status)) return undefined;
      return decode(requireOk(answer, question));
    },
    document: async (path, question) => {
      await pace();
      const answer = await ask(http, { url: `${api}/${path}`, question });
      // crates.io says "no" in JSON; a bare 404 comes from something that stands in front of it, or in its place.
      if (answer.status === 404 && wordsOfApi(decode(answer.body)) !== undefined) return undefined;
      return parseJson(decode(requireOk(answer, question)), question);
    },
    file: async (path, question) => {
      await pace();
      return requireOk(await ask(http, { url: `${api}/${path}`, question }), question);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

async function ask(
  http: Host["http"],
  { url, question }: { readonly url: string; readonly question: Question },
): Promise<Answer> {
  try {
    const answer = await http(url, { cache: "no-store" });
    return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "PIOT_NETWORK") throw error;
    throw unknownAnswer(question, messageOf(error), error);
  }
}

function decode(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function requireOk({ status, body }: Answer, question: Question): Uint8Array {
  if (status === 200) return body;
  const text = decode(body);
  const words = wordsOfApi(text) ?? text.trim().split("\n")[0]!;
  const found = words === "" ? `status ${status}` : `status ${status}: ${words.slice(0, 300)}`;
  throw unknownAnswer(question, found);
}

/** The detail of `{"errors":[{"detail":"…"}]}`; undefined for a body that is not of crates.io's API. */
function wordsOfApi(text: string): string | undefined {
  try {
    const { errors } = JSON.parse(text) as { errors?: { detail?: unknown }[] };
    const detail = errors?.[0]?.detail;
    return typeof detail === "string" ? detail : undefined;
  } catch {
    return undefined;
  }
}

function parseJson(text: string, question: Question): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unknownAnswer(question, "the answer is no JSON", error);
  }
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
