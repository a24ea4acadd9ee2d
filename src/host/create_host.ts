/**
 * The real machine, on Deno and on Node alike.
 *
 * @module
 */

import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Env, Host, Http, OnAnswer } from "./host.ts";
import { interruption } from "./interruption.ts";
import type { Vault } from "../secret/vault.ts";
import { sealHost } from "./seal_host.ts";
import type { HttpOptions } from "./send_request.ts";
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
  /**
   * Interrupts: nothing new starts, what is in flight is finished, and what is thrown is `PIOT_INTERRUPTED`, with the
   * signal's reason as its cause.
   */
  readonly signal?: AbortSignal;
  /** Told of every answer, and of every request that got none. */
  readonly onAnswer?: OnAnswer;
  /** Knows the run's secrets; one of its own by default. */
  readonly vault?: Vault;
}

/** Makes a host from this process, or from what the caller gives instead; no secret leaves it. */
export function createHost(options: HostOptions = {}): Host {
  const clock = options.clock ?? systemClock;
  const signal = interruption(options.signal ?? new AbortController().signal);
  return sealHost({
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    clock,
    http: lazyHttp({
      fetch: options.fetch,
      clock,
      userAgent: USER_AGENT,
      signal,
      ...(options.onAnswer === undefined ? {} : { onAnswer: options.onAnswer }),
    }),
    stdout: options.stdout ?? ((text) => void process.stdout.write(text)),
    stderr: options.stderr ?? ((text) => void process.stderr.write(text)),
    stdin: options.stdin ?? readStdin,
    signal,
    ...(options.vault === undefined ? {} : { vault: options.vault }),
  });
}

/** Loaded with the first request: planning needs no network. A caller's own fetch carries everything, uploads too. */
function lazyHttp(
  { fetch: own, ...options }: Omit<HttpOptions, "fetch" | "sendStreamed"> & {
    readonly fetch: typeof fetch | undefined;
  },
): Http {
  const load = async (): Promise<Http> => {
    const [{ createHttp }, { sendStreamed }] = await Promise.all([
      import("./http.ts"),
      import("./streamed_body.ts"),
    ]);
    return createHttp(
      own === undefined ? { ...options, fetch, sendStreamed } : { ...options, fetch: own },
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

/** What {@link allowClosedPipe} needs of a stream. */
export interface ErrorEmitter {
  on(event: "error", listener: (error: Error & { readonly code?: string }) => void): unknown;
}

/**
 * Lets a stream's reader leave early, as in `putitoutthere plan --json | head -1`: what it does not read is nobody's, and
 * is no reason to stop a release halfway. Any other error of the stream is thrown, as it would be without a listener.
 */
export function allowClosedPipe(stream: ErrorEmitter): void {
  stream.on("error", (error) => {
    // EOF is what Windows says.
    if (error.code !== "EPIPE" && error.code !== "EOF") throw error;
  });
}
