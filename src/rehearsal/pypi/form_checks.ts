/**
 * The checks of an upload's form that need neither the project nor the file's inside (pypi/warehouse
 * `forklift/forms.py` and `forklift/metadata.py`). The first one that fails is the answer.
 *
 * @module
 */

import { METADATA_FIELDS } from "../../core/pypi/core_metadata.ts";
import { isOlder } from "../../core/pypi/core_metadata.ts";
import { contentTypeProblem } from "../../core/pypi/metadata_rules.ts";
import { isProjectName } from "../../core/pypi/name.ts";
import { parsePep440 } from "../../core/pypi/pep440.ts";
import { isSpecifierSet } from "../../core/pypi/specifier.ts";
import type { SentForm } from "./multipart_form.ts";
import { Refusal } from "./refusal.ts";

/** A form whose text is in order. */
export interface CheckedForm {
  readonly form: SentForm;
  /** The first value of a field; undefined when it was not sent, or sent empty. */
  readonly field: (name: string) => string | undefined;
  /** Every value of a field. */
  readonly values: (name: string) => readonly string[];
  readonly name: string;
  readonly version: string;
  readonly filetype: "bdist_wheel" | "sdist";
}

const SPECIFICATION =
  "See https://packaging.python.org/specifications/core-metadata for more information.";

/** Checks a form, or throws 400 in PyPI's words. */
export function checkForm(form: SentForm): CheckedForm {
  const values = (name: string): readonly string[] =>
    (form.fields.get(name) ?? []).filter((value) => value !== "" && value !== "UNKNOWN");
  const field = (name: string): string | undefined => values(name)[0];
  const tuple = [...form.uploads.keys()].find((name) =>
    name !== "content" && name !== "gpg_signature"
  );
  if (tuple !== undefined) throw new Refusal(400, `${tuple}: Should not be a tuple.`);
  if ((field("protocol_version") ?? "1") !== "1") {
    throw new Refusal(400, "Unknown protocol version.");
  }
  const filetype = checkControlFields(field);
  const { name, version } = checkIdentity(field);
  checkSingles(form);
  checkMetadata({ field, values });
  return { form, field, values, name, version, filetype };
}

type FieldReader = Pick<CheckedForm, "field">;

function checkControlFields(field: FieldReader["field"]): "bdist_wheel" | "sdist" {
  const filetype = field("filetype");
  if (filetype !== "bdist_wheel" && filetype !== "sdist") {
    throw new Refusal(400, "Invalid value for filetype. Error: Use a known file type.");
  }
  const pyversion = field("pyversion");
  if (filetype === "bdist_wheel" && pyversion === undefined) {
    throw new Refusal(400, "Error: Python version is required for binary distribution uploads.");
  }
  if (filetype === "sdist" && (pyversion ?? "source") !== "source") {
    throw new Refusal(400, "Error: Use 'source' as Python version for an sdist.");
  }
  const digests = ["md5_digest", "sha256_digest", "blake2_256_digest"];
  if (digests.every((name) => field(name) === undefined)) {
    throw new Refusal(400, "Error: Include at least one message digest.");
  }
  for (const name of digests.slice(1)) {
    const digest = field(name);
    if (digest !== undefined && !/^[0-9a-f]{64}$/i.test(digest)) {
      const hash = name === "sha256_digest" ? "SHA256" : "BLAKE2";
      throw new Refusal(
        400,
        `Invalid value for ${name}. Error: Use a valid, hex-encoded, ${hash} message digest.`,
      );
    }
  }
  return filetype;
}

function checkIdentity(
  field: FieldReader["field"],
): { readonly name: string; readonly version: string } {
  const declared = field("metadata_version");
  const known = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];
  if (declared === undefined || !known.includes(declared)) {
    throw invalid(declared, { header: "Metadata-Version", why: "Use a known metadata version." });
  }
  const name = field("name");
  if (name === undefined || !isProjectName(name)) {
    throw invalid(name, {
      header: "Name",
      why:
        "Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'.",
    });
  }
  const version = field("version");
  const parsed = parsePep440(version ?? "");
  if (version === undefined || parsed === undefined) {
    throw invalid(version, {
      header: "Version",
      why: "Start and end with a letter or numeral, as PEP 440 says.",
    });
  }
  if (parsed.local !== undefined) {
    throw invalid(version, { header: "Version", why: "The use of local versions is not allowed." });
  }
  return { name, version };
}

function invalid(
  value: string | undefined,
  { header, why }: { readonly header: string; readonly why: string },
): Refusal {
  return new Refusal(
    400,
    `'${value ?? ""}' is an invalid value for ${header}. Error: ${why} ${SPECIFICATION}`,
  );
}

function checkSingles({ fields }: SentForm): void {
  for (const { form, multiple } of METADATA_FIELDS.values()) {
    if (!multiple && (fields.get(form)?.length ?? 0) > 1) {
      throw new Refusal(400, `'${form}' has invalid data. ${SPECIFICATION}`);
    }
  }
}

function checkMetadata({ field, values }: Pick<CheckedForm, "field" | "values">): void {
  const declared = field("metadata_version") ?? "";
  for (const { form, header, since } of METADATA_FIELDS.values()) {
    if (field(form) !== undefined && isOlder(declared, since)) {
      throw new Refusal(
        400,
        `${header} introduced in metadata version ${since}, not ${declared}. ${SPECIFICATION}`,
      );
    }
  }
  const summary = field("summary") ?? "";
  if (summary.includes("\n")) {
    throw invalid(summary, { header: "Summary", why: "must be one line." });
  }
  if (summary.length > 512) {
    throw invalid(summary, {
      header: "Summary",
      why: "Field cannot be longer than 512 characters.",
    });
  }
  const type = field("description_content_type");
  const flaw = type === undefined ? undefined : contentTypeProblem(type);
  if (flaw !== undefined) throw invalid(type, { header: "Description-Content-Type", why: flaw });
  if (field("license") !== undefined && field("license_expression") !== undefined) {
    throw new Refusal(
      400,
      `License is deprecated when License-Expression is present. ${SPECIFICATION}`,
    );
  }
  const hidden = values("classifiers").find((one) => one.startsWith("Private ::"));
  if (hidden !== undefined) {
    throw invalid(hidden, { header: "Classifier", why: "is not a valid classifier." });
  }
  const direct = values("requires_dist").find((one) => /^[^;"']*@/.test(one));
  if (direct !== undefined) {
    throw invalid(direct, {
      header: "Requires-Dist",
      why: `Can't have direct dependency: ${direct}.`,
    });
  }
  const file = values("license_file").find((one) =>
    one.split("/").includes("..") || /^\/|\*/.test(one)
  );
  if (file !== undefined) throw invalid(file, { header: "License-File", why: "must be relative." });
  const pythons = field("requires_python");
  if (pythons !== undefined && !isSpecifierSet(pythons)) {
    throw invalid(pythons, { header: "Requires-Python", why: "Invalid specifier." });
  }
  checkDynamic(values("dynamic"));
  checkProjectUrls(values("project_urls"));
}

function checkDynamic(headers: readonly string[]): void {
  for (const header of headers) {
    const isKnown = METADATA_FIELDS.has(header.toLowerCase());
    if (!isKnown || ["name", "version", "metadata-version"].includes(header.toLowerCase())) {
      throw invalid(header, { header: "Dynamic", why: "is not allowed as a dynamic field." });
    }
  }
}

function checkProjectUrls(urls: readonly string[]): void {
  const labels = new Set<string>();
  for (const url of urls) {
    const label = url.split(",")[0]!.trim();
    if (labels.has(label)) {
      throw new Refusal(400, `'project_urls' has invalid data. ${SPECIFICATION}`);
    }
    if (!url.includes(",") || label.length < 1 || label.length > 32) {
      throw invalid(url, { header: "Project-URL", why: "Use a label of 1 to 32 characters." });
    }
    labels.add(label);
  }
}
