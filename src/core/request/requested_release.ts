/**
 * A release request as it was given: what it is about, when two of them contradict each other, and what every reader of
 * such requests shares.
 *
 * @module
 */

import { Failure, type Problem } from "../../error.ts";
import { quote } from "../words/phrases.ts";
import type { ReleaseRequest } from "../model/facts.ts";

/**
 * A request as it was given. Other tools do not know our names: release-please names a folder, release-plz a crate.
 * `resolveRequests()` turns these into names.
 */
export type RequestedRelease =
  | ReleaseRequest
  | { readonly path: string; readonly version: string }
  | { readonly crate: string; readonly version: string };

/** What a request is about: the kind of its name, and the name itself. */
export function subjectOf(request: RequestedRelease): readonly [string, string] {
  if ("name" in request) return ["package", request.name];
  return "path" in request ? ["folder", request.path] : ["crate", request.crate];
}

function wish(request: RequestedRelease): string {
  if (request.version !== undefined) return request.version;
  return "bump" in request && request.bump !== undefined
    ? `a ${request.bump} release`
    : "its next release";
}

/** `PIOT_RELEASE_REQUEST_CONFLICT` when two requests ask for one thing in two ways; undefined when they ask alike. */
export function conflictOf(first: RequestedRelease, second: RequestedRelease): Failure | undefined {
  if (wish(first) === wish(second)) return undefined;
  const [kind, name] = subjectOf(first);
  return new Failure(
    "PIOT_RELEASE_REQUEST_CONFLICT",
    `Cannot release the ${kind} ${quote(name)} twice: ${wish(first)} and ${
      wish(second)
    } are asked for`,
    { hint: "Ask for each package once, or in the same words each time" },
  );
}

/** What a piece of text held: requests, and what is wrong with the rest of it. */
export interface RequestReading {
  /** What was understood. */
  readonly requests: readonly RequestedRelease[];
  /** What was not. */
  readonly problems: readonly Problem[];
}

/** The forms that are understood, for every hint that has to list them. */
export const REQUEST_FORMS: string =
  "Write name, name@minor or name@1.4.0 (several with commas between them), a JSON array " +
  '[{"name": "…", "version": "…"}], or the JSON that release-please or release-plz gives';

/** A reading that found one request. */
export function oneRequest(request: RequestedRelease): RequestReading {
  return { requests: [request], problems: [] };
}

/** A reading that found something malformed: the piece, and what is wrong with it. */
export function oneProblem(piece: string, found: string): RequestReading {
  const message = `Cannot read the release request ${quote(piece)}: ${found}`;
  return {
    requests: [],
    problems: [{ code: "PIOT_RELEASE_REQUEST_INVALID", message, hint: REQUEST_FORMS }],
  };
}

/** Several readings as one. */
export function joinReadings(readings: readonly RequestReading[]): RequestReading {
  return {
    requests: readings.flatMap((reading) => reading.requests),
    problems: readings.flatMap((reading) => reading.problems),
  };
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
