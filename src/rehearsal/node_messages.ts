/**
 * Requests and replies of local services, as Node's HTTP server has them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocalReply, LocalRequest } from "./serve.ts";

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
