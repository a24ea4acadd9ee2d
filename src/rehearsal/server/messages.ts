/**
 * Requests and replies of local services, read from Node's HTTP server and sent by it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PlaceName } from "./places.ts";

/** A request as a service sees it. */
export interface LocalRequest {
  readonly method: string;
  /** Path with its escapes as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** What kind of request it is; undefined of a server without a list of routes. */
  readonly place?: PlaceName | undefined;
}

/** What a service answers. A string body is sent as UTF-8; an object is sent as JSON. */
export interface LocalReply {
  readonly status: number;
  /** The reason phrase; the usual one of the status by default. Characters that it cannot hold are dropped. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
  /** Where it was read, when that is not the service itself. */
  readonly from?: string;
  /** Why nobody could give what was asked for, when nobody could; a clause. */
  readonly missing?: string;
}

/** Thrown by a check; becomes the answer, in the form that the service gives it. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** A refusal with a status and the service's words. */
  constructor(status: number, words: string, headers: Readonly<Record<string, string>> = {}) {
    super(words);
    this.status = status;
    this.headers = headers;
  }
}

/** Reads a request to its end. */
export async function readRequest(incoming: IncomingMessage): Promise<LocalRequest> {
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

/** Sends a reply. */
export function sendReply(outgoing: ServerResponse, reply: LocalReply): void {
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
