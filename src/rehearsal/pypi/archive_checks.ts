/**
 * The checks of an upload's file by its name and its inside (pypi/warehouse `forklift/legacy.py`, from "Check the
 * validity of the file" on).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { unzipSync } from "fflate";
import { isOlder } from "../../core/pypi/core_metadata.ts";
import { fileNamePart, normaliseName } from "../../core/pypi/name.ts";
import { isSamePep440, normalisePep440, parsePep440 } from "../../core/pypi/pep440.ts";
import { judgePlatformTag } from "../../core/pypi/platform_tag.ts";
import { parseWheelName } from "../../core/pypi/file_name.ts";
import { Refusal } from "../server/messages.ts";
import { unpackTarball } from "../server/unpack_tarball.ts";
import type { CheckedForm } from "./form_checks.ts";
import type { FormUpload } from "./upload_form.ts";
import { scanZip, ZipFlaw } from "./zip_scan.ts";

/** Checks a file's inside, or throws 400 in PyPI's words; gives the sentences of e-mails that it would cause. */
export async function checkArchive(
  form: CheckedForm,
  upload: FormUpload,
): Promise<readonly string[]> {
  return form.filetype === "sdist" ? await checkSdist(form, upload) : checkWheel(form, upload);
}

function invalidFile(detail: string): Refusal {
  return new Refusal(400, `Invalid distribution file. ${detail}`);
}

async function checkSdist(
  form: CheckedForm,
  { fileName, bytes }: FormUpload,
): Promise<readonly string[]> {
  const stem = `${fileNamePart(form.name)}-${normalisePep440(form.version)}`;
  const entries = await unpackTarball(bytes).catch(() => {
    throw invalidFile("");
  });
  const paths = new Set(
    entries.filter(({ type }) => type !== "directory").map(({ path }) => path),
  );
  const folders = new Set([...paths].map((path) => path.split("/")[0]!));
  if (folders.size !== 1) throw invalidFile("Incorrect number of top-level directories in sdist");
  const folder = fileName.slice(0, -".tar.gz".length);
  if (!paths.has(`${folder}/PKG-INFO`)) {
    throw invalidFile(`PKG-INFO not found at ${folder}/PKG-INFO`);
  }
  checkSdistName(fileName, { form, stem });
  checkLicences(form, { fileName, paths, folder });
  return [];
}

function checkSdistName(
  fileName: string,
  { form, stem }: { readonly form: CheckedForm; readonly stem: string },
): void {
  const [, name = "", version = ""] = /^(.+)-([^-]+)\.tar\.gz$/.exec(fileName) ?? [];
  if (parsePep440(version) === undefined) {
    throw new Refusal(400, `Invalid source distribution filename: ${fileName}`);
  }
  if (normaliseName(name) !== normaliseName(form.name)) {
    throw new Refusal(
      400,
      `Start filename for '${form.name}' with '${fileNamePart(form.name)}'.`,
    );
  }
  if (fileName !== `${stem}.tar.gz`) {
    throw new Refusal(400, `Filename '${fileName}' is invalid, should be '${stem}.tar.gz'.`);
  }
}

function checkLicences(
  { values, field }: CheckedForm,
  place: {
    readonly fileName: string;
    readonly paths: ReadonlySet<string>;
    readonly folder: string;
  },
): void {
  if (isOlder(field("metadata_version") ?? "", "2.4")) return;
  for (const file of values("license_file")) {
    const path = `${place.folder}/${file}`;
    if (!place.paths.has(path)) {
      throw new Refusal(
        400,
        `License-File ${file} does not exist in distribution file ${place.fileName} at ${path}`,
      );
    }
  }
}

function checkWheel(form: CheckedForm, { fileName, bytes }: FormUpload): readonly string[] {
  const { names, total } = scan(bytes);
  if (total > 64 * 2 ** 20 && total > 50 * bytes.length) throw invalidFile("");
  const paths = new Set(names);
  const distInfo = `${fileName.split("-").slice(0, 2).join("-")}.dist-info`;
  if (!paths.has(`${distInfo}/WHEEL`)) throw invalidFile(`WHEEL not found at ${distInfo}/WHEEL`);
  checkWheelName(form, fileName);
  checkLicences(form, { fileName, paths, folder: `${distInfo}/licenses` });
  for (const file of ["RECORD", "METADATA"]) {
    if (!paths.has(`${distInfo}/${file}`)) {
      throw new Refusal(
        400,
        `Wheel '${fileName}' does not contain the required ${file} file: ${distInfo}/${file}`,
      );
    }
  }
  return recordMails(bytes, { fileName, names, distInfo });
}

function scan(bytes: Uint8Array): ReturnType<typeof scanZip> {
  try {
    return scanZip(bytes);
  } catch (error) {
    if (!(error instanceof ZipFlaw)) throw error;
    throw invalidFile(
      `ZIP archive not accepted: ${error.message}. See https://docs.pypi.org/archives for more information`,
    );
  }
}

function checkWheelName(form: CheckedForm, fileName: string): void {
  const name = parseWheelName(fileName);
  if (typeof name === "string") {
    throw new Refusal(400, `Invalid wheel filename (${name}): '${fileName}'`);
  }
  const refused = name.platforms.find((tag) => judgePlatformTag(tag) !== "taken");
  if (refused !== undefined) {
    throw new Refusal(
      400,
      `Binary wheel '${fileName}' has an unsupported platform tag '${refused}'.`,
    );
  }
  const expected = fileNamePart(form.name);
  if (normaliseName(name.name) !== normaliseName(form.name)) {
    throw new Refusal(400, `Start filename for '${form.name}' with '${expected}'.`);
  }
  if (name.name !== expected) {
    throw new Refusal(
      400,
      `Filename '${fileName}' should contain the normalized project name '${expected}', not '${name.name}'.`,
    );
  }
  if (!isSamePep440(name.version, form.version)) {
    throw new Refusal(
      400,
      `Version in filename should be '${normalisePep440(form.version)}' not '${
        normalisePep440(name.version)
      }'.`,
    );
  }
}

/** A RECORD that does not list what is there is taken, and its owners are written to. */
function recordMails(
  bytes: Uint8Array,
  wheel: {
    readonly fileName: string;
    readonly names: readonly string[];
    readonly distInfo: string;
  },
): readonly string[] {
  const path = `${wheel.distInfo}/RECORD`;
  const content = unzipSync(bytes, { filter: ({ name }) => name === path })[path] ??
    new Uint8Array();
  const listed = Buffer.from(content).toString().split(/\r?\n/).filter((line) => line !== "")
    .map((line) =>
      line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.split(",")[0]!
    );
  const differs = (one: readonly string[], other: readonly string[]): boolean =>
    one.some((name) =>
      !name.endsWith("/") && !/RECORD\.(jws|p7s)$/.test(name) && !other.includes(name)
    );
  return differs(wheel.names, listed) || differs(listed, wheel.names)
    ? [`The RECORD file of '${wheel.fileName}' does not match its contents`]
    : [];
}
