/**
 * Requests that go wrong on purpose: connections that drop, answers that are lost, replies that are not the service's.
 *
 * @module
 */

import { setTimeout } from "node:timers/promises";
import type { Clock } from "../host/host.ts";
import type { LocalReply, LocalRequest } from "./serve.ts";

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
