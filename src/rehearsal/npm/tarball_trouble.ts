/**
 * Holds an upload's tarball against what its document says of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { messageOf } from "../../error.ts";
import type { LocalReply } from "../serve.ts";
import type { PublishDocument } from "./publish_document.ts";
import { type UnpackedEntry, unpackTarball } from "../unpack_tarball.ts";
import { errorReply } from "./request.ts";
import type { Json, Limits } from "./state.ts";

/** The refusal of an upload's tarball; undefined when it is what the document says. */
export async function tarballTrouble(
  document: PublishDocument,
  limits: Limits,
): Promise<LocalReply | undefined> {
  const lie = digestTrouble(document);
  if (lie !== undefined) return errorReply(400, lie);
  const { trouble, files } = await readContent(document);
  if (files > limits.files) return errorReply(415, "Too many files");
  return trouble === undefined ? undefined : errorReply(400, trouble);
}

function digestTrouble({ manifest, tarball, claimedLength }: PublishDocument): string | undefined {
  const dist = (manifest["dist"] ?? {}) as Json;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  if (claimedLength !== tarball.length) {
    return `length error, ${claimedLength} != ${tarball.length}`;
  }
  if (dist["shasum"] !== shasum) return `shasum error, ${dist["shasum"]} != ${shasum}`;
  return dist["integrity"] === integrity
    ? undefined
    : `integrity error, ${dist["integrity"]} != ${integrity}`;
}

async function readContent(
  { name, version, tarball }: PublishDocument,
): Promise<{ readonly trouble: string | undefined; readonly files: number }> {
  try {
    const entries = await unpackTarball(tarball);
    return { trouble: entriesTrouble(entries, `${name}@${version}`), files: entries.length };
  } catch (error) {
    return { trouble: `Cannot read the tarball: ${messageOf(error)}`, files: 0 };
  }
}

function entriesTrouble(entries: readonly UnpackedEntry[], claimed: string): string | undefined {
  const outside = entries.find(({ path }) => path.startsWith("/") || path.split("/")[0] === "..");
  if (outside !== undefined) return `"${outside.path}" would be unpacked outside its folder`;
  const packed = entries.findLast(({ path }) => path === "package/package.json");
  return manifestTrouble(packed && Buffer.from(packed.data).toString("utf8"), claimed);
}

function manifestTrouble(text: string | undefined, claimed: string): string | undefined {
  if (text === undefined) return "the tarball has no package/package.json";
  const packed = JSON.parse(text) as Json;
  const found = `${packed["name"]}@${packed["version"]}`;
  return found === claimed ? undefined : `the tarball is of "${found}", not "${claimed}"`;
}
