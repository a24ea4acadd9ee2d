/** A registry that takes whatever cargo sends and keeps it: for what cargo says, rather than for what crates.io answers. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type LocalServer, serve } from "../../src/rehearsal/server/serve.ts";

/** One upload, as it came. */
export interface RecordedUpload {
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The JSON before the crate, as text. */
  readonly document: string;
  readonly crate: Uint8Array;
}

export interface RecordingCrates extends LocalServer {
  readonly indexUrl: string;
  readonly uploads: RecordedUpload[];
  /** Forgets what was uploaded. */
  readonly forget: () => void;
}

/** A crate that others depend on: its versions, and its features. */
export type HeldDependency = readonly [versions: readonly string[], features: readonly string[]];

/** Starts one that holds these dependencies. */
export async function serveRecordingCrates(
  held: Readonly<Record<string, HeldDependency>>,
): Promise<RecordingCrates> {
  const uploads: RecordedUpload[] = [];
  const shown = new Map<string, string>();
  const server = await serve((url) => ({ method, path, headers, body }) => {
    if (method === "PUT" && path === "/api/v1/crates/new") {
      const upload = split(body);
      const { name, vers } = JSON.parse(upload.document) as { name: string; vers: string };
      shown.set(name, line(name, vers, { cksum: sha256(upload.crate) }));
      uploads.push({ ...upload, headers, body });
      return { status: 200, body: {} };
    }
    if (method !== "GET" || !path.startsWith("/index/")) return undefined;
    if (path === "/index/config.json") {
      return { status: 200, body: { dl: `${url}/dl`, api: url } };
    }
    const name = path.split("/").at(-1)!;
    const [versions = [], features = []] = Object.hasOwn(held, name) ? held[name]! : [];
    const lines = versions.map((version) => line(name, version, { features }));
    const all = [...lines, ...shown.has(name) ? [shown.get(name)!] : []];
    return all.length === 0 ? { status: 404, body: "" } : { status: 200, body: all.join("\n") };
  });
  return { ...server, uploads, indexUrl: `${server.url}/index`, forget: () => shown.clear() };
}

function line(
  name: string,
  vers: string,
  { cksum = "0".repeat(64), features = [] }: {
    readonly cksum?: string;
    readonly features?: readonly string[];
  },
): string {
  const table = Object.fromEntries(features.map((feature) => [feature, []]));
  return JSON.stringify({ name, vers, deps: [], cksum, features: table, yanked: false });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function split(body: Uint8Array): Pick<RecordedUpload, "document" | "crate"> {
  const buffer = Buffer.from(body);
  const length = buffer.readUInt32LE(0);
  const size = buffer.readUInt32LE(4 + length);
  return {
    document: buffer.subarray(4, 4 + length).toString(),
    crate: Uint8Array.from(buffer.subarray(8 + length, 8 + length + size)),
  };
}
