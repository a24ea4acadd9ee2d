/**
 * What an upload's refusal means: PyPI's words kept, a code, and a hint that is true of everything that says so.
 *
 * @module
 */

import { cutWords } from "../../cut_words.ts";
import type { FailureCode } from "../../failure_codes.ts";

/** A refusal, explained. */
export interface UploadVerdict {
  readonly code: FailureCode;
  readonly hint: string;
  /** Whether the index says that it has a file of this name. */
  readonly isThere?: true;
}

interface Row extends UploadVerdict {
  readonly statuses: readonly number[];
  /** What the server's message holds; the messages are those of pypi/warehouse `forklift/legacy.py`. */
  readonly says: RegExp;
}

const SAME_FILE =
  "Running again skips the file if the index holds these very bytes under its name; " +
  "otherwise the name is spent: release under a higher version";
const NEW_TOKEN =
  "Make an API token on https://pypi.org/manage/account/token/ that may upload to this project, and set PYPI_API_TOKEN";
const TRUST =
  "Check that the project has this workflow as its trusted publisher, then run again: each run gets a token of its own";
const ACCOUNT =
  "The account that the token belongs to has to do on https://pypi.org/manage/account/ what PyPI asks for";
const LATER = "Nothing is wrong with the files: run again later";
const BUILD = "Mend the build so that it makes the file that PyPI asks for";
const ANY = /(?:)/;

const ROWS: readonly Row[] = [
  { ...row([400, 409], /already exist/i, ["PIOT_VERSION_TAKEN", SAME_FILE]), isThere: true },
  row([400], /previously used by a file that has since been deleted/, [
    "PIOT_VERSION_TAKEN",
    "PyPI never takes the name of a deleted file again: release under a higher version",
  ]),
  row([400], /older than 14 days/, [
    "PIOT_RELEASE_CLOSED",
    "PyPI closed this release to new files: release under a higher version",
  ]),
  row([400], /Only one sdist/, [
    "PIOT_VERSION_TAKEN",
    "The release has an sdist under another file name: release under a higher version",
  ]),
  row([400], /Non-user identities cannot create new projects/, [
    "PIOT_AUTH_REFUSED",
    "Register a pending publisher for exactly this project name on https://pypi.org/manage/account/publishing/",
  ]),
  row([400], /too similar to an existing project|isn't allowed|The name .* is invalid/, [
    "PIOT_REGISTRY_REFUSED",
    "PyPI keeps this project name back: choose another `pypi` name in putitoutthere.toml",
  ]),
  row([400], /Organization account owning this project is inactive/, [
    "PIOT_REGISTRY_REFUSED",
    "The organisation's owners have to settle its account on PyPI",
  ]),
  row([400], /File too large|Project size too large/, [
    "PIOT_REGISTRY_REFUSED",
    "Ask for a higher limit as https://docs.pypi.org/project-management/storage-limits/ says, or make the files smaller",
  ]),
  row([400], /digest supplied does not match/, [
    "PIOT_REGISTRY_REFUSED",
    "The file changed on its way or on disk while it was sent: run again",
  ]),
  row([400], /attestation/i, [
    "PIOT_REGISTRY_REFUSED",
    "The attestation does not fit the trusted publisher that made the token: publish from the workflow that is registered",
  ]),
  // Said with 400 before the form is looked at; an address in the form is called an invalid value.
  row([400], /verified primary email address|two-factor authentication enabled/, [
    "PIOT_AUTH_REFUSED",
    ACCOUNT,
  ]),
  row([400], /Invalid API Token/, ["PIOT_AUTH_REFUSED", NEW_TOKEN]),
  row([400], ANY, ["PIOT_REGISTRY_REFUSED", BUILD]),
  row([403], /Read-only mode|temporarily disabled/, ["PIOT_REGISTRY_BUSY", LATER]),
  row([403], /email|e-mail|two factor|two-factor|2FA/i, [
    "PIOT_AUTH_REFUSED",
    ACCOUNT,
  ]),
  row([403], /The given token isn't allowed/, [
    "PIOT_AUTH_REFUSED",
    "Register this workflow as a trusted publisher of the project; an archived or quarantined project answers the same",
  ]),
  row([401, 403], ANY, ["PIOT_AUTH_REFUSED", NEW_TOKEN]),
  row([409], /conflicts with an existing project/, [
    "PIOT_REGISTRY_BUSY",
    "Two uploads made the project at once: run again",
  ]),
  row([429], ANY, ["PIOT_REGISTRY_BUSY", LATER]),
  row([301, 302, 303, 307, 308], ANY, [
    "PIOT_REGISTRY_REFUSED",
    "Set PIOT_PYPI_UPLOAD_URL to the upload address itself; PyPI's ends in /legacy/ with the slash",
  ]),
  row([404, 405, 406, 410], ANY, [
    "PIOT_REGISTRY_REFUSED",
    "Set PIOT_PYPI_UPLOAD_URL to an upload address; the address of an index takes no files",
  ]),
  row([413], ANY, [
    "PIOT_REGISTRY_REFUSED",
    "Make the file smaller, or ask the server's owner for a higher limit",
  ]),
];

function row(
  statuses: readonly number[],
  says: RegExp,
  [code, hint]: readonly [FailureCode, string],
): Row {
  return { statuses, says, code, hint };
}

/**
 * What a refusal of an upload means, by what kind of credential it came. Anything unknown may have been stored all the same,
 * so it is never called a refusal.
 */
export function judgeUploadAnswer(
  status: number,
  message: string,
  by: "oidc" | "token" = "token",
): UploadVerdict {
  const row = ROWS.find((row) => row.statuses.includes(status) && row.says.test(message));
  if (row?.hint === NEW_TOKEN && by === "oidc") return { ...row, hint: TRUST };
  return row ?? {
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "The file may have arrived all the same: running again asks the index first, and sends what is absent",
  };
}

/**
 * The words of an upload's answer. With `Accept: application/json` PyPI says `{"code": "400 File already exists …"}`;
 * its `message` is a sentence that is the same for every 400. Other servers answer in text or HTML.
 */
export function uploadMessage(body: string): string {
  const { code, message, detail, error } = readObject(body);
  const words = [code, message, detail, error].find((value) => typeof value === "string") as
    | string
    | undefined;
  const text = words ??
    body.replace(/<(style|script|head)\b.*?<\/\1>/gis, " ").replace(/<[^>]*>/g, " ");
  const line = text.replace(/\s+/g, " ").trim().replace(/^\d{3} /, "");
  return cutWords(line, 500).replace(/\.$/, "");
}

function readObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
