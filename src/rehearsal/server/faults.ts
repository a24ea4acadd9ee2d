/**
 * Requests that go wrong on purpose: connections that drop, answers that are lost, replies that are not the service's;
 * and what `--fault` says of them.
 *
 * @module
 */

import { setTimeout } from "node:timers/promises";
import { Failure } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import type { LocalReply, LocalRequest } from "./messages.ts";
import { type PlaceName, PLACES, type ServiceName } from "./places.ts";

/** A request that goes wrong on purpose. */
export interface Fault {
  /** Which requests it hits, by method and path. */
  readonly matches: (request: LocalRequest) => boolean;
  /**
   * `lost-before`: the connection drops and nothing happened. `lost-after`: it happened, and the answer is lost.
   * A reply is sent instead of the service's own, and nothing happened; `after`: it happened, and this is sent all the
   * same. `delay` milliseconds pass before the service gets the request, by `clock` where one is given.
   */
  readonly how:
    | "lost-before"
    | "lost-after"
    | LocalReply
    | { readonly after: LocalReply }
    | { readonly delay: number; readonly clock?: Pick<Clock, "sleep"> };
  /** How many requests it hits before it is spent; 1 by default. */
  readonly times?: number;
}

/** The faults of one server. */
export interface Faults {
  /** Breaks requests to come; gives whether any was broken by now. */
  readonly breakNext: (fault: Fault) => () => boolean;
  /** Answers a request as the service would, unless a fault is waiting for it. Undefined drops the connection. */
  readonly meet: (
    request: LocalRequest,
    answer: (request: LocalRequest) => Promise<LocalReply>,
  ) => Promise<LocalReply | undefined>;
}

/** No fault yet. */
export function createFaults(): Faults {
  const faults: { readonly fault: Fault; hits: number }[] = [];
  return {
    breakNext: (fault) => {
      const waiting = { fault, hits: 0 };
      faults.push(waiting);
      return () => waiting.hits > 0;
    },
    meet: async (request, answer) => {
      // All of them are asked: a fault that counts requests counts those that another one breaks.
      const [hit] = faults.filter(({ fault, hits }) =>
        hits < (fault.times ?? 1) && fault.matches(request)
      );
      if (hit === undefined) return await answer(request);
      hit.hits++;
      return await meetFault(hit.fault.how, () => answer(request));
    },
  };
}

async function meetFault(
  how: Fault["how"],
  answer: () => Promise<LocalReply>,
): Promise<LocalReply | undefined> {
  if (how === "lost-before") return undefined;
  if (how === "lost-after") return void await answer();
  if ("status" in how) return how;
  if ("after" in how) {
    await answer();
    return how.after;
  }
  await (how.clock?.sleep(how.delay) ?? setTimeout(how.delay));
  return await answer();
}

type MakeHow = (clock: Pick<Clock, "sleep">) => Fault["how"];

const HOWS: Readonly<Record<string, MakeHow>> = {
  "lost-before": () => "lost-before",
  "lost-after": () => "lost-after",
  "429": () => ({ status: 429, headers: { "retry-after": "1" }, body: "Too many requests\n" }),
  "500": () => ({ status: 500, body: "Internal server error\n" }),
  // What a proxy says that takes a request for its own.
  "swallowed": () => ({ status: 200, body: {} }),
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
