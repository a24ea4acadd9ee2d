/**
 * What each refusal of an upload means: a table of the answers that npm's registry is known to give, the first row that
 * fits counts. The registry's own words always stay in the message.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Reply } from "./reply.ts";

interface Row {
  readonly status: number | "5xx" | "any";
  /** Read against the registry's words and its `www-authenticate` header. */
  readonly words?: RegExp;
  readonly code: FailureCode;
  readonly hint: string;
}

const WRITE_ACCESS =
  "Give the token read and write access to this package or scope (a first publish needs one that may create packages), and check that it has not expired";

const ROWS: readonly Row[] = [
  {
    status: 401,
    words: /\botp\b|one-time pass/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The package asks for a second factor at each publish: use a granular token with bypass 2FA, or trusted publishing",
  },
  {
    status: 401,
    words: /ipaddress/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The token is bound to addresses that this machine does not have: make one without that limit",
  },
  {
    status: 401,
    code: "PIOT_AUTH_REFUSED",
    hint: "The token is revoked, expired or mistyped: make a new one",
  },
  {
    status: 402,
    code: "PIOT_REGISTRY_REFUSED",
    hint: 'A scoped package starts out private, which needs a paid plan: set `access = "public"`',
  },
  {
    status: 403,
    words: /cannot publish over|previously published version/i,
    code: "PIOT_VERSION_TAKEN",
    hint:
      "Release under a higher version; a published version cannot be replaced, not even after it was unpublished",
  },
  {
    status: 403,
    words: /two-factor|bypass 2fa/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      'Use a granular token with bypass 2FA; if it has that, the package\'s publishing access says "disallow tokens" and only trusted publishing is left',
  },
  {
    status: 403,
    words: /oidc permission denied/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The trusted publisher's configuration on npm does not allow `npm publish`: tick it there",
  },
  {
    status: 403,
    words: /too similar/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "npm keeps names apart without their punctuation: publish under a scope, or another name",
  },
  {
    status: 403,
    words: /do not have permission|not allowed|not authori[sz]ed/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The name belongs to others, or the token's user may not write it: ask an owner, or choose another name",
  },
  {
    status: 403,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "Read npm's words; the version, the package's settings or the account stand against it",
  },
  // npm answers 404 to an upload that it would not even admit to know: a refusal of the credential, in disguise.
  { status: 404, code: "PIOT_AUTH_REFUSED", hint: WRITE_ACCESS },
  {
    status: 409,
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "Another write came between, or it was stored all the same: run again, what is there is skipped",
  },
  {
    status: 413,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball is too large for npm: publish fewer or smaller files",
  },
  {
    status: 415,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball has too many files for npm: publish fewer",
  },
  {
    status: 422,
    words: /provenance/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint:
      "npm checks the provenance against package.json: `repository` must be this repository, public, on a GitHub-hosted runner",
  },
  {
    status: 429,
    code: "PIOT_REGISTRY_BUSY",
    hint: "npm's rate limit: wait, then run again; what was published already is skipped",
  },
  {
    status: 408,
    code: "PIOT_REGISTRY_UNKNOWN",
    hint: "It may have been stored: run again, what is there is skipped",
  },
  {
    status: "5xx",
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "It may have been stored: check npm's status page and run again, what is there is skipped",
  },
  {
    status: "any",
    code: "PIOT_REGISTRY_REFUSED",
    hint: "Read npm's words; it refused the package as it is",
  },
];

/** The failure for an answer that is not a success. */
export function refusalOf(file: string, reply: Reply): Failure {
  const context = `${reply.words} ${reply.headers.get("www-authenticate") ?? ""}`;
  const row = ROWS.find(({ status, words }) =>
    (status === "any" || (status === "5xx" ? reply.status >= 500 : status === reply.status)) &&
    (words?.test(context) ?? true)
  );
  if (row === undefined) throw new Error("unreachable: the last row fits every answer");
  const wait = reply.headers.get("retry-after");
  const asked = wait === null ? "" : ` (retry-after: ${wait.slice(0, 40)})`;
  return new Failure(
    row.code,
    `Cannot upload ${file}: npm answers ${reply.status} ${reply.words}${asked}`,
    { hint: row.hint },
  );
}
