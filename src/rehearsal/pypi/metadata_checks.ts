/**
 * The checks of the core metadata in an upload's form (pypi/warehouse `forklift/metadata.py`). The first one that fails
 * is the answer.
 *
 * @module
 */

import { isOlder, METADATA_FIELDS } from "../../core/pypi/core_metadata.ts";
import { contentTypeProblem } from "../../core/pypi/metadata_rules.ts";
import { isSpecifierSet } from "../../core/pypi/pep440.ts";
import { Refusal } from "../server/messages.ts";
import { invalidField, SPECIFICATION } from "./refusal.ts";
import type { FormFields, SentForm } from "./upload_form.ts";

/** Checks the metadata of a form, or throws 400 in PyPI's words. */
export function checkMetadata(form: SentForm, fields: FormFields): void {
  checkSingles(form);
  checkAge(fields);
  checkSummary(fields);
  checkDescription(fields);
  checkLicense(fields);
  checkClassifiers(fields);
  checkDependencies(fields);
  checkLicenseFiles(fields);
  checkPython(fields);
  checkDynamic(fields.values("dynamic"));
  checkProjectUrls(fields.values("project_urls"));
}

function checkSingles({ fields }: SentForm): void {
  for (const { form, multiple } of METADATA_FIELDS.values()) {
    if (!multiple && (fields.get(form)?.length ?? 0) > 1) {
      throw new Refusal(400, `'${form}' has invalid data. ${SPECIFICATION}`);
    }
  }
}

function checkAge({ field }: FormFields): void {
  const declared = field("metadata_version") ?? "";
  for (const { form, header, since } of METADATA_FIELDS.values()) {
    if (field(form) !== undefined && isOlder(declared, since)) {
      throw new Refusal(
        400,
        `${header} introduced in metadata version ${since}, not ${declared}. ${SPECIFICATION}`,
      );
    }
  }
}

function checkSummary({ field }: FormFields): void {
  const summary = field("summary") ?? "";
  if (summary.includes("\n")) {
    throw invalidField(summary, { header: "Summary", why: "must be one line." });
  }
  if (summary.length > 512) {
    throw invalidField(summary, {
      header: "Summary",
      why: "Field cannot be longer than 512 characters.",
    });
  }
}

function checkDescription({ field }: FormFields): void {
  const type = field("description_content_type");
  const flaw = type === undefined ? undefined : contentTypeProblem(type);
  if (flaw !== undefined) {
    throw invalidField(type, { header: "Description-Content-Type", why: flaw });
  }
}

function checkLicense({ field }: FormFields): void {
  if (field("license") !== undefined && field("license_expression") !== undefined) {
    throw new Refusal(
      400,
      `License is deprecated when License-Expression is present. ${SPECIFICATION}`,
    );
  }
}

function checkClassifiers({ values }: FormFields): void {
  const hidden = values("classifiers").find((one) => one.startsWith("Private ::"));
  if (hidden !== undefined) {
    throw invalidField(hidden, { header: "Classifier", why: "is not a valid classifier." });
  }
}

function checkDependencies({ values }: FormFields): void {
  const direct = values("requires_dist").find((one) => /^[^;"']*@/.test(one));
  if (direct !== undefined) {
    throw invalidField(direct, {
      header: "Requires-Dist",
      why: `Can't have direct dependency: ${direct}.`,
    });
  }
}

function checkLicenseFiles({ values }: FormFields): void {
  const file = values("license_file").find((one) =>
    one.split("/").includes("..") || /^\/|\*/.test(one)
  );
  if (file !== undefined) {
    throw invalidField(file, { header: "License-File", why: "must be relative." });
  }
}

function checkPython({ field }: FormFields): void {
  const pythons = field("requires_python");
  if (pythons !== undefined && !isSpecifierSet(pythons)) {
    throw invalidField(pythons, { header: "Requires-Python", why: "Invalid specifier." });
  }
}

function checkDynamic(headers: readonly string[]): void {
  for (const header of headers) {
    const isKnown = METADATA_FIELDS.has(header.toLowerCase());
    if (!isKnown || ["name", "version", "metadata-version"].includes(header.toLowerCase())) {
      throw invalidField(header, { header: "Dynamic", why: "is not allowed as a dynamic field." });
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
      throw invalidField(url, { header: "Project-URL", why: "Use a label of 1 to 32 characters." });
    }
    labels.add(label);
  }
}
