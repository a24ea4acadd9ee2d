/**
 * How long a run waits for a registry to show what it accepted: `PIOT_PATIENCE`, in seconds.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";

/** The variable. */
export const PATIENCE_VARIABLE = "PIOT_PATIENCE";

/** Registries were seen minutes behind an upload; incidents of hours are for a later run. */
const USUAL_SECONDS = 600;

/** A week: longer than any job lives. */
const MOST_SECONDS = 7 * 24 * 3600;

/** Milliseconds; 0 looks once and waits for nothing. Throws `PIOT_USAGE` for what is no number of seconds. */
export function readPatience(env: Env): number {
  const given = env[PATIENCE_VARIABLE]?.trim() ?? "";
  if (given === "") return USUAL_SECONDS * 1000;
  const seconds = /^\d{1,6}$/.test(given) ? Number(given) : NaN;
  if (seconds <= MOST_SECONDS) return seconds * 1000;
  throw new Failure(
    "PIOT_USAGE",
    `Cannot use ${PATIENCE_VARIABLE}: ${
      JSON.stringify(given)
    } is no whole number of seconds from 0 to ${MOST_SECONDS}`,
    {
      hint:
        `Set ${PATIENCE_VARIABLE} to the seconds to wait for a registry to show what it accepted, such as ${USUAL_SECONDS}, or unset it`,
    },
  );
}

/** Milliseconds between looks; the last one again and again. */
export type Pauses = readonly number[];

/** Between looks for what was just accepted: often at first, since most registries show it within seconds. */
export const ARRIVAL: Pauses = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/** Between looks after a failed upload. */
export const SETTLING: Pauses = [1000, 3000, 8000];

/** How long a registry that took a failed upload gets to show it. */
export const SETTLING_PATIENCE = 12_000;

/**
 * The pause before the next look, `turn` counted from 0; undefined when the time is up. The last pause ends with it, so
 * that the last look is taken then.
 */
export function pauseBefore(
  turn: number,
  { pauses, left }: { readonly pauses: Pauses; readonly left: number },
): number | undefined {
  if (left <= 0) return undefined;
  return Math.min(pauses[Math.min(turn, pauses.length - 1)]!, left);
}
