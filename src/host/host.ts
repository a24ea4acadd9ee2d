/**
 * The machine as this program sees it. Handed to every command; each function below takes only the parts that it uses.
 *
 * @module
 */

import type { Http } from "./http.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The clock: passed in, so that no test waits and none depends on the hour. */
export interface Clock {
  /** The time now. */
  now(): Date;
  /** Waits for a number of milliseconds; rejects with the signal's reason when that is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Everything that a command can reach outside itself, apart from files and programs. */
export interface Host {
  /** The absolute folder that relative paths start from. */
  readonly cwd: string;
  /** Environment variables. */
  readonly env: Env;
  /** The time, and waiting. */
  readonly clock: Clock;
  /** The only way to the network. */
  readonly http: Http;
  /** Writes data for machines. */
  readonly stdout: (text: string) => void;
  /** Writes text for people. */
  readonly stderr: (text: string) => void;
  /** Everything that comes on standard input, as text. */
  readonly stdin: () => Promise<string>;
  /** Aborted when the user interrupts the run. */
  readonly signal: AbortSignal;
}
