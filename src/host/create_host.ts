/**
 * The real machine, on Deno and on Node alike.
 *
 * @module
 */

import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Env, Host } from "./host.ts";
import type { Http, HttpParts, OnAnswer } from "./http.ts";
import { USER_AGENT } from "./version.ts";

/** The system's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((error) => {
      // The reason says who interrupted and what to do; node's own AbortError does not.
      signal?.throwIfAborted();
      throw error;
    });
  },
};

/** What a caller may replace: a library user that has its own folder, environment or writers. */
export interface HostOptions {
  /** The folder that relative paths start from; the process's own by default. */
  readonly cwd?: string;
  /** Environment variables; the process's own by default. */
  readonly env?: Env;
  /** The time, and waiting; the system's clock by default. */
  readonly clock?: Clock;
  /** Sends every request, uploads too; the runtime's own by default. */
  readonly fetch?: typeof fetch;
  /** Gets data for machines; standard output by default. */
  readonly stdout?: (text: string) => void;
  /** Gets text for people; standard error by default. */
  readonly stderr?: (text: string) => void;
  /** Gives everything that comes on standard input. */
  readonly stdin?: () => Promise<string>;
  /** Interrupts: nothing new starts, what is in flight is finished. */
  readonly signal?: AbortSignal;
  /** Told of every answer, and of every request that got none. */
  readonly onAnswer?: OnAnswer;
}

/** Makes a host from this process, or from what the caller gives instead. */
export function createHost(options: HostOptions = {}): Host {
  const clock = options.clock ?? systemClock;
  const signal = options.signal ?? new AbortController().signal;
  return {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    clock,
    http: lazyHttp({
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      clock,
      userAgent: USER_AGENT,
      signal,
      ...(options.onAnswer === undefined ? {} : { onAnswer: options.onAnswer }),
    }),
    stdout: options.stdout ?? ((text) => void process.stdout.write(text)),
    stderr: options.stderr ?? ((text) => void process.stderr.write(text)),
    stdin: options.stdin ?? readStdin,
    signal,
  };
}

/** Loaded with the first request: planning needs no network. A caller's own fetch carries everything, uploads too. */
function lazyHttp(parts: Omit<HttpParts, "fetch"> & { readonly fetch?: typeof fetch }): Http {
  const load = async (): Promise<Http> => {
    const [{ createHttp }, { sendStreamed }] = await Promise.all([
      import("./http.ts"),
      import("./streamed_body.ts"),
    ]);
    return createHttp(
      parts.fetch === undefined
        ? { ...parts, fetch, sendStreamed }
        : { ...parts, fetch: parts.fetch },
    );
  };
  let loaded: Promise<Http> | undefined;
  return async (url, request) => {
    loaded ??= load();
    return await (await loaded)(url, request);
  };
}

async function readStdin(): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of process.stdin) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}
