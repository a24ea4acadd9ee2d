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
import { classifierDoubt, classifierProblem } from "./metadata/classifier_rule.ts";
import { descriptionProblems } from "./metadata/description_rule.ts";
import { importNameProblem } from "./metadata/import_name.ts";
import { licenceExpressionProblem } from "./metadata/licence_expression.ts";
import { licenceFileProblem } from "./metadata/licence_file.ts";
import { mailProblem } from "./metadata/mail_address.ts";
import { readRequirement } from "./metadata/requirement.ts";
import { isWebAddress } from "./metadata/web_address.ts";
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
  licenceIsAnExpression,
  licenceFilesAreRelative,
  importNamesAreNames,
  extrasAreNames,
  mailsAreAddresses,
  pagesAreUrls,
  descriptionProblems,
  urlsAreLabelled,
  requirementsAreRead,
  pythonsAreSpecified,
  dynamicFieldsAreKnown,
  classifiersAreListed,
];

/** What PyPI may refuse without our knowing, as sentences; empty when there is nothing. */
export function metadataDoubts(metadata: CoreMetadata): readonly string[] {
  return metadataFields(metadata, "Classifier").flatMap((text) => classifierDoubt(text) ?? []);
}

/** Every reason for which PyPI would refuse this metadata, as clauses; empty when there is none. */
export function metadataProblems(metadata: CoreMetadata): readonly string[] {
  return RULES.flatMap((rule) => rule(metadata));
}

function hasVersion(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Metadata-Version");
  if (declared === undefined) return ["Metadata-Version is missing"];
  if (VERSIONS.includes(declared)) return [];
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

/** Every line break of ASCII and of Unicode, as `packaging` has them since 26.3. */
const LINE_BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029";

function summaryIsShort(metadata: CoreMetadata): readonly string[] {
  const summary = metadataField(metadata, "Summary") ?? "";
  if ([...LINE_BREAKS].some((mark) => summary.includes(mark))) {
    return ["Summary has more than one line"];
  }
  // Python counts code points.
  const { length } = [...summary];
  return length > 512 ? [`Summary has ${length} characters, 512 are allowed`] : [];
}

function licenceIsSaidOnce(metadata: CoreMetadata): readonly string[] {
  const both = ["License", "License-Expression"].every((header) => metadataField(metadata, header));
  return both ? ["License and License-Expression stand side by side, PyPI takes one"] : [];
}

function licenceIsAnExpression(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "License-Expression") ?? "";
  const problem = declared === "" ? undefined : licenceExpressionProblem(declared);
  return problem === undefined ? [] : [`License-Expression "${declared}": ${problem}`];
}

function licenceFilesAreRelative(metadata: CoreMetadata): readonly string[] {
  return problemsOf(metadata, { headers: ["License-File"], judge: licenceFileProblem });
}

function importNamesAreNames(metadata: CoreMetadata): readonly string[] {
  const headers = ["Import-Name", "Import-Namespace"];
  return problemsOf(metadata, { headers, judge: importNameProblem });
}

function extrasAreNames(metadata: CoreMetadata): readonly string[] {
  const judge = (extra: string): string | undefined =>
    isProjectName(extra) ? undefined : "is no name of an extra";
  return problemsOf(metadata, { headers: ["Provides-Extra"], judge });
}

function mailsAreAddresses(metadata: CoreMetadata): readonly string[] {
  const headers = ["Author-email", "Maintainer-email"];
  return headers.flatMap((header) => {
    const problem = mailProblem(metadataField(metadata, header) ?? "");
    return problem === undefined ? [] : [`the address in ${header} ${problem}`];
  });
}

function pagesAreUrls(metadata: CoreMetadata): readonly string[] {
  return problemsOf(metadata, {
    headers: ["Home-page", "Download-URL"],
    judge: (url) => isWebAddress(url) ? undefined : "is no http or https URL",
  });
}

/** The clauses of a rule that looks at one value at a time. A field that stands there once and empty is not sent. */
function problemsOf(
  metadata: CoreMetadata,
  rule: {
    readonly headers: readonly string[];
    readonly judge: (value: string) => string | undefined;
  },
): readonly string[] {
  return rule.headers.flatMap((header) => {
    const values = metadataFields(metadata, header);
    return values.flatMap((value) => {
      const problem = values.length === 1 && value === "" ? undefined : rule.judge(value);
      return problem === undefined ? [] : [`${header} "${value}" ${problem}`];
    });
  });
}

function urlsAreLabelled(metadata: CoreMetadata): readonly string[] {
  const urls = metadataFields(metadata, "Project-URL");
  const labels = urls.map((url) => url.split(",")[0]!.trim());
  const odd = urls.flatMap((url, index) => {
    if (!url.includes(",")) return [`Project-URL "${url}" has no label`];
    const { length } = [...labels[index]!];
    if (length < 1 || length > 32) {
      return [`the label of Project-URL "${url}" is not 1 to 32 characters`];
    }
    const isUrl = isWebAddress(url.slice(url.indexOf(",") + 1).trim());
    return isUrl ? [] : [`Project-URL "${url}" has no http or https URL behind its label`];
  });
  const twice = labels.filter((label, index) => labels.indexOf(label) !== index);
  return [...odd, ...twice.map((label) => `Project-URL has the label "${label}" twice`)];
}

function requirementsAreRead(metadata: CoreMetadata): readonly string[] {
  const headers = ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"];
  return problemsOf(metadata, {
    headers,
    judge: (text) => {
      const requirement = readRequirement(text);
      if (typeof requirement === "string") return `is no requirement: ${requirement}`;
      return requirement.url === undefined ? undefined : "points at a URL, which PyPI refuses";
    },
  });
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

function classifiersAreListed(metadata: CoreMetadata): readonly string[] {
  const values = metadataFields(metadata, "Classifier");
  const sent = values.length === 1 ? values.filter((value) => value !== "") : values;
  return sent.flatMap((classifier) => classifierProblem(classifier) ?? []);
}
