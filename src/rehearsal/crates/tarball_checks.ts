/**
 * What crates.io asks of a tarball (rust-lang/crates.io, `crates_io_tarball`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { parse } from "smol-toml";
import { type UnpackedEntry, unpackTarball } from "../unpack_tarball.ts";
import { Refusal } from "./refusal.ts";

const MOST_UNPACKED_BYTES = 512 * 1024 * 1024;

/** A table of a manifest. */
export type Table = Readonly<Record<string, unknown>>;

/** The packaged Cargo.toml of a tarball that passed. Throws a {@link Refusal}. */
export async function readPackagedManifest(
  tarball: Uint8Array,
  folder: string,
): Promise<Table> {
  let manifest: Uint8Array | undefined;
  for (const { name, type, data } of await unpack(tarball)) {
    if (!name.startsWith(`${folder}/`) || name.split("/").includes("..")) {
      throw new Refusal(400, `invalid path found: ${name}`);
    }
    if (type === "symlink" || type === "link") {
      throw new Refusal(400, `unexpected symlink or hard link found: ${name}`);
    }
    const inner = name.slice(folder.length + 1);
    if (inner === "Cargo.toml") manifest = data;
    else if (inner.toLowerCase() === "cargo.toml") {
      throw new Refusal(
        400,
        `uploaded tarball contains an incorrectly cased \`Cargo.toml\` manifest file: ${inner}`,
      );
    }
  }
  if (manifest === undefined) {
    throw new Refusal(400, "uploaded tarball is missing a `Cargo.toml` manifest file");
  }
  return parseManifest(Buffer.from(manifest).toString());
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
