/**
 * Holds an upload's tarball against what its document says of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { ARCHIVE_LIMITS, readTarGz } from "../../artifact/tarball.ts";
import { Failure, messageOf } from "../../error.ts";
import type { LocalReply } from "../serve.ts";
import type { PublishDocument } from "./publish_document.ts";
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
  let text: string | undefined;
  let files = 0;
  try {
    await readTarGz(tarball, ARCHIVE_LIMITS, async (entry) => {
      files++;
      if (entry.path === "package/package.json") text = await entry.text();
    });
    return { trouble: manifestTrouble(text, `${name}@${version}`), files };
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof SyntaxError)) throw error;
    return { trouble: messageOf(error), files };
  }
}

function manifestTrouble(text: string | undefined, claimed: string): string | undefined {
  if (text === undefined) return "the tarball has no package/package.json";
  const packed = JSON.parse(text) as Json;
  const found = `${packed["name"]}@${packed["version"]}`;
  return found === claimed ? undefined : `the tarball is of "${found}", not "${claimed}"`;
}
