/**
 * The checks of the core metadata in an upload's form (pypi/warehouse `forklift/metadata.py`, pypa/packaging `metadata.py`).
 * The first one that fails is the answer.
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";
import { checkFields, wrongProjectUrl } from "./field_checks.ts";
import { isNameOfProject, readVersion, wrongSpecifier } from "./packaging.ts";
import { invalidField, SPECIFICATION } from "./refusal.ts";
import type { FormFields, SentForm } from "./upload_form.ts";

/** Every field by the metadata version that brought it; a star is behind those that may be sent several times. */
const FIELDS_OF_VERSIONS: Readonly<Record<string, string>> = {
  "1.0": "Metadata-Version Name Version Platform* Summary Description Keywords Home-page Author " +
    "Author-email License",
  "1.1": "Supported-Platform* Download-URL Classifier* Requires* Provides* Obsoletes*",
  "1.2": "Maintainer Maintainer-email Requires-Dist* Requires-Python Requires-External* " +
    "Project-URL* Provides-Dist* Obsoletes-Dist*",
  "2.1": "Description-Content-Type Provides-Extra*",
  "2.2": "Dynamic*",
  "2.3": "",
  "2.4": "License-Expression License-File*",
  "2.5": "Import-Name* Import-Namespace*",
};
const VERSIONS = Object.keys(FIELDS_OF_VERSIONS);

/** The only names in the form that are not the header's in small letters with `_` for `-`. */
const PLURAL_NAMES: Readonly<Record<string, string>> = {
  "Classifier": "classifiers",
  "Project-URL": "project_urls",
};

interface MetadataField {
  readonly header: string;
  readonly isRepeated: boolean;
  readonly since: string;
}

/** Every field of the metadata, by its name in the form. What has none of these names is no metadata. */
const FIELDS: ReadonlyMap<string, MetadataField> = new Map(
  Object.entries(FIELDS_OF_VERSIONS).flatMap(([since, headers]) =>
    headers.split(" ").filter((word) => word !== "").map((word): [string, MetadataField] => {
      const header = word.replace("*", "");
      const name = PLURAL_NAMES[header] ?? header.toLowerCase().replaceAll("-", "_");
      return [name, { header, isRepeated: word.endsWith("*"), since }];
    })
  ),
);

/** The fields of a form that are metadata, as sent. */
export function metadataOf({ fields }: SentForm): readonly (readonly [string, string])[] {
  return [...fields].flatMap(([name, values]) =>
    FIELDS.has(name) ? values.map((value) => [name, value] as const) : []
  );
}

/** Whether a form's metadata is of a version that came before another one. */
export function isBefore({ field }: Pick<FormFields, "field">, version: string): boolean {
  return VERSIONS.indexOf(field("metadata_version") ?? "") < VERSIONS.indexOf(version);
}

/** The fields that name the release; their errors come before all others. Throws 400 in PyPI's words. */
export function checkIdentity(
  { field }: Pick<FormFields, "field">,
): { readonly name: string; readonly version: string } {
  const declared = field("metadata_version");
  if (declared === undefined || !VERSIONS.includes(declared)) {
    throw invalidField(declared, {
      header: "Metadata-Version",
      why: "Use a known metadata version.",
    });
  }
  const [name, version = ""] = [field("name"), field("version")];
  if (name === undefined || !isNameOfProject(name)) {
    throw invalidField(name, {
      header: "Name",
      why:
        "Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'.",
    });
  }
  const read = readVersion(version);
  if (read === undefined || read.local !== undefined) {
    throw invalidField(version, {
      header: "Version",
      why: read === undefined
        ? "Start and end with a letter or numeral, as PEP 440 says."
        : "The use of local versions is not allowed.",
    });
  }
  return { name, version };
}

/** Checks the rest of a form's metadata, or throws 400 in PyPI's words. */
export function checkMetadata(form: SentForm, fields: FormFields): void {
  const { field, values } = fields;
  for (const [name, { isRepeated }] of FIELDS) {
    if (!isRepeated && (form.fields.get(name)?.length ?? 0) > 1) throw unparsed(name);
  }
  for (const [name, { header, since }] of FIELDS) {
    if (field(name) === undefined || !isBefore(fields, since)) continue;
    const declared = field("metadata_version");
    throw refused(`${header} introduced in metadata version ${since}, not ${declared}.`);
  }
  checkSummary(field("summary") ?? "");
  checkContentType(field("description_content_type"));
  if (field("license") !== undefined && field("license_expression") !== undefined) {
    throw refused("License is deprecated when License-Expression is present.");
  }
  checkFields(values);
  const pythons = field("requires_python");
  if (pythons !== undefined && wrongSpecifier(pythons) !== undefined) {
    throw invalidField(pythons, { header: "Requires-Python", why: "Invalid specifier." });
  }
  checkDynamic(values("dynamic"));
  checkProjectUrls(values("project_urls"));
}

function refused(sentence: string): Refusal {
  return new Refusal(400, `${sentence} ${SPECIFICATION}`);
}

/** A field that can be read in more than one way, or in none. */
function unparsed(name: string): Refusal {
  return refused(`'${name}' has invalid data.`);
}

function checkSummary(summary: string): void {
  const header = "Summary";
  if (summary.includes("\n")) throw invalidField(summary, { header, why: "must be one line." });
  // Python counts code points.
  if ([...summary].length > 512) {
    throw invalidField(summary, { header, why: "Field cannot be longer than 512 characters." });
  }
}

/** A media type as mail has it. The variant is read as it is spelled, all else in any case (pypa/packaging#1330). */
function checkContentType(declared: string | undefined): void {
  if (declared === undefined) return;
  const wrong = (why: string): Refusal =>
    invalidField(declared, { header: "Description-Content-Type", why });
  const [type = "", ...pairs] = declared.split(";");
  const parameters = new Map(
    pairs.map((pair) => {
      const [, name = "", value = ""] = /^\s*([^\s=]*)\s*=?\s*"?([^"]*?)"?\s*$/.exec(pair) ?? [];
      return [name.toLowerCase(), value];
    }),
  );
  if (!/^\s*text\/(?:plain|x-rst|markdown)\s*$/i.test(type)) {
    throw wrong(`must be one of ['text/plain', 'text/x-rst', 'text/markdown'], not '${declared}'.`);
  }
  const { charset = "UTF-8", variant = "GFM" } = Object.fromEntries(parameters);
  if (charset.toUpperCase() !== "UTF-8") {
    throw wrong(`can only specify the UTF-8 charset, not '${charset}'.`);
  }
  if (/markdown/i.test(type) && variant !== "GFM" && variant !== "CommonMark") {
    throw wrong(`valid Markdown variants are ['GFM', 'CommonMark'], not '${variant}'.`);
  }
}

function checkDynamic(headers: readonly string[]): void {
  const known = new Set([...FIELDS.values()].map(({ header }) => header.toLowerCase()));
  for (const header of headers) {
    const name = header.toLowerCase();
    if (known.has(name) && !["name", "version", "metadata-version"].includes(name)) continue;
    throw invalidField(header, { header: "Dynamic", why: "is not allowed as a dynamic field." });
  }
}

function checkProjectUrls(urls: readonly string[]): void {
  const seen = new Set<string>();
  for (const url of urls) {
    const label = url.split(",", 1)[0]!.trim();
    if (seen.has(label)) throw unparsed("project_urls");
    seen.add(label);
    const isLabelled = url.includes(",") && label !== "" && [...label].length <= 32;
    if (isLabelled && wrongProjectUrl(url) === undefined) continue;
    throw invalidField(url, { header: "Project-URL", why: "Use a label of 1 to 32 characters." });
  }
}
