/** A server that says whatever bytes it is told to, good HTTP or not. */

import { Buffer } from "node:buffer";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** What is said to one request: bytes that end the answer, or pieces of it for as long as somebody listens. */
export type Said = string | Uint8Array | AsyncIterable<Uint8Array>;

/** A request, as far as it was read. */
export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Everything that was read of it. */
  readonly text: string;
}

export interface RawServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly requests: readonly RawRequest[];
}

/** Starts it on a free port of 127.0.0.1; each connection is for one request. */
export async function rawServer(say: (request: RawRequest) => Said): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    let text = "";
    socket.on("data", (piece: Uint8Array) => {
      const isRead = isWhole(text);
      text += Buffer.from(piece).toString("latin1");
      if (isRead || !isWhole(text)) return;
      const [method = "", path = ""] = text.split(" ");
      const request = { method, path, text };
      requests.push(request);
      void answer(socket, say(request));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Whether the head is there, and as much of a body as it announces. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
  return end >= 0 && text.length >= end + 4 + length;
}

async function answer(socket: Socket, said: Said): Promise<void> {
  if (typeof said === "string" || said instanceof Uint8Array) return void socket.end(said);
  for await (const piece of said) {
    if (socket.destroyed) return;
    if (!socket.write(piece)) {
      await new Promise<void>((resolve) => socket.once("drain", resolve).once("close", resolve));
    }
  }
  socket.end();
}

/** A good answer with a body of one kind. */
export function reply(
  body: string | Uint8Array,
  { status = "200 OK", ...headers }: Readonly<Record<string, string>> = {},
): Uint8Array {
  const bytes = Buffer.from(body as string);
  const lines = Object.entries({ "content-length": String(bytes.length), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${head}connection: close\r\n\r\n`),
    bytes,
  ]);
}
