/**
 * The body of `PUT /api/v1/crates/new`: a length and JSON, a length and a tarball; lengths are 32 bits, little-endian. Of the
 * tarball the manifest alone is kept, once everything in it is allowed (rust-lang/crates.io, `crates_io_tarball`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { parse } from "smol-toml";
import { Refusal } from "../server/messages.ts";
import { type UnpackedEntry, unpackTarball } from "../server/unpack_tarball.ts";

/** What the JSON says. The rest of it is ignored, as crates.io takes everything else from the packaged Cargo.toml. */
interface PublishMetadata {
  readonly name: string;
  readonly vers: string;
  readonly readme: string | null;
}

const MOST_JSON_BYTES = 1024 * 1024;
/** The largest tarball, in bytes. */
const MOST_TARBALL_BYTES = 10 * 1024 * 1024;

/** Reads the JSON, which crates.io judges before it looks at the tarball. Gives the rest of the body too. */
export function readPublishMetadata(
  body: Uint8Array,
): { metadata: PublishMetadata; rest: Uint8Array } {
  const buffer = Buffer.from(body);
  if (buffer.length < 4) throw new Refusal(400, "invalid metadata length");
  const length = buffer.readUInt32LE(0);
  if (length > MOST_JSON_BYTES) throw new Refusal(413, "JSON metadata blob too large");
  if (buffer.length < 4 + length) {
    throw new Refusal(400, `invalid metadata length for remaining payload: ${length}`);
  }
  const metadata = parseMetadata(buffer.subarray(4, 4 + length).toString());
  return { metadata, rest: buffer.subarray(4 + length) };
}

function parseMetadata(text: string): PublishMetadata {
  const value = parseJson(text);
  const { name, vers, readme } = value;
  if (typeof name !== "string") {
    throw new Refusal(400, "invalid upload request: missing field `name`");
  }
  if (typeof vers !== "string") {
    throw new Refusal(400, "invalid upload request: missing field `vers`");
  }
  return { name, vers, readme: typeof readme === "string" ? readme : null };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Refusal(
      400,
      `invalid upload request: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Reads the tarball from what follows the JSON. */
export function readPublishTarball(rest: Uint8Array): Uint8Array {
  const buffer = Buffer.from(rest);
  if (buffer.length < 4) throw new Refusal(400, "invalid tarball length");
  const length = buffer.readUInt32LE(0);
  if (length > MOST_TARBALL_BYTES) {
    throw new Refusal(413, `max upload size is: ${MOST_TARBALL_BYTES}`);
  }
  if (buffer.length < 4 + length) {
    throw new Refusal(400, `invalid tarball length for remaining payload: ${length}`);
  }
  return Uint8Array.from(buffer.subarray(4, 4 + length));
}

const MOST_UNPACKED_BYTES = 512 * 1024 * 1024;

/** A table of a manifest. */
export type Table = Readonly<Record<string, unknown>>;

/** The packaged Cargo.toml of a tarball that passed. Throws a {@link Refusal}. */
export async function readPackagedManifest(
  tarball: Uint8Array,
  folder: string,
): Promise<Table> {
  const manifests = new Map<string, Table>();
  for (const { name, type, data } of await unpack(tarball)) {
    if (!name.startsWith(`${folder}/`) || name.split("/").includes("..")) {
      throw new Refusal(400, `invalid path found: ${name}`);
    }
    if (type === "symlink" || type === "link") {
      throw new Refusal(400, `unexpected symlink or hard link found: ${name}`);
    }
    const inner = name.slice(folder.length + 1);
    if (inner.toLowerCase() !== "cargo.toml") continue;
    manifests.set(inner, parseManifest(Buffer.from(data ?? []).toString()));
  }
  return theOnly(manifests);
}

/** One, in the spelling that cargo reads, or in its old one. */
function theOnly(manifests: ReadonlyMap<string, Table>): Table {
  const [[name, manifest] = []] = manifests;
  if (manifests.size > 1) {
    const names = [...manifests.keys()].sort().join("`, `");
    throw new Refusal(
      400,
      `uploaded tarball contains more than one \`Cargo.toml\` manifest file; found \`${names}\``,
    );
  }
  const missing = "uploaded tarball is missing a `Cargo.toml` manifest file";
  if (manifest === undefined) throw new Refusal(400, missing);
  if (name === "Cargo.toml" || name === "cargo.toml") return manifest;
  throw new Refusal(
    400,
    `${missing}; \`${name}\` was found, but must be named \`Cargo.toml\` with that exact casing`,
  );
}

async function unpack(tarball: Uint8Array): Promise<readonly UnpackedEntry[]> {
  try {
    return await unpackTarball(tarball, MOST_UNPACKED_BYTES);
  } catch {
    throw new Refusal(400, "uploaded tarball is malformed or too large when decompressed");
  }
}

function parseManifest(text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Refusal(400, `failed to parse \`Cargo.toml\` manifest file\n\n${why}`);
  }
}
