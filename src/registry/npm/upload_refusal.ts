/**
 * Makes a failure of an answer that refuses an upload, by the table of the answers that npm's registry is known to give. The
 * registry's own words always stay in the message.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import { AlreadyThere } from "../registry.ts";
import { type Reply, tellReply } from "../reply.ts";

/** The row of the table that an answer is. */
export function refusalRow(reply: Reply): RefusalRow {
  const context = `${reply.words} ${reply.headers.get("www-authenticate") ?? ""}`;
  const kind = `${Math.trunc(reply.status / 100)}xx`;
  const row = REFUSALS.find(({ status, words }) =>
    (status === "any" || status.some((code) => code === reply.status || code === kind)) &&
    (words?.test(context) ?? true)
  );
  if (row === undefined) throw new Error("unreachable: the last row fits every answer");
  return row;
}

/** The failure for an answer that is not a success. `verb` is what was tried: `upload`, or `stage`. */
export function refusalOf(
  file: string,
  reply: Reply,
  verb: "upload" | "stage" = "upload",
): Failure {
  const { id, code, hint } = refusalRow(reply);
  const Refusal = id === "taken" ? AlreadyThere : Failure;
  return new Refusal(code, `Cannot ${verb} ${file}: npm answers ${tellReply(reply)}`, { hint });
}

/** What was answered to an upload, and to the staging that was tried in its place. */
export interface TwoReplies {
  readonly upload: Reply;
  readonly staging: Reply;
}

/**
 * The failure when neither was taken. Of a token the first answer counts, since what has to be mended is the token; an
 * answer to the staging that leaves open what became of it counts always.
 */
export function stagingRefusal(file: string, { upload, staging }: TwoReplies): Failure {
  const first = refusalRow(upload);
  const isOpen = refusalRow(staging).code !== "PIOT_AUTH_REFUSED" &&
    refusalRow(staging).code !== "PIOT_REGISTRY_REFUSED";
  if (isOpen || first.id === "oidc-denied") return refusalOf(file, staging, "stage");
  return new Failure(
    first.code,
    `Cannot upload ${file}: npm answers ${tellReply(upload)}; and to staging it ${
      tellReply(staging)
    }`,
    { hint: first.hint },
  );
}

/** One answer, as `docs/npm.md` lists it. */
export interface RefusalRow {
  /** Its name in the documentation and in the tests. */
  readonly id: string;
  /** `2xx`: a success by its status alone, which its body contradicts. */
  readonly status: readonly (number | "2xx" | "3xx" | "5xx")[] | "any";
  /** Read against the registry's words and its `www-authenticate` header. */
  readonly words?: RegExp;
  readonly code: FailureCode;
  readonly hint: string;
  /** Whether the same version may be handed in for approval all the same. */
  readonly mayStage?: true;
}

const WRITE_ACCESS =
  "Whoever uploads may not write this package, or its token has expired: give a token read and write access to this package or scope (a first publish needs one that may create packages), or register the trusted publisher for this very package";

/** The first row that fits counts; the last one fits every answer. */
export const REFUSALS: readonly RefusalRow[] = [
  {
    id: "page",
    status: ["2xx"],
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "Something else than npm answers at this address: check PIOT_NPM_URL and the network's proxy, then run again, what is there is skipped",
  },
  {
    id: "redirect",
    status: ["3xx"],
    code: "PIOT_REGISTRY_REFUSED",
    hint:
      "An upload, and the token with it, follows no redirect: set PIOT_NPM_URL to the registry's own address",
  },
  {
    id: "otp",
    status: [401],
    words: /\botp\b|one-time pass/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The package asks for a second factor at each publish: use a granular token with bypass 2FA, or trusted publishing",
    mayStage: true,
  },
  {
    id: "address",
    status: [401],
    words: /ipaddress/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The token is bound to addresses that this machine does not have: make one without that limit",
  },
  {
    id: "dead-token",
    status: [401],
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The token is revoked, expired or mistyped: make a new one; that of a trusted publisher is made by running again",
  },
  {
    id: "unpaid",
    status: [402],
    code: "PIOT_REGISTRY_REFUSED",
    hint:
      'Restricted packages need a paid plan of the scope\'s owner; if everybody may have it, set `access = "public"`',
  },
  {
    id: "taken",
    // npm says so with 403, said so with 409 before, and Verdaccio still does.
    status: [403, 409],
    words: /cannot publish over|previously published version|already present/i,
    code: "PIOT_VERSION_TAKEN",
    hint:
      "Release under a higher version; a published version cannot be replaced, not even after it was unpublished",
  },
  {
    id: "two-factor",
    status: [403],
    words: /two-factor|bypass 2fa/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      'Use a granular token with bypass 2FA; if it has that, the package\'s publishing access says "disallow tokens" and only trusted publishing is left',
    mayStage: true,
  },
  {
    id: "oidc-denied",
    status: [403],
    words: /oidc permission denied/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The trusted publisher on npm allows neither `npm publish` nor `npm stage publish` for this, or the package's publishing access stands against it: change it in the package's settings",
    mayStage: true,
  },
  {
    id: "stage-only",
    status: [403, 409],
    words: /\bstag(?:e|ed|ing)\b/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "npm takes this version through staging alone, and refused it there too: read its words, and look at what waits with `npm stage list`",
    mayStage: true,
  },
  {
    id: "alike",
    status: [403],
    words: /too similar/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint: "npm keeps names apart without their punctuation: publish under a scope, or another name",
  },
  {
    id: "foreign-name",
    status: [403],
    words: /do not have permission|not allowed|not authori[sz]ed/i,
    code: "PIOT_AUTH_REFUSED",
    hint:
      "The name belongs to others, or the token's user may not write it: ask an owner, or choose another name",
  },
  {
    id: "forbidden",
    status: [403],
    code: "PIOT_REGISTRY_REFUSED",
    hint: "Read npm's words; the version, the package's settings or the account stand against it",
  },
  // npm answers 404 to an upload that it would not even admit to know: a refusal of the credential, in disguise.
  { id: "masked", status: [404], code: "PIOT_AUTH_REFUSED", hint: WRITE_ACCESS },
  {
    id: "conflict",
    status: [409],
    code: "PIOT_REGISTRY_UNKNOWN",
    hint:
      "Another write came between, or it was stored all the same: run again, what is there is skipped",
  },
  {
    id: "too-large",
    status: [413],
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball is too large for npm: publish fewer or smaller files",
  },
  {
    id: "too-many-files",
    status: [415],
    code: "PIOT_REGISTRY_REFUSED",
    hint: "The tarball has too many files for npm: publish fewer",
  },
  {
    id: "provenance",
    status: [422],
    words: /provenance/i,
    code: "PIOT_REGISTRY_REFUSED",
    hint:
      "npm checks the provenance against package.json: `repository` must be this repository, public, on a GitHub-hosted runner",
  },
  {
    id: "busy",
    status: [429],
    code: "PIOT_REGISTRY_BUSY",
    hint: "npm's rate limit: wait, then run again; what was published already is skipped",
  },
  {
    id: "timeout",
    status: [408],
    code: "PIOT_REGISTRY_UNKNOWN",
    hint: "It may have been stored: run again, what is there is skipped",
  },
  {
    id: "broken",
    status: ["5xx"],
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
