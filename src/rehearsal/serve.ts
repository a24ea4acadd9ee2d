/**
 * A server on 127.0.0.1 that stands for one outside service: it keeps a log of requests, breaks some of them when asked
 * to, and counts every request that it does not know as a mistake of whoever sent it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** A request as a service sees it. */
export interface LocalRequest {
  readonly method: string;
  /** Path with its escapes as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What a service answers. A string body is sent as UTF-8; an object is sent as JSON. */
export interface LocalReply {
  readonly status: number;
  /** The reason phrase; the usual one of the status by default. Characters that it cannot hold are dropped. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
}

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
  /** When it was answered, in milliseconds since this process started; for putting several logs in one order. */
  readonly at: number;
}

/** A request that goes wrong on purpose. */
export interface Fault {
  /** Which requests it hits, by method and path. */
  readonly matches: (request: LocalRequest) => boolean;
  /**
   * `lost-before`: the connection drops and nothing happened. `lost-after`: it happened, and the answer is lost.
   * A reply is sent instead of the service's own, and nothing happened; `after`: it happened, and this is sent all the
   * same. `delay` milliseconds pass before the service gets the request.
   */
  readonly how:
    | "lost-before"
    | "lost-after"
    | LocalReply
    | { readonly after: LocalReply }
    | { readonly delay: number };
  /** How many requests it hits before it is spent; 1 by default. */
  readonly times?: number;
}

/** A running server. Disposing of it closes it, and throws when a request was made that it does not know. */
export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Requests that the service does not know. */
  readonly unknown: readonly string[];
  /** Breaks requests to come. */
  readonly breakNext: (fault: Fault) => void;
  readonly close: () => Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. `makeHandler` is told the server's own address. */
export async function serve(makeHandler: (url: string) => Handler): Promise<LocalServer> {
  const log: LoggedRequest[] = [];
  const unknown: string[] = [];
  const faults: { fault: Fault; left: number }[] = [];
  let handler: Handler = () => undefined;

  async function answer(request: LocalRequest): Promise<LocalReply | undefined> {
    const reply = await handler(request);
    if (reply !== undefined) return reply;
    unknown.push(`${request.method} ${request.path}`);
    return { status: 501, body: `this server does not know ${request.method} ${request.path}\n` };
  }

  async function respond(request: LocalRequest): Promise<LocalReply | undefined> {
    const hit = faults.find(({ fault, left }) => left > 0 && fault.matches(request));
    if (hit === undefined) return await answer(request);
    hit.left--;
    const { how } = hit.fault;
    if (how === "lost-before") return undefined;
    if (how === "lost-after") return void await answer(request);
    if ("status" in how) return how;
    if ("after" in how) {
      await answer(request);
      return how.after;
    }
    await setTimeout(how.delay);
    return await answer(request);
  }

  const server = createServer((incoming, outgoing) => {
    void (async (): Promise<void> => {
      const request = await readRequest(incoming);
      const reply = await respond(request).catch(failedReply);
      const { method, path, query, headers, body } = request;
      log.push({
        method,
        path,
        query: query.toString(),
        headers,
        size: body.length,
        status: reply?.status ?? 0,
        at: performance.now(),
      });
      if (reply === undefined) incoming.socket.destroy();
      else send(outgoing, reply);
    })().catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handler = makeHandler(url);

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url,
    log,
    unknown,
    breakNext: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      if (unknown.length > 0) {
        throw new Error(`requests that no service knows: ${unknown.join(", ")}`);
      }
    },
  };
}

function failedReply(error: unknown): LocalReply {
  return {
    status: 500,
    body: `the local server failed: ${error instanceof Error ? error.stack : error}\n`,
  };
}

async function readRequest(incoming: IncomingMessage): Promise<LocalRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  // `incoming.headers` hides that a header came twice, which some services refuse.
  const headers = new Headers();
  const { rawHeaders } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
  }
  const path = (incoming.url ?? "/").split("?")[0]!;
  return {
    method: incoming.method ?? "GET",
    path,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
  };
}

function send(outgoing: ServerResponse, reply: LocalReply): void {
  const { body = "" } = reply;
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  const headers = {
    ...(isJson ? { "content-type": "application/json" } : {}),
    ...reply.headers,
  };
  if (reply.reason === undefined) outgoing.writeHead(reply.status, headers);
  else outgoing.writeHead(reply.status, reply.reason.replace(/[^\x20-\x7e]/g, ""), headers);
  outgoing.end(isJson ? JSON.stringify(body) : body);
}
