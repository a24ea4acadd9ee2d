/**
 * Holds an upload's tarball against what its document says of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { ARCHIVE_LIMITS, readTarGz } from "../../artifact/tarball.ts";
import { Failure, messageOf } from "../../error.ts";
import type { PublishDocument } from "./publish_document.ts";
import type { Json } from "./state.ts";

/** What is wrong with an upload's tarball; undefined when it is what the document says. */
export async function tarballTrouble(document: PublishDocument): Promise<string | undefined> {
  return digestTrouble(document) ?? await contentTrouble(document);
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

async function contentTrouble(
  { name, version, tarball }: PublishDocument,
): Promise<string | undefined> {
  let text: string | undefined;
  try {
    await readTarGz(tarball, ARCHIVE_LIMITS, async (entry) => {
      if (entry.path === "package/package.json") text = await entry.text();
    });
    if (text === undefined) return "the tarball has no package/package.json";
    const packed = JSON.parse(text) as Json;
    return packed["name"] === name && packed["version"] === version
      ? undefined
      : `the tarball is of "${packed["name"]}@${packed["version"]}", not "${name}@${version}"`;
  } catch (error) {
    if (error instanceof Failure || error instanceof SyntaxError) return messageOf(error);
    throw error;
  }
}
