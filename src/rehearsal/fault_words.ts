/**
 * What `--fault` says: which request of a rehearsal goes wrong, and how.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Clock } from "../host/host.ts";
import type { Fault } from "./fault.ts";
import { type PlaceName, PLACES, type ServiceName } from "./places.ts";
import type { LocalRequest } from "./serve.ts";

type MakeHow = (clock: Pick<Clock, "sleep">) => Fault["how"];

const HOWS: Readonly<Record<string, MakeHow>> = {
  "lost-before": () => "lost-before",
  "lost-after": () => "lost-after",
  "429": () => ({ status: 429, headers: { "retry-after": "1" }, body: "Too many requests\n" }),
  "500": () => ({ status: 500, body: "Internal server error\n" }),
  "slow": (clock) => ({ delay: 2000, clock }),
};

/** Where and how a request of a rehearsal goes wrong. */
export interface RehearsedFault {
  /** As it was said. */
  readonly text: string;
  readonly service: ServiceName;
  readonly fault: Fault;
}

/** What can be said. */
const FAULT_FORMS =
  `WHERE:HOW, WHERE#2:HOW for the second such request, WHERE#2+:HOW for that and all after it, ` +
  `or WHERE=END:HOW for one whose path ends so; ` +
  `WHERE is one of ` +
  `${Object.keys(PLACES).join(", ")}; HOW is one of ${Object.keys(HOWS).join(", ")}`;

/**
 * Reads `npm-upload:lost-after`, `pypi-upload#2:500`, `npm-exchange#1+:500` or `npm-upload=@scope/name:429`. A slow request is slow by `clock`.
 * Throws `PIOT_USAGE` with the list of what can be said.
 */
export function parseFault(text: string, clock: Pick<Clock, "sleep">): RehearsedFault {
  const [, where = "", end = "", ordinal = "1", onwards = "", how = ""] =
    /^([a-z-]+)(?:=([^#:]+))?(?:#([1-9]\d?)(\+?))?:([a-z0-9-]+)$/.exec(text) ?? [];
  const makeHow = Object.hasOwn(HOWS, how) ? HOWS[how] : undefined;
  if (!Object.hasOwn(PLACES, where) || makeHow === undefined) {
    throw new Failure("PIOT_USAGE", `Cannot break "${text}": that is no fault`, {
      hint: FAULT_FORMS,
    });
  }
  let toPass = Number(ordinal) - 1;
  const matches = ({ place, path }: LocalRequest): boolean =>
    place === where && decodeURIComponent(path).endsWith(end) && toPass-- <= 0;
  const { service } = PLACES[where as PlaceName];
  const times = onwards === "" ? 1 : Infinity;
  return { text, service, fault: { matches, how: makeHow(clock), times } };
}
