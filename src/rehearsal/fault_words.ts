/**
 * What `--fault` says: which request of a rehearsal goes wrong, and how.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Fault } from "./fault.ts";
import type { LocalRequest } from "./serve.ts";

/** A place where a request can be broken. */
interface Place {
  /** The service that gets the request, by its name in the report. */
  readonly service: "crates.io" | "PyPI" | "npm" | "GitHub";
  readonly matches: (request: LocalRequest) => boolean;
}

const PLACES: Readonly<Record<string, Place>> = {
  "crates-upload": { service: "crates.io", matches: ({ method }) => method === "PUT" },
  "crates-index": { service: "crates.io", matches: ({ path }) => /^\/index\/..\/../.test(path) },
  "pypi-upload": { service: "PyPI", matches: ({ method }) => method === "POST" },
  "pypi-read": { service: "PyPI", matches: ({ method }) => method === "GET" },
  "npm-upload": { service: "npm", matches: ({ method }) => method === "PUT" },
  "npm-read": {
    service: "npm",
    matches: ({ method, path }) => method === "GET" && !path.startsWith("/-/"),
  },
  "tag-push": {
    service: "GitHub",
    matches: ({ method, path }) => method === "POST" && path.endsWith("/git-receive-pack"),
  },
  "release": {
    service: "GitHub",
    matches: ({ method, path }) => method === "POST" && path.endsWith("/releases"),
  },
};

const HOWS: Readonly<Record<string, Fault["how"]>> = {
  "lost-before": "lost-before",
  "lost-after": "lost-after",
  "429": { status: 429, headers: { "retry-after": "1" }, body: "Too many requests\n" },
  "500": { status: 500, body: "Internal server error\n" },
  "slow": { delay: 2000 },
};

/** Where and how a request of a rehearsal goes wrong. */
export interface RehearsedFault {
  readonly service: Place["service"];
  readonly fault: Fault;
}

/** What can be said. */
const FAULT_FORMS =
  `WHERE:HOW, WHERE#2:HOW for the second such request, or WHERE=END:HOW for one whose path ends so; ` +
  `WHERE is one of ` +
  `${Object.keys(PLACES).join(", ")}; HOW is one of ${Object.keys(HOWS).join(", ")}`;

/**
 * Reads `npm-upload:lost-after`, `pypi-upload#2:500` or `npm-upload=@scope/name:429`. Throws `PIOT_USAGE` with the list of
 * what can be said.
 */
export function parseFault(text: string): RehearsedFault {
  const [, where = "", end = "", ordinal = "1", how = ""] =
    /^([a-z-]+)(?:=([^#:]+))?(?:#([1-9]\d?))?:([a-z0-9-]+)$/.exec(text) ?? [];
  const place = Object.hasOwn(PLACES, where) ? PLACES[where] : undefined;
  const effect = Object.hasOwn(HOWS, how) ? HOWS[how] : undefined;
  if (place === undefined || effect === undefined) {
    throw new Failure("PIOT_USAGE", `Cannot break "${text}": that is no fault`, {
      hint: FAULT_FORMS,
    });
  }
  let toPass = Number(ordinal) - 1;
  const matches = (request: LocalRequest): boolean =>
    place.matches(request) && decodeURIComponent(request.path).endsWith(end) &&
    toPass-- <= 0;
  return { service: place.service, fault: { matches, how: effect } };
}
