/**
 * What PyPI refuses in core metadata, known beforehand: one rule per function, all problems at once. The rules are
 * those of pypi/warehouse `forklift/metadata.py` and of the `packaging` release that it pins.
 *
 * @module
 */

import {
  type CoreMetadata,
  isOlder,
  METADATA_FIELDS,
  metadataField,
  metadataFields,
} from "./core_metadata.ts";
import { isSpecifierSet, parsePep440 } from "./pep440.ts";
import { isProjectName } from "./spelling.ts";

/** What is wrong, as clauses. */
type Rule = (metadata: CoreMetadata) => readonly string[];

/** The metadata versions that PyPI takes. */
const VERSIONS = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];

const RULES: readonly Rule[] = [
  (metadata) => metadata.problems,
  hasVersion,
  hasName,
  knowsItsFields,
  summaryIsShort,
  licenceIsSaidOnce,
  licenceFilesAreRelative,
  contentTypeIsKnown,
  urlsAreLabelled,
  requirementsHaveNoUrl,
  pythonsAreSpecified,
  dynamicFieldsAreKnown,
  isNotPrivate,
];

/** Every reason for which PyPI would refuse this metadata, as clauses; empty when there is none. */
export function metadataProblems(metadata: CoreMetadata): readonly string[] {
  return RULES.flatMap((rule) => rule(metadata));
}

function hasVersion(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Metadata-Version");
  if (declared === undefined) return ["Metadata-Version is missing"];
  // A newer minor may be taken by the time it is used; PyPI itself will say.
  if (VERSIONS.includes(declared) || /^2\.\d+$/.test(declared)) return [];
  return [`Metadata-Version "${declared}" is none that PyPI takes (${VERSIONS.join(", ")})`];
}

function hasName(metadata: CoreMetadata): readonly string[] {
  const name = metadataField(metadata, "Name");
  const version = metadataField(metadata, "Version");
  const problems: string[] = [];
  if (name === undefined) problems.push("Name is missing");
  else if (!isProjectName(name)) problems.push(`Name "${name}" is no project name`);
  if (version === undefined) return [...problems, "Version is missing"];
  const parsed = parsePep440(version);
  if (parsed === undefined) problems.push(`Version "${version}" is none that Python knows`);
  if (parsed?.local !== undefined) {
    problems.push(`Version "${version}" has a local part, which PyPI refuses`);
  }
  return problems;
}

function knowsItsFields(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Metadata-Version");
  if (declared === undefined || !VERSIONS.includes(declared)) return [];
  return [...metadata.fields.keys()].flatMap((key) => {
    const { header, since } = METADATA_FIELDS.get(key)!;
    // License-File is left out of the form under an older version, as setuptools wrote it.
    if (header === "License-File" || !isOlder(declared, since)) return [];
    return [`${header} needs Metadata-Version ${since}, and ${declared} is declared`];
  });
}

function summaryIsShort(metadata: CoreMetadata): readonly string[] {
  const summary = metadataField(metadata, "Summary") ?? "";
  if (summary.includes("\n")) return ["Summary has more than one line"];
  return summary.length > 512 ? [`Summary has ${summary.length} characters, 512 are allowed`] : [];
}

function licenceIsSaidOnce(metadata: CoreMetadata): readonly string[] {
  const both = metadata.fields.has("license") && metadata.fields.has("license-expression");
  return both ? ["License and License-Expression stand side by side, PyPI takes one"] : [];
}

function licenceFilesAreRelative(metadata: CoreMetadata): readonly string[] {
  return metadataFields(metadata, "License-File")
    .filter((path) => /^\/|^[A-Za-z]:|\\|\*/.test(path) || path.split("/").includes(".."))
    .map((path) => `License-File "${path}" is not a relative path below the project`);
}

function contentTypeIsKnown(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Description-Content-Type");
  if (declared === undefined) return [];
  const problem = contentTypeProblem(declared);
  return problem === undefined ? [] : [`Description-Content-Type "${declared}" ${problem}`];
}

/** What is wrong with a description's content type; undefined when PyPI renders it. */
function contentTypeProblem(declared: string): string | undefined {
  const [type = "", ...parameters] = declared.split(";").map((piece) => piece.trim());
  if (!["text/plain", "text/x-rst", "text/markdown"].includes(type.toLowerCase())) {
    return "is not text/plain, text/x-rst or text/markdown";
  }
  const pairs = parameters.map((parameter) => parameter.split("=").map((side) => side.trim()));
  const of = (key: string): string | undefined =>
    pairs.find(([name = ""]) => name.toLowerCase() === key)?.[1]?.replaceAll('"', "");
  if ((of("charset") ?? "UTF-8").toUpperCase() !== "UTF-8") return "has another charset than UTF-8";
  const variant = of("variant");
  const isMarkdown = type.toLowerCase() === "text/markdown";
  if (isMarkdown && variant !== undefined && !["GFM", "CommonMark"].includes(variant)) {
    return "has another variant than GFM or CommonMark";
  }
  return undefined;
}

function urlsAreLabelled(metadata: CoreMetadata): readonly string[] {
  const urls = metadataFields(metadata, "Project-URL");
  const labels = urls.map((url) => url.split(",")[0]!.trim());
  const odd = urls.flatMap((url, index) => {
    const { length } = labels[index]!;
    if (!url.includes(",")) return [`Project-URL "${url}" has no label`];
    return length >= 1 && length <= 32
      ? []
      : [`the label of Project-URL "${url}" is not 1 to 32 characters`];
  });
  const twice = labels.filter((label, index) => labels.indexOf(label) !== index);
  return [...odd, ...twice.map((label) => `Project-URL has the label "${label}" twice`)];
}

function requirementsHaveNoUrl(metadata: CoreMetadata): readonly string[] {
  return ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"].flatMap((header) =>
    metadataFields(metadata, header)
      .filter((requirement) => /^[^;"']*@/.test(requirement))
      .map((requirement) => `${header} "${requirement}" points at a URL, which PyPI refuses`)
  );
}

function pythonsAreSpecified(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Requires-Python");
  if (declared === undefined || isSpecifierSet(declared)) return [];
  return [`Requires-Python "${declared}" is no list of version specifiers`];
}

function dynamicFieldsAreKnown(metadata: CoreMetadata): readonly string[] {
  const fixed = ["name", "version", "metadata-version"];
  return metadataFields(metadata, "Dynamic").flatMap((header) => {
    if (!METADATA_FIELDS.has(header.toLowerCase())) {
      return [`Dynamic names "${header}", which is no field`];
    }
    return fixed.includes(header.toLowerCase())
      ? [`Dynamic names "${header}", which is never dynamic`]
      : [];
  });
}

function isNotPrivate(metadata: CoreMetadata): readonly string[] {
  return metadataFields(metadata, "Classifier")
    .filter((classifier) => classifier.startsWith("Private ::"))
    .map((classifier) => `the classifier "${classifier}" forbids publishing it`);
}
