/**
 * A repository of The Update Framework with one target, Sigstore's trusted root, for programs that read it from the public
 * one and let nobody say otherwise: they are led to 127.0.0.1 (theupdateframework.github.io/specification, version 1.0).
 */

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { join } from "node:path";
import { serve } from "../../src/rehearsal/server/serve.ts";
import { writeTree } from "./temp.ts";

/** The public repository, which Sigstore's clients know by heart. */
const PUBLIC = "tuf-repo-cdn.sigstore.dev";

/** A running repository. */
export interface TufRepository extends AsyncDisposable {
  /** The first root, which a client has to have beforehand. */
  readonly root: string;
  readonly url: string;
}

/** Serves a trusted root. */
export async function serveTuf(trustedRoot: object): Promise<TufRepository> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const bytes = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const keyid = createHash("sha256").update(bytes).digest("hex");
  const signed = (type: string, content: object): string => {
    const head = {
      _type: type,
      spec_version: "1.0.31",
      version: 1,
      expires: "2100-01-01T00:00:00Z",
    };
    const body = { ...head, ...content };
    const sig = sign(null, new TextEncoder().encode(canonical(body)), privateKey).toString("hex");
    return JSON.stringify({ signed: body, signatures: [{ keyid, sig }] });
  };
  const role = { keyids: [keyid], threshold: 1 };
  const root = signed("root", {
    consistent_snapshot: true,
    keys: {
      [keyid]: { keytype: "ed25519", scheme: "ed25519", keyval: { public: bytes.toString("hex") } },
    },
    roles: { root: role, timestamp: role, snapshot: role, targets: role },
  });
  const text = JSON.stringify(trustedRoot);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const targets = { "trusted_root.json": { length: text.length, hashes: { sha256 } } };
  const files: Readonly<Record<string, string>> = {
    "/timestamp.json": signed("timestamp", { meta: { "snapshot.json": { version: 1 } } }),
    "/1.snapshot.json": signed("snapshot", { meta: { "targets.json": { version: 1 } } }),
    "/1.targets.json": signed("targets", { targets }),
    [`/targets/${sha256}.trusted_root.json`]: text,
  };
  const server = await serve(() => ({ path }) => {
    const body = files[path];
    // There is no newer root than the first.
    if (path === "/2.root.json") return { status: 404 };
    return body === undefined ? undefined : { status: 200, body };
  });
  return { root, url: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** JSON with sorted keys and no blanks, as signatures are over (OLPC canonical JSON, for the plain values that are here). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** Leads a Node program from the public repository to another. */
const LEADING = `
const https = require("node:https");
const http = require("node:http");
const { request } = https;
https.request = (options, ...rest) =>
  options.hostname !== "${PUBLIC}" && options.host !== "${PUBLIC}"
    ? request(options, ...rest)
    : http.request(
      { ...options, protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port: process.env.TUF_PORT, agent: undefined },
      ...rest,
    );
`;

/** Makes npm, whose home is a folder, trust a repository's roots; gives what its environment needs. */
export async function trustTuf(
  home: string,
  { root, url }: TufRepository,
): Promise<Readonly<Record<string, string>>> {
  await writeTree(home, {
    [`cache/_tuf/${PUBLIC}/root.json`]: root,
    "leading.cjs": LEADING,
  });
  return { NODE_OPTIONS: `--require ${join(home, "leading.cjs")}`, TUF_PORT: new URL(url).port };
}
