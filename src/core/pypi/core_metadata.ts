/**
 * Core metadata, the mail-like header of `METADATA` and `PKG-INFO` (core metadata specification), and the upload form
 * that carries it. PyPI stores the form and never reads the archive's own metadata, so what is left out of the form is
 * missing on the project's page for ever.
 *
 * @module
 */

/** A field of core metadata, and the name under which PyPI's upload form takes it. */
interface Field {
  readonly header: string;
  readonly form: string;
  /** Whether it may stand there more than once. */
  readonly multiple: boolean;
  /** The first metadata version that has it. */
  readonly since: string;
}

function field(header: string, since: string, form?: string): Field {
  return {
    header,
    form: form ?? header.toLowerCase().replaceAll("-", "_"),
    multiple: MULTIPLE.has(header),
    since,
  };
}

const MULTIPLE = new Set([
  ...["Dynamic", "Platform", "Supported-Platform", "License-File", "Classifier", "Requires-Dist"],
  ...["Requires-External", "Project-URL", "Provides-Extra", "Provides-Dist", "Obsoletes-Dist"],
  ...["Requires", "Provides", "Obsoletes", "Import-Name", "Import-Namespace"],
]);

/**
 * Every field that PyPI stores, by lower-case header. The form's names follow pypi/warehouse
 * `forklift/metadata.py`: they are plural for three fields only, and wrong ones are ignored in silence.
 */
export const METADATA_FIELDS: ReadonlyMap<string, Field> = new Map(
  [
    field("Metadata-Version", "1.0"),
    field("Name", "1.0"),
    field("Version", "1.0"),
    field("Dynamic", "2.2"),
    field("Platform", "1.0"),
    field("Supported-Platform", "1.1"),
    field("Summary", "1.0"),
    field("Description", "1.0"),
    field("Description-Content-Type", "2.1"),
    field("Keywords", "1.0"),
    field("Home-page", "1.0"),
    field("Download-URL", "1.1"),
    field("Author", "1.0"),
    field("Author-email", "1.0"),
    field("Maintainer", "1.2"),
    field("Maintainer-email", "1.2"),
    field("License", "1.0"),
    field("License-Expression", "2.4"),
    field("License-File", "2.4"),
    field("Classifier", "1.1", "classifiers"),
    field("Requires-Dist", "1.2"),
    field("Requires-Python", "1.2"),
    field("Requires-External", "1.2"),
    field("Project-URL", "1.2", "project_urls"),
    field("Provides-Extra", "2.1"),
    field("Provides-Dist", "1.2"),
    field("Obsoletes-Dist", "1.2"),
    field("Requires", "1.1"),
    field("Provides", "1.1"),
    field("Obsoletes", "1.1"),
    field("Import-Name", "2.5"),
    field("Import-Namespace", "2.5"),
  ].map((known) => [known.header.toLowerCase(), known]),
);

/** Core metadata as read; values keep their order and their line breaks. */
export interface CoreMetadata {
  /** By lower-case header; absent fields, and those with the old filler `UNKNOWN`, are not in it. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Headers that no version of the specification up to 2.5 has, as written. */
  readonly unknown: readonly string[];
  /** Whether License-File counts: writers put it there before metadata 2.4 said where the files lie. */
  readonly hasLicenceFiles: boolean;
  /** What is malformed, as clauses; empty when all is well. */
  readonly problems: readonly string[];
}

/** The first value of a field; undefined when it is absent. */
export function metadataField(metadata: CoreMetadata, header: string): string | undefined {
  return metadata.fields.get(header.toLowerCase())?.[0];
}

/** Every value of a field. */
export function metadataFields(metadata: CoreMetadata, header: string): readonly string[] {
  return metadata.fields.get(header.toLowerCase()) ?? [];
}

/** Reads core metadata. LF and CRLF both end a header; the body is the description, kept as it is. */
export function parseMetadata(text: string): CoreMetadata {
  const problems: string[] = [];
  const unknown: string[] = [];
  const fields = new Map<string, string[]>();
  const { headers, body } = splitBody(text.replace(/^\uFEFF/, ""));
  for (const { name, value } of readHeaders(headers, problems)) {
    const known = METADATA_FIELDS.get(name.toLowerCase());
    if (known === undefined) unknown.push(name);
    else if (value !== "UNKNOWN") append(fields, { key: name.toLowerCase(), value });
  }
  // PyPI refuses a description of blank lines, which is none.
  if (body.trim() !== "") append(fields, { key: "description", value: body });
  for (const [key, values] of fields) {
    const known = METADATA_FIELDS.get(key)!;
    if (values.length > 1 && !known.multiple) problems.push(`${known.header} is in it twice`);
  }
  const hasLicenceFiles = !isOlder(fields.get("metadata-version")?.[0] ?? "0", "2.4");
  return { fields, unknown, hasLicenceFiles, problems };
}

/** Whether one metadata version came before another. `"2.3"` is older than `"2.10"`. */
export function isOlder(version: string, other: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [version, other].map((text) =>
    text.split(".").map(Number)
  ) as [number[], number[]];
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function append(
  fields: Map<string, string[]>,
  entry: { readonly key: string; readonly value: string },
): void {
  fields.set(entry.key, [...(fields.get(entry.key) ?? []), entry.value]);
}

function splitBody(text: string): { readonly headers: string; readonly body: string } {
  const [gap] = /^\r?\n|\r?\n\r?\n/.exec(text) ?? [];
  if (gap === undefined) return { headers: text, body: "" };
  const end = text.indexOf(gap);
  return { headers: text.slice(0, end), body: text.slice(end + gap.length) };
}

interface Header {
  readonly name: string;
  readonly value: string;
}

function readHeaders(text: string, problems: string[]): Header[] {
  const headers: { name: string; lines: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ""] = /^([^\s:]+):(.*)$/.exec(line) ?? [];
    if (/^[ \t]/.test(line)) headers.at(-1)?.lines.push(line);
    else if (name !== undefined) headers.push({ name, lines: [value] });
    else if (line !== "") problems.push(`"${line.slice(0, 60)}" is no header`);
  }
  return headers.map(({ name, lines }) => ({ name, value: unfold(lines) }));
}

/**
 * Joins a value's lines. Writers indent the lines that follow by eight blanks, or by seven and a `|` (the escape of the
 * specification's "Description").
 */
function unfold([first = "", ...rest]: readonly string[]): string {
  const lines = rest.map((line) => line.replace(/^(?: {7}\||[ \t]{1,8})/, ""));
  return [first.trim(), ...lines].join("\n");
}

/** A field of the form: name and value. A name that stands there twice has two values. */
export type FormField = readonly [name: string, value: string];

/** What a form says of the file itself. */
export interface FormFile {
  readonly filetype: "bdist_wheel" | "sdist";
  /** The python tag of a wheel; `source` for an sdist. */
  readonly pyversion: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

/** Every text field of the form for one file, metadata in the order of its table (pypi/warehouse `forklift/forms.py`). */
export function formFields(metadata: CoreMetadata, file: FormFile): readonly FormField[] {
  const stored = [...METADATA_FIELDS.entries()].flatMap(([key, { form, header }]) => {
    // setuptools wrote License-File before it was specified; PyPI refuses a field that is newer than its metadata.
    if (header === "License-File" && !metadata.hasLicenceFiles) return [];
    const isText = header === "Description" || header === "License";
    return (metadata.fields.get(key) ?? []).map((value): FormField => [
      form,
      // Others fold a long value, which is one line all the same, and uploaders send it as one.
      isText ? value : value.replace(/\s*\n\s*/g, " "),
    ]);
  });
  return [
    [":action", "file_upload"],
    ["protocol_version", "1"],
    ...stored,
    ["filetype", file.filetype],
    ["pyversion", file.pyversion],
    ["sha256_digest", file.sha256],
  ];
}
