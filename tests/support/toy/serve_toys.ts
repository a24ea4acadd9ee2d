/** The toy box: a registry on 127.0.0.1 that keeps what it takes, and takes each file once. */

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Buffer } from "node:buffer";

export interface ToyBox extends AsyncDisposable {
  readonly url: string;
  /** Every request, as `PUT /box/car/1.0.0/car-1.0.0.box 201`. */
  readonly requests: readonly string[];
}

export async function serveToys(token: string): Promise<ToyBox> {
  const box = new Map<string, Map<string, Map<string, string>>>();
  const requests: string[] = [];

  function take(path: string, bytes: Uint8Array, authorization: string | undefined): number {
    const [, , name, version, file] = path.split("/");
    if (authorization !== `Bearer ${token}`) return 401;
    if (name === undefined || version === undefined || file === undefined) return 400;
    const versions = box.get(name) ?? new Map<string, Map<string, string>>();
    const files = versions.get(version) ?? new Map<string, string>();
    if (files.has(file)) return 409;
    files.set(file, `sha256-${createHash("sha256").update(bytes).digest("hex")}`);
    box.set(name, versions.set(version, files));
    return 201;
  }

  function show(path: string): unknown {
    const versions = box.get(path.split("/")[2] ?? "");
    if (versions === undefined) return undefined;
    return Object.fromEntries(
      [...versions].map(([version, files]) => [version, Object.fromEntries(files)]),
    );
  }

  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const path = request.url!;
    const shown = request.method === "GET" ? show(path) : undefined;
    const status = request.method === "PUT"
      ? take(path, Buffer.concat(chunks), request.headers.authorization)
      : shown === undefined
      ? 404
      : 200;
    requests.push(`${request.method} ${path} ${status}`);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(shown ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
