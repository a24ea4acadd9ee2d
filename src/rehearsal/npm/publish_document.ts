/**
 * Reads the document of an upload, JSON of a fixed shape with the tarball in it and the tarball's provenance where there is
 * one (npm/cli libnpmpublish lib/publish.js), and holds the tarball against what the document says of it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { messageOf } from "../../error.ts";
import type { LocalReply } from "../server/messages.ts";
import { isSemver } from "../server/semver.ts";
import { type UnpackedEntry, unpackTarball } from "../server/unpack_tarball.ts";
import { tagTrouble } from "./dist_tags.ts";
import { errorReply } from "./request.ts";
import type { Json, Limits, PublishDocument } from "./state.ts";

/** Reads an upload to a package's address; gives the reason when it is malformed. */
export function readDocument(body: Uint8Array, name: string): PublishDocument | string {
  const document = parseObject(Buffer.from(body).toString());
  if (document === undefined) return "the body is not a JSON object";
  if (document["name"] !== name) return `the document is of "${document["name"]}", not "${name}"`;
  const versions = Object.entries(asObject(document["versions"]));
  const [first] = versions;
  if (first === undefined || versions.length !== 1) return "the document must hold one version";
  const [version, manifest] = [first[0], asObject(first[1])];
  // Build metadata is no part of a version to npm (semver.clean in libnpmpublish).
  if (!isSemver(version) || version.includes("+")) return `invalid version: ${version}`;
  if (manifest["name"] !== name || manifest["version"] !== version) {
    return `the manifest is of "${manifest["name"]}@${
      manifest["version"]
    }", not "${name}@${version}"`;
  }
  const rest = { name, version, manifest };
  return readSettings(document, rest);
}

function readSettings(
  document: Json,
  rest: Pick<PublishDocument, "name" | "version" | "manifest">,
): PublishDocument | string {
  const tags = Object.entries(asObject(document["dist-tags"]));
  const [tag] = tags;
  if (tag === undefined || tags.length !== 1 || tag[1] !== rest.version) {
    return "the document must give its version one dist-tag";
  }
  const trouble = tagTrouble(tag[0]);
  if (trouble !== undefined) return trouble;
  const access = document["access"] ?? undefined;
  if (access !== undefined && access !== "public" && access !== "restricted") {
    return `invalid access: ${access}`;
  }
  if (access === "restricted" && !rest.name.startsWith("@")) {
    return "cannot restrict access to an unscoped package";
  }
  const attached = readAttachments(document, rest);
  return typeof attached === "string" ? attached : { ...rest, ...attached, tag: tag[0], access };
}

type Attached = Pick<PublishDocument, "tarball" | "claimedLength" | "provenance">;

/** The tarball, and behind it at most its provenance. */
function readAttachments(
  document: Json,
  { name, version }: Pick<PublishDocument, "name" | "version">,
): Attached | string {
  const attachments = Object.entries(asObject(document["_attachments"]));
  const [first, second, third] = attachments;
  if (first === undefined || third !== undefined) return "one attachment must be the tarball";
  const tarball = readTarball(first, `${name}-${version}.tgz`);
  if (typeof tarball === "string") return tarball;
  if (second === undefined) return { ...tarball, provenance: undefined };
  const provenance = readProvenance(second, `${name}-${version}.sigstore`);
  return typeof provenance === "string" ? provenance : { ...tarball, provenance };
}

function readTarball(
  [file, value]: readonly [string, unknown],
  expected: string,
): Omit<Attached, "provenance"> | string {
  const attachment = asObject(value);
  if (file !== expected) return `unexpected attachment "${file}"`;
  if (attachment["content_type"] !== "application/octet-stream") {
    return `unexpected content type of "${file}"`;
  }
  const { data } = attachment;
  const tarball = typeof data === "string" ? Buffer.from(data, "base64") : undefined;
  if (tarball === undefined || tarball.toString("base64") !== data) {
    return `"${file}" is not base64`;
  }
  return { tarball, claimedLength: attachment["length"] };
}

/** The bundle is sent as text, not as base64, and `length` counts its characters. */
function readProvenance(
  [file, value]: readonly [string, unknown],
  expected: string,
): Json | string {
  const { content_type: type, data, length } = asObject(value);
  if (file !== expected) return `unexpected attachment "${file}"`;
  const bundle = typeof data === "string" ? parseObject(data) : undefined;
  if (bundle === undefined) return `"${file}" is not a JSON object`;
  if (length !== (data as string).length) return `length error of "${file}"`;
  return type === bundle["mediaType"] ? bundle : `unexpected content type of "${file}"`;
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Json : undefined;
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null ? value as Json : {};
}

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
