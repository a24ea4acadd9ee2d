/** A server outside of every rehearsal, and what it was asked, with the headers. */

import type { Buffer } from "node:buffer";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A question that was asked. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server of a test. */
export interface OutsideServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Hangs up on everybody from now on. It keeps its port: another test's server would answer there in its place. */
  readonly hangUp: () => void;
}

/** What a server answers at a path; undefined for 404. */
export type Answers = (
  path: string,
  url: string,
) =>
  | { readonly status?: number; readonly type: string; readonly body: string | Buffer }
  | undefined;

/** Starts a server that gives these answers. */
export async function outsideServer(answers: Answers): Promise<OutsideServer> {
  const asked: Asked[] = [];
  const server = createServer((request, reply) => {
    const path = decodeURIComponent((request.url ?? "").split("?")[0]!);
    asked.push({ path, headers: request.headers });
    const answer = answers(path, url);
    if (answer === undefined) return void reply.writeHead(404).end();
    // Without a validator pip keeps nothing.
    reply.writeHead(answer.status ?? 200, { "content-type": answer.type, etag: `"${path}"` })
      .end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, ...endingsOf(server) };
}

/** How a server is left: for the rest of a test, and at its end. */
export function endingsOf(server: Server): Pick<OutsideServer, "hangUp"> & AsyncDisposable {
  return {
    hangUp: () => {
      server.on("connection", (socket) => socket.destroy());
      server.closeAllConnections();
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
