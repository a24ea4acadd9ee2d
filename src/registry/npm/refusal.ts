/**
 * What each refusal of an upload means: a table of the answers that npm's registry is known to give, the first row that
 * fits counts. The registry's own words always stay in the message.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Reply } from "./reply.ts";

/** One answer, as `docs/npm.md` lists it. */
interface Row {
  /** Its name in the documentation and in the tests. */
  readonly id: string;
  readonly status: number | "5xx" | "any";
  /** Read against the registry's words and its `www-authenticate` header. */
  readonly words?: RegExp;
  readonly code: FailureCode;
  readonly hint: string;
}

const WRITE_ACCESS =
  "Whoever uploads may not write this package, or its token has expired: give a token read and write access to this package or scope (a first publish needs one that may create packages), or register the trusted publisher for this very package";

const ROWS: readonly Row[] = [
  {
    id: "otp",
    status: 401,
    words: /\botp\b|one-time pass/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The package asks for a second factor at each publish: use a granular token with bypass 2FA, or trusted publishing",
  },
  {
    id: "address",
    status: 401,
    words: /ipaddress/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The token is bound to addresses that this machine does not have: make one without that limit",
  },
  {
    id: "dead-token",
    status: 401,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The token is revoked, expired or mistyped: make a new one; that of a trusted publisher is made by running again",
  },
  {
    id: "unpaid",
    status: 402,
    code: "PIOT_REGISTRY_REFUSED",
    hint: 'A scoped package starts out private, which needs a paid plan: set `access = "public"`',
  },
  {
    id: "taken",
    status: 403,
    words: /cannot publish over|previously published version/i,
    code: "PIOT_VERSION_TAKEN",
    hint:
      "Release under a higher version; a published version cannot be replaced, not even after it was unpublished",
  },
  {
    id: "two-factor",
    status: 403,
    words: /two-factor|bypass 2fa/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      'Use a granular token with bypass 2FA; if it has that, the package\'s publishing access says "disallow tokens" and only trusted publishing is left',
  },
  {
    id: "oidc-denied",
    status: 403,
    words: /oidc permission denied/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The trusted publisher on npm allows neither `npm publish` nor `npm stage publish` for this, or the package's publishing access stands against it: change it in the package's settings",
  },
  {
    id: "alike",
    status: 403,
    words: /too similar/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "npm keeps names apart without their punctuation: publish under a scope, or another name",
  },
  {
    id: "foreign-name",
    status: 403,
    words: /do not have permission|not allowed|not authori[sz]ed/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The name belongs to others, or the token's user may not write it: ask an owner, or choose another name",
  },
  {
    id: "forbidden",
    status: 403,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "Read npm's words; the version, the package's settings or the account stand against it",
  },
  // npm answers 404 to an upload that it would not even admit to know: a refusal of the credential, in disguise.
  { id: "masked", status: 404, code: "PIOT_AUTH_REFUSED", hint: WRITE_ACCESS },
  {
    id: "conflict",
    status: 409,
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "Another write came between, or it was stored all the same: run again, what is there is skipped",
  },
  {
    id: "too-large",
    status: 413,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball is too large for npm: publish fewer or smaller files",
  },
  {
    id: "too-many-files",
    status: 415,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball has too many files for npm: publish fewer",
  },
  {
    id: "provenance",
    status: 422,
    words: /provenance/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint:
      "npm checks the provenance against package.json: `repository` must be this repository, public, on a GitHub-hosted runner",
  },
  {
    id: "busy",
    status: 429,
    code: "PIOT_REGISTRY_BUSY",
    hint: "npm's rate limit: wait, then run again; what was published already is skipped",
  },
  {
    id: "timeout",
    status: 408,
    code: "PIOT_REGISTRY_UNKNOWN",
    hint: "It may have been stored: run again, what is there is skipped",
  },
  {
    id: "broken",
    status: "5xx",
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "It may have been stored: check npm's status page and run again, what is there is skipped",
  },
  {
    id: "other",
    status: "any",
    code: "PIOT_REGISTRY_REFUSED",
    hint: "Read npm's words; it refused the package as it is",
  },
];

/** The names of all answers that are told apart. */
export const REFUSAL_IDS: readonly string[] = ROWS.map(({ id }) => id);

function rowOf(reply: Reply): Row {
  const context = `${reply.words} ${reply.headers.get("www-authenticate") ?? ""}`;
  const row = ROWS.find(({ status, words }) =>
    (status === "any" || (status === "5xx" ? reply.status >= 500 : status === reply.status)) &&
    (words?.test(context) ?? true)
  );
  if (row === undefined) throw new Error("unreachable: the last row fits every answer");
  return row;
}

/** The name of the answer that a refusal is, one of {@link REFUSAL_IDS}. */
export function refusalId(reply: Reply): string {
  return rowOf(reply).id;
}

/** The failure for an answer that is not a success. `verb` is what was tried: `upload`, or `stage`. */
export function refusalOf(
  file: string,
  reply: Reply,
  verb: "upload" | "stage" = "upload",
): Failure {
  const row = rowOf(reply);
  const wait = reply.headers.get("retry-after");
  const asked = wait === null ? "" : ` (retry-after: ${wait.slice(0, 40)})`;
  return new Failure(
    row.code,
    `Cannot ${verb} ${file}: npm answers ${reply.status} ${reply.words}${asked}`,
    { hint: row.hint },
  );
}
