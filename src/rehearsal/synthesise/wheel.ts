/**
 * Makes wheels: real ones, which pip installs and PyPI takes. Nothing is compiled; a wheel for a platform carries
 * files that only claim to be of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Zippable, zipSync } from "fflate";
import { fileNamePart } from "../../core/pypi/name.ts";

/** What a wheel is to be. */
export interface WheelInput {
  /** The project's name, in any spelling. */
  readonly name: string;
  /** As PyPI spells it. */
  readonly version: string;
  /** `{python}-{abi}-{platform}`, each part with dots between several; `py3-none-any` by default. */
  readonly tag?: string;
  /** The build number. */
  readonly build?: string;
  /** Files beyond the metadata, by path; one module by default. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Headers of METADATA after Metadata-Version, Name and Version. */
  readonly metadata?: readonly string[];
  /** The description, which is METADATA's body. */
  readonly description?: string;
}

/** A built file. */
export interface BuiltArtifact {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The members of an archive, by path, in order. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** Fixed, so that the same input makes the same bytes. fflate reads it in local time, as zip stores it. */
const DATE = new Date(2020, 0, 1);

/** Makes a wheel. */
export function makeWheel(input: WheelInput): BuiltArtifact {
  return { fileName: wheelFileName(input), bytes: zipMembers(wheelMembers(input)) };
}

/** A wheel's file name. */
export function wheelFileName({ name, version, build, tag = "py3-none-any" }: WheelInput): string {
  return [fileNamePart(name), version, ...(build === undefined ? [] : [build]), tag].join("-") +
    ".whl";
}

/** What a wheel holds, RECORD last. */
export function wheelMembers(input: WheelInput): Members {
  const stem = fileNamePart(input.name);
  const distInfo = `${stem}-${input.version}.dist-info`;
  const module = `"""${input.name}"""\n\n__version__ = "${input.version}"\n`;
  const files = input.files ?? { [`${stem}/__init__.py`]: module };
  const members = new Map<string, Uint8Array>([
    ...Object.entries(files).map(([path, content]) => [path, toBytes(content)] as const),
    [`${distInfo}/METADATA`, toBytes(coreMetadata(input))],
    [`${distInfo}/WHEEL`, toBytes(wheelFile(input))],
  ]);
  return new Map([...members, [`${distInfo}/RECORD`, toBytes(record(members, distInfo))]]);
}

/** Core metadata of a wheel or an sdist. */
export function coreMetadata(
  { name, version, metadata = [], description = "" }: Omit<WheelInput, "tag" | "build">,
): string {
  const headers = ["Metadata-Version: 2.1", `Name: ${name}`, `Version: ${version}`, ...metadata];
  return `${headers.join("\n")}\n${description === "" ? "" : `\n${description}`}`;
}

function wheelFile({ build, tag = "py3-none-any" }: WheelInput): string {
  const [pythons = "", abis = "", platforms = ""] = tag.split("-");
  const tags = pythons.split(".").flatMap((python) =>
    abis.split(".").flatMap((abi) =>
      platforms.split(".").map((platform) => `${python}-${abi}-${platform}`)
    )
  );
  return [
    "Wheel-Version: 1.0",
    "Generator: putitoutthere",
    `Root-Is-Purelib: ${platforms === "any"}`,
    ...tags.map((one) => `Tag: ${one}`),
    ...(build === undefined ? [] : [`Build: ${build}`]),
    "",
  ].join("\n");
}

/** RECORD for members that do not hold it yet. */
export function record(members: Members, distInfo: string): string {
  const lines = [...members].map(([path, bytes]) => {
    const digest = createHash("sha256").update(bytes).digest("base64url");
    return `${csvField(path)},sha256=${digest},${bytes.length}`;
  });
  return [...lines, `${distInfo}/RECORD,,`, ""].join("\n");
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A zip with sizes in its headers, which PyPI asks for; streaming writers put them behind the content. */
export function zipMembers(members: Members): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [path, bytes] of members) entries[path] = [bytes, { mtime: DATE, level: 6 }];
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}

/** Text as UTF-8. */
export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
