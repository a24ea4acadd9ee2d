/**
 * The checks of an upload's file by its name and its inside (pypi/warehouse `forklift/legacy.py`, from "Check the
 * validity of the file" on).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { unzipSync } from "fflate";
import { Refusal } from "../server/messages.ts";
import { unpackTarball } from "../server/unpack_tarball.ts";
import type { CheckedForm } from "./form_checks.ts";
import { isBefore } from "./metadata_checks.ts";
import { canonicalName, nameInFiles, parseWheelFileName, readVersion } from "./packaging.ts";
import { takesPlatform } from "./platform_tags.ts";
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
  checkSdistName(form, fileName);
  checkLicences(form, { fileName, paths, folder });
  return [];
}

function checkSdistName(form: CheckedForm, fileName: string): void {
  const [, name = "", version = ""] = /^(.+)-([^-]+)\.tar\.gz$/.exec(fileName) ?? [];
  if (readVersion(version) === undefined) {
    throw new Refusal(400, `Invalid source distribution filename: ${fileName}`);
  }
  checkStart(form, name);
  const expected = `${nameInFiles(form.name)}-${spelled(form.version)}.tar.gz`;
  if (fileName !== expected) {
    throw new Refusal(400, `Filename '${fileName}' is invalid, should be '${expected}'.`);
  }
}

/** A file is of the project that its name begins with, however it is spelled. */
function checkStart(form: CheckedForm, name: string): void {
  if (canonicalName(name) === canonicalName(form.name)) return;
  throw new Refusal(400, `Start filename for '${form.name}' with '${nameInFiles(form.name)}'.`);
}

/** A version that was read before, in its normal form. */
function spelled(version: string): string {
  return readVersion(version)?.text ?? version;
}

function checkLicences(
  form: CheckedForm,
  place: {
    readonly fileName: string;
    readonly paths: ReadonlySet<string>;
    readonly folder: string;
  },
): void {
  if (isBefore(form, "2.4")) return;
  for (const file of form.values("license_file")) {
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
  const wheel = parseWheelFileName(fileName);
  if (typeof wheel === "string") throw new Refusal(400, wheel);
  const refused = wheel.platforms.find((tag) => !takesPlatform(tag));
  if (refused !== undefined) {
    throw new Refusal(
      400,
      `Binary wheel '${fileName}' has an unsupported platform tag '${refused}'.`,
    );
  }
  checkStart(form, wheel.name);
  const expected = nameInFiles(form.name);
  if (wheel.name !== expected) {
    throw new Refusal(
      400,
      `Filename '${fileName}' should contain the normalized project name '${expected}', not '${wheel.name}'.`,
    );
  }
  if (wheel.version.key !== readVersion(form.version)?.key) {
    throw new Refusal(
      400,
      `Version in filename should be '${spelled(form.version)}' not '${wheel.version.text}'.`,
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
  const differs = (left: readonly string[], right: readonly string[]): boolean =>
    left.some((name) =>
      !name.endsWith("/") && !/RECORD\.(jws|p7s)$/.test(name) && !right.includes(name)
    );
  return differs(wheel.names, listed) || differs(listed, wheel.names)
    ? [`The RECORD file of '${wheel.fileName}' does not match its contents`]
    : [];
}
