/**
 * The checks of an upload's form that need neither the project nor the file's inside (pypi/warehouse
 * `forklift/forms.py`): what is sent, and for which release. The first one that fails is the answer.
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";
import { checkIdentity, checkMetadata } from "./metadata_checks.ts";
import { type FormFields, formFields, type SentForm } from "./upload_form.ts";

/** A form whose text is in order. */
export interface CheckedForm extends FormFields {
  readonly form: SentForm;
  readonly name: string;
  readonly version: string;
  readonly filetype: "bdist_wheel" | "sdist";
}

/** Checks a form, or throws 400 in PyPI's words. */
export function checkForm(form: SentForm): CheckedForm {
  const { field, values } = formFields(form);
  const tuple = [...form.uploads.keys()].find((name) =>
    name !== "content" && name !== "gpg_signature"
  );
  if (tuple !== undefined) throw new Refusal(400, `${tuple}: Should not be a tuple.`);
  if ((field("protocol_version") ?? "1") !== "1") {
    throw new Refusal(400, "Unknown protocol version.");
  }
  const filetype = checkControlFields(field);
  const { name, version } = checkIdentity({ field });
  checkMetadata(form, { field, values });
  return { form, field, values, name, version, filetype };
}

function checkControlFields(field: FormFields["field"]): "bdist_wheel" | "sdist" {
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
