/**
 * Reads a wheel and holds its parts against each other: file name, METADATA, WHEEL and RECORD with every hash.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type CoreMetadata, metadataFields, parseMetadata } from "../core/pypi/core_metadata.ts";
import { metadataProblems } from "../core/pypi/metadata_rules.ts";
import {
  parseRecord,
  type RecordLine,
  recordProblems,
  wheelFileProblems,
} from "../core/pypi/dist_info.ts";
import { parseWheelName, type WheelName } from "../core/pypi/file_name.ts";
import { utf8Problem } from "../core/pypi/utf8_problem.ts";
import type { CredentialFile } from "../core/release/credential_file.ts";
import type { ArchiveLimits } from "./archive/archive_guard.ts";
import { openZip, type Zip, type ZipEntry } from "./archive/zip.ts";
import { findCredential } from "./credential_files.ts";
import { NO_CODE, readCode, type WheelCode } from "./wheel_code.ts";

/** A wheel as read. */
export interface ReadWheel {
  readonly kind: "wheel";
  readonly name: WheelName;
  /** Undefined when it has none. */
  readonly metadata: CoreMetadata | undefined;
  /** What is wrong with it, as clauses; empty for a wheel that PyPI takes. */
  readonly problems: readonly string[];
  /** Members that look like credentials. */
  readonly credentials: readonly CredentialFile[];
  readonly native: WheelCode;
}

/** What else a wheel is read for. */
export interface ReadWheelOptions {
  readonly limits?: ArchiveLimits;
  /** Whether a member is the program that the wheel is to bring. */
  readonly isProgram?: (path: string) => boolean;
}

/**
 * Reads a wheel, streaming each of its files once. A text says why the file name is none of a wheel. Throws
 * `PIOT_ARTIFACT_INVALID` for an archive that cannot be read or is unsafe to unpack.
 */
export async function readWheel(
  path: string,
  { limits, isProgram }: ReadWheelOptions = {},
): Promise<ReadWheel | string> {
  const name = parseWheelName(basename(path));
  if (typeof name === "string") return name;
  const zip = await openZip(path, limits);
  try {
    const bomb = bombProblems(zip);
    // What PyPI takes for a bomb is not unpacked here either.
    if (bomb.length > 0) {
      return {
        ...{ kind: "wheel", name, metadata: undefined, problems: bomb, credentials: [] },
        native: NO_CODE,
      };
    }
    const distInfo = `${name.name}-${name.version}.dist-info`;
    const metadata = await readMetadata(zip, distInfo);
    return {
      kind: "wheel",
      name,
      metadata,
      credentials: await credentialsIn(zip),
      problems: [
        ...zip.framing.map((clause) => `PyPI refuses its zip framing: ${clause}`),
        ...missingMembers(zip, distInfo),
        ...(metadata === undefined ? [] : metadataProblems(metadata)),
        ...(metadata === undefined ? [] : missingLicences(zip, { distInfo, metadata })),
        ...await wheelProblems(zip, { distInfo, name }),
        ...await contentProblems(zip, distInfo),
        ...await entryPointProblems(zip, distInfo),
        ...await textProblems(zip, distInfo),
      ],
      native: await readCode(zip, { platforms: name.platforms, isProgram }),
    };
  } finally {
    zip.close();
  }
}

function member(zip: Zip, path: string): ZipEntry | undefined {
  return zip.files.find((file) => file.path === path);
}

async function memberText(zip: Zip, path: string): Promise<string | undefined> {
  const file = member(zip, path);
  return file === undefined ? undefined : await zip.text(file);
}

async function readMetadata(zip: Zip, distInfo: string): Promise<CoreMetadata | undefined> {
  const text = await memberText(zip, `${distInfo}/METADATA`);
  return text === undefined ? undefined : parseMetadata(text);
}

/** More than 64 MiB unpacked and more than fifty times the archive's size (pypi/warehouse `forklift/legacy.py`). */
function bombProblems(zip: Zip): string[] {
  const total = zip.files.reduce((sum, { size }) => sum + size, 0);
  if (total <= 64 * 2 ** 20 || total <= 50 * zip.size) return [];
  return [`it unpacks to ${total} bytes, more than 50 times its size, which PyPI takes for a bomb`];
}

async function credentialsIn(zip: Zip): Promise<readonly CredentialFile[]> {
  const found: CredentialFile[] = [];
  for (const file of zip.files) {
    const credential = await findCredential({ ...file, text: () => zip.text(file) });
    if (credential !== undefined) found.push(credential);
  }
  return found;
}

/** pip and PyPI read each of these as UTF-8 (pip's `metadata/importlib/_dists.py`; core metadata specification). */
async function textProblems(zip: Zip, distInfo: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of ["METADATA", "WHEEL", "RECORD", "entry_points.txt"]) {
    const file = member(zip, `${distInfo}/${name}`);
    const flaw = file === undefined ? undefined : utf8Problem(file.path, await allOf(zip, file));
    if (flaw !== undefined) problems.push(flaw);
  }
  return problems;
}

async function allOf(zip: Zip, file: ZipEntry): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zip.read(file)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function missingMembers(zip: Zip, distInfo: string): string[] {
  const others = zip.files.map(({ path }) => path.split("/")[0]!)
    .filter((folder) => folder.endsWith(".dist-info") && folder !== distInfo);
  const found = others[0] === undefined ? "" : `; "${others[0]}" is there instead`;
  const missing = ["METADATA", "WHEEL", "RECORD"]
    .filter((file) => member(zip, `${distInfo}/${file}`) === undefined)
    .map((file) => `it has no "${distInfo}/${file}"${found}`);
  if (missing.length > 0 || others[0] === undefined) return missing;
  // pip's `utils/wheel.py`, `wheel_dist_info_dir()`.
  return [
    `it has "${others[0]}" beside "${distInfo}", and pip installs no wheel with two of these`,
  ];
}

/** Licence files lie in `licenses/` since metadata 2.4 (PEP 639). */
function missingLicences(
  zip: Zip,
  { distInfo, metadata }: { readonly distInfo: string; readonly metadata: CoreMetadata },
): string[] {
  if (!metadata.hasLicenceFiles) return [];
  return metadataFields(metadata, "License-File")
    .filter((path) => member(zip, `${distInfo}/licenses/${path}`) === undefined)
    .map((path) => `License-File "${path}" is not in it at "${distInfo}/licenses/${path}"`);
}

async function wheelProblems(
  zip: Zip,
  { distInfo, name }: { readonly distInfo: string; readonly name: WheelName },
): Promise<readonly string[]> {
  const text = await memberText(zip, `${distInfo}/WHEEL`);
  return text === undefined ? [] : wheelFileProblems(text, name);
}

async function contentProblems(zip: Zip, distInfo: string): Promise<readonly string[]> {
  const text = await memberText(zip, `${distInfo}/RECORD`);
  if (text === undefined) return [];
  const lines = parseRecord(text);
  const problems = [...recordProblems(lines, zip.files.map(({ path }) => path))];
  const listed = new Map(lines.map((line) => [line.path, line]));
  for (const file of zip.files) {
    const line = listed.get(file.path);
    if (line !== undefined && line.algorithm !== "") {
      problems.push(...await hashProblems(zip, { file, line }));
    }
  }
  return problems;
}

/** Hashes that RECORD may use: sha256 or better (PEP 427). */
const HASHES = ["sha256", "sha384", "sha512"];

async function hashProblems(
  zip: Zip,
  { file, line }: { readonly file: ZipEntry; readonly line: RecordLine },
): Promise<string[]> {
  if (!HASHES.includes(line.algorithm)) {
    return [`RECORD hashes "${file.path}" with ${line.algorithm}`];
  }
  if (line.size !== undefined && line.size !== file.size) {
    return [`RECORD says "${file.path}" has ${line.size} bytes, it has ${file.size}`];
  }
  const hash = createHash(line.algorithm);
  for await (const chunk of zip.read(file)) hash.update(chunk);
  const digest = hash.digest("base64url");
  if (digest === line.digest.replace(/=+$/, "")) return [];
  return [
    `RECORD has another ${line.algorithm} for "${file.path}": ${line.digest}, it is ${digest}`,
  ];
}

/** PyPI reads entry points as INI and refuses script names with other characters (pypi/warehouse `forklift/legacy.py`). */
async function entryPointProblems(zip: Zip, distInfo: string): Promise<string[]> {
  const text = await memberText(zip, `${distInfo}/entry_points.txt`) ?? "";
  const problems: string[] = [];
  let section = "";
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (line === "" || /^[#;]/.test(line)) continue;
    const [, opened] = /^\[(.+)\]$/.exec(line) ?? [];
    const [name = "", value] = line.split(/=(.*)/s).map((part) => part.trim());
    if (opened !== undefined) section = opened;
    else if (section === "" || value === undefined) problems.push(`entry_points.txt has "${line}"`);
    else if (/^(console|gui)_scripts$/.test(section) && !/^[\w.-]+$/.test(name)) {
      problems.push(`entry_points.txt names a script "${name}"`);
    }
  }
  return problems;
}
