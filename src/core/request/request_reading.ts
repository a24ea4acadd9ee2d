/**
 * What every reader of release requests shares: the shape of a request as given, and how to say
 * that a piece is wrong.
 *
 * @module
 */

import type { Problem } from "../../error.ts";
import type { ReleaseRequest } from "../model/facts.ts";

/**
 * A request as it was given. Other tools do not know our names: release-please names a folder,
 * release-plz a crate. `resolveRequests` turns these into names.
 */
export type RequestedRelease =
  | ReleaseRequest
  | { readonly path: string; readonly version: string }
  | { readonly crate: string; readonly version: string };

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

/** A text in double quotes, cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
