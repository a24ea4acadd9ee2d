/**
 * What PyPI's upload form is sent for one file. PyPI stores the form and never reads the archive's own metadata, so
 * what is left out here is missing on the project's page for ever.
 *
 * @module
 */

import { type CoreMetadata, METADATA_FIELDS } from "./core_metadata.ts";

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
    return (metadata.fields.get(key) ?? []).map((value): FormField => [form, value]);
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
