/**
 * What an upload's address is asked to do: its `:action`, in the form or behind the question mark (pypi/warehouse
 * `legacy/action_routing.py` and `forklift/legacy.py`).
 *
 * @module
 */

import { type LocalRequest, Refusal } from "../server/messages.ts";
import { formFields, type SentForm } from "./upload_form.ts";

/** What was possible once. */
const GONE: Readonly<Record<string, string>> = {
  submit: "Project pre-registration is no longer required or supported, upload your files instead.",
  submit_pkg_info:
    "Project pre-registration is no longer required or supported, upload your files instead.",
  doc_upload:
    "Uploading documentation is no longer supported, we recommend using https://readthedocs.org/.",
};

/** Throws unless a file is to be uploaded: 410 for what is gone, 405 where no view takes the request. */
export function requireUploadAction(
  { query }: Pick<LocalRequest, "query">,
  sent: SentForm | undefined,
): void {
  const inForm = sent === undefined ? undefined : formFields(sent).field(":action");
  const action = query.get(":action") ?? inForm;
  if (action === "file_upload") return;
  const gone = GONE[action ?? ""];
  if (gone !== undefined) throw new Refusal(410, gone);
  throw new Refusal(405, "The method POST is not allowed for this resource.");
}
