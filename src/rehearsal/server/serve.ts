/**
 * A server on 127.0.0.1 that stands for one outside service: it keeps a log of requests, breaks some of them when asked
 * to, and counts every request that it does not know as a mistake of whoever sent it.
 *
 * @module
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createFaults, type Fault } from "./faults.ts";
import { type LocalReply, type LocalRequest, readRequest, sendReply } from "./messages.ts";
import type { PlaceName } from "./places.ts";
import { placeOfRequest, type ServedRoute } from "./routes.ts";

/** Answers a request; undefined says that the service has no such thing, which is always a mistake. */
export type Handler = (
  request: LocalRequest,
) => LocalReply | undefined | Promise<LocalReply | undefined>;

/** One line of a server's log. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  /** Bytes of the request's body. */
  readonly size: number;
  /** The status that was answered; 0 when the connection was dropped. */
  readonly status: number;
  /** What kind of request it was; undefined of a server without a list of routes, and of requests that are on none. */
  readonly place: PlaceName | undefined;
  /** Where the answer was read, when that is not the service itself. */
  readonly from?: string;
  /** Why nobody could give what was asked for, when nobody could; a clause. */
  readonly missing?: string;
  /** When it was answered, in milliseconds since this process started; for putting several logs in one order. */
  readonly at: number;
}

/**
 * Milliseconds that a handler may take. The slowest ask git or another registry, and those end within a minute; one that
 * never ends would hold its request open until the client gives up and blames the network.
 */
const PATIENCE = 120_000;

/** A running server. Disposing of it closes it, and throws when it was asked what it does not know, or failed itself. */
export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Requests that the service does not know. */
  readonly unknown: readonly string[];
  /** Requests that the server itself could not answer, and why: mistakes of ours. */
  readonly failures: readonly string[];
  /** Breaks requests to come; gives whether any was broken by now. */
  readonly breakNext: (fault: Fault) => () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * Starts a server on a free port of 127.0.0.1. `makeHandler` is told the server's own address. With `routes` it knows no
 * other requests than theirs, whatever the handler would answer.
 */
export async function serve(
  makeHandler: (url: string) => Handler,
  routes?: readonly ServedRoute[],
  { patience = PATIENCE }: { readonly patience?: number } = {},
): Promise<LocalServer> {
  const failures: string[] = [];
  const log: LoggedRequest[] = [];
  const unknown: string[] = [];
  const faults = createFaults();
  const closing = new AbortController();
  let handler: Handler = () => undefined;

  async function answer(request: LocalRequest): Promise<LocalReply> {
    const isOnList = routes === undefined || request.place !== undefined;
    const reply = isOnList ? await ended(request) : undefined;
    if (reply !== undefined) return reply;
    unknown.push(`${request.method} ${request.path}`);
    return { status: 501, body: `this server does not know ${request.method} ${request.path}\n` };
  }

  async function ended(request: LocalRequest): Promise<LocalReply | undefined> {
    try {
      return await within(patience, closing.signal, async () => await handler(request));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failures.push(`${request.method} ${request.path}: ${why}`);
      throw error;
    }
  }

  const server = createServer((incoming, outgoing) => {
    void (async (): Promise<void> => {
      const plain = await readRequest(incoming);
      const request = { ...plain, place: routes && placeOfRequest(routes, plain) };
      const reply = await faults.meet(request, answer).catch(failedReply);
      log.push(logged(request, reply));
      if (reply === undefined) incoming.socket.destroy();
      else sendReply(outgoing, reply);
    })().catch(() => incoming.socket.destroy());
  });
  const url = await listen(server);
  handler = makeHandler(url);
  const close = (): Promise<void> => {
    closing.abort();
    return closeServer(server);
  };
  return {
    ...{ url, log, unknown, failures, close },
    breakNext: faults.breakNext,
    [Symbol.asyncDispose]: async () => {
      await close();
      refuseMistakes([{ unknown, failures }]);
    },
  };
}

/** Throws when servers were asked what they do not know, or could not answer. */
export function refuseMistakes(
  servers: readonly Pick<LocalServer, "unknown" | "failures">[],
): void {
  const unknown = servers.flatMap((server) => server.unknown);
  const failures = servers.flatMap((server) => server.failures);
  const mistakes = [
    ...unknown.length === 0 ? [] : [`requests that no service knows: ${unknown.join(", ")}`],
    ...failures.length === 0
      ? []
      : [`requests that a local server failed at: ${failures.join(", ")}`],
  ];
  if (mistakes.length > 0) throw new Error(mistakes.join("; "));
}

/** What a task gives, unless it takes longer than it may. Once `closing` is aborted nobody waits for it any more. */
async function within<T>(
  milliseconds: number,
  closing: AbortSignal,
  task: () => Promise<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it had no answer after ${milliseconds} ms`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  // A timer that is left keeps the process alive for as long as a handler may take that was never to answer.
  const endTimer = (): void => clearTimeout(timer);
  closing.addEventListener("abort", endTimer);
  try {
    return await Promise.race([task(), late]);
  } finally {
    closing.removeEventListener("abort", endTimer);
    endTimer();
  }
}

/**
 * Opens a free port; gives the server's address. Listening does not keep the process alive: a run that has nothing else
 * left to wait for has stalled, and says so.
 */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function logged(request: LocalRequest, reply: LocalReply | undefined): LoggedRequest {
  const { method, path, query, headers, body, place } = request;
  return {
    method,
    place,
    path,
    query: query.toString(),
    headers,
    size: body.length,
    status: reply?.status ?? 0,
    ...(reply?.from === undefined ? {} : { from: reply.from }),
    ...(reply?.missing === undefined ? {} : { missing: reply.missing }),
    at: performance.now(),
  };
}

function failedReply(error: unknown): LocalReply {
  return {
    status: 500,
    body: `the local server failed: ${error instanceof Error ? error.stack : error}\n`,
  };
}
