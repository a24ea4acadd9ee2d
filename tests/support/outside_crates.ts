/** A registry of crates outside of every rehearsal: its sparse index and its files, and what it was asked. */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { endingsOf } from "./outside_server.ts";

/** A crate that it has. */
export interface OutsideCrate {
  readonly name: string;
  readonly version: string;
  /** The text of `src/lib.rs`. */
  readonly lib: string;
  /** Features without anything in them. */
  readonly features?: readonly string[];
}

export interface OutsideRegistry extends AsyncDisposable {
  readonly url: string;
  /** Without a slash at its end. */
  readonly index: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
  /** Hangs up on everybody from now on, and keeps its port. */
  readonly hangUp: () => void;
}

export async function outsideCrates(...crates: readonly OutsideCrate[]): Promise<OutsideRegistry> {
  const asked: string[] = [];
  const files = new Map(
    await Promise.all(crates.map(async (crate) => [crate, await packCrate(crate)] as const)),
  );
  const server = createServer((request, reply) => {
    const path = (request.url ?? "").split("?")[0]!;
    asked.push(path);
    const body = answer(path, { files, url });
    reply.writeHead(body === undefined ? 404 : 200).end(body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, index: `${url}/index`, asked, ...endingsOf(server) };
}

function answer(
  path: string,
  { files, url }: { readonly files: ReadonlyMap<OutsideCrate, Buffer>; readonly url: string },
): string | Buffer | undefined {
  if (path === "/index/config.json") return JSON.stringify({ dl: `${url}/dl`, api: url });
  const [, name, version] = /^\/dl\/([^/]+)\/([^/]+)\/download$/.exec(path) ?? [];
  for (const [crate, bytes] of files) {
    if (crate.name === name && crate.version === version) return bytes;
  }
  if (!path.startsWith("/index/")) return undefined;
  const lines = [...files].filter(([crate]) => path.endsWith(`/${crate.name}`)).map((
    [crate, bytes],
  ) =>
    JSON.stringify({
      name: crate.name,
      vers: crate.version,
      deps: [],
      cksum: createHash("sha256").update(bytes).digest("hex"),
      features: Object.fromEntries((crate.features ?? []).map((feature) => [feature, []])),
      yanked: false,
    })
  );
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}

async function packCrate({ name, version, lib, features = [] }: OutsideCrate): Promise<Buffer> {
  const manifest =
    `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n\n[features]\n` +
    features.map((feature) => `${feature} = []\n`).join("");
  const entries = Object.entries({ "Cargo.toml": manifest, "src/lib.rs": lib }).map((
    [path, body],
  ) => ({
    header: {
      name: `${name}-${version}/${path}`,
      size: Buffer.byteLength(body),
      type: "file" as const,
      mtime: new Date(0),
    },
    body,
  }));
  return gzipSync(await packTar(entries));
}

/** The text of a `config.toml` of cargo that puts a registry in crates.io's place. */
export function cargoSettings(index: string): string {
  return `[source.crates-io]\nreplace-with = "outside"\n\n[source.outside]\nregistry = "sparse+${index}/"\n`;
}
