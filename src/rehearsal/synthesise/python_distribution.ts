/**
 * Makes wheels and source distributions: real ones, which pip installs and PyPI takes. Nothing is compiled; a wheel for a
 * platform carries files that only claim to be of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Zippable, zipSync } from "fflate";
import { packTar, type TarEntry } from "modern-tar";
import { sdistName } from "../../core/pypi/file_name.ts";
import { fileNamePart } from "../../core/pypi/spelling.ts";
import { makeWheelLibrary } from "./wheel_library.ts";

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
  /** Files beyond the metadata, by path; by default one module, and a library where the tag is of a platform. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Paths of files that whoever installs it can start. */
  readonly executables?: readonly string[];
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
const ZIP_DATE = new Date(2020, 0, 1);

/** Makes a wheel. */
export function makeWheel(input: WheelInput): BuiltArtifact {
  return {
    fileName: wheelFileName(input),
    bytes: zipMembers(wheelMembers(input), input.executables),
  };
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
  const library = makeWheelLibrary(platformsOf(input));
  const files = input.files ?? {
    [`${stem}/__init__.py`]: module,
    ...(library === undefined ? {} : { [`${stem}/_native.so`]: library }),
  };
  const members = new Map<string, Uint8Array>([
    ...Object.entries(files).map(([path, content]) => [path, toBytes(content)] as const),
    [`${distInfo}/METADATA`, toBytes(coreMetadata(input))],
    [`${distInfo}/WHEEL`, toBytes(wheelFile(input))],
  ]);
  return new Map([...members, [`${distInfo}/RECORD`, toBytes(record(members, distInfo))]]);
}

function platformsOf({ tag = "py3-none-any" }: WheelInput): readonly string[] {
  return tag.slice(tag.lastIndexOf("-") + 1).split(".");
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
    ...tags.map((full) => `Tag: ${full}`),
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

/** A regular file that everybody may start, as an entry's external attributes have it. */
const EXECUTABLE = (0o100755 << 16) >>> 0;

/** A zip with sizes in its headers, which PyPI asks for; streaming writers put them behind the content. */
export function zipMembers(
  members: Members,
  executables: readonly string[] = [],
): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [path, bytes] of members) {
    const mode = executables.includes(path) ? { os: 3, attrs: EXECUTABLE } : {};
    entries[path] = [bytes, { mtime: ZIP_DATE, level: 6, ...mode }];
  }
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}

/** Text as UTF-8. */
export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** What an sdist is to be. */
export type SdistInput = Omit<WheelInput, "tag" | "build">;

/** Makes an sdist. */
export async function makeSdist(input: SdistInput): Promise<BuiltArtifact> {
  const fileName = sdistName(input.name, input.version);
  return { fileName, bytes: await tarGzMembers(sdistMembers(input)) };
}

/** What an sdist holds. */
export function sdistMembers(input: SdistInput): Members {
  const stem = fileNamePart(input.name);
  const folder = `${stem}-${input.version}`;
  const module = `"""${input.name}"""\n\n__version__ = "${input.version}"\n`;
  const files = input.files ?? { [`src/${stem}/__init__.py`]: module };
  return new Map([
    [`${folder}/PKG-INFO`, toBytes(coreMetadata(input))],
    [`${folder}/pyproject.toml`, toBytes(pyproject(input))],
    ...Object.entries(files).map(([path, content]) =>
      [`${folder}/${path}`, toBytes(content)] as const
    ),
  ]);
}

function pyproject({ name, version }: SdistInput): string {
  return [
    "[build-system]",
    'requires = ["setuptools>=69.3"]',
    'build-backend = "setuptools.build_meta"',
    "",
    "[project]",
    `name = "${name}"`,
    `version = "${version}"`,
    "",
  ].join("\n");
}

const TAR_DATE = new Date("2020-01-01T00:00:00Z");

/** A gzipped tar; the same members make the same bytes on one runtime. */
export async function tarGzMembers(members: Members): Promise<Uint8Array<ArrayBuffer>> {
  const entries: TarEntry[] = [...members].map(([name, body]) => ({
    header: { name, size: body.length, mode: 0o644, mtime: TAR_DATE, uid: 0, gid: 0 },
    body,
  }));
  return gzipSync(await packTar(entries), { level: 6 }) as Uint8Array<ArrayBuffer>;
}
