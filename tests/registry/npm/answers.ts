/** Every refusal of an upload that is told apart, by the id that `docs/npm.md` lists it under. */

import type { NpmPackage } from "../../../src/core/model/package.ts";
import type { FailureCode } from "../../../src/failure_codes.ts";
import type { TokenGrant } from "../../../src/rehearsal/npm/state.ts";
import type { LocalReply } from "../../../src/rehearsal/server/messages.ts";
import { TOKEN } from "./world.ts";

/** Tokens that the local registry does not take for an upload. */
export const TOKEN_REFUSALS: readonly {
  id: string;
  name: string;
  tokens: Record<string, TokenGrant>;
  code: FailureCode;
  words: RegExp;
  hint: RegExp;
}[] = [
  {
    id: "masked",
    name: "a token that the registry does not know, as 404",
    tokens: {},
    code: "PIOT_AUTH_REFUSED",
    words: /404 Not found/,
    hint: /read and write access/,
  },
  {
    id: "masked",
    name: "a token that may only read, as 404",
    tokens: { [TOKEN]: { user: "ada", can: "read" } },
    code: "PIOT_AUTH_REFUSED",
    words: /404 Not found/,
    hint: /read and write access/,
  },
  {
    id: "masked",
    name: "a token for another package, as 404",
    tokens: { [TOKEN]: { user: "ada", packages: ["other"] } },
    code: "PIOT_AUTH_REFUSED",
    words: /404/,
    hint: /first publish/,
  },
  {
    id: "dead-token",
    name: "a revoked token",
    tokens: { [TOKEN]: { user: "ada", refused: "revoked" } },
    code: "PIOT_AUTH_REFUSED",
    words: /401 Unauthorized/,
    hint: /revoked, expired or mistyped/,
  },
  {
    id: "otp",
    name: "a token that needs a one-time password",
    tokens: { [TOKEN]: { user: "ada", refused: "otp" } },
    code: "PIOT_AUTH_REFUSED",
    words: /401 You must provide a one-time pass/,
    hint: /second factor/,
  },
  {
    id: "two-factor",
    name: "a token without bypass of the second factor",
    tokens: { [TOKEN]: { user: "ada", refused: "two-factor" } },
    code: "PIOT_AUTH_REFUSED",
    words: /403 Two-factor authentication/,
    hint: /disallow tokens/,
  },
  {
    id: "address",
    name: "a token bound to other addresses",
    tokens: { [TOKEN]: { user: "ada", refused: "address" } },
    code: "PIOT_AUTH_REFUSED",
    words: /401/,
    hint: /addresses/,
  },
];

/** Names that it does not take. */
export const NAME_REFUSALS: readonly {
  id: string;
  name: string;
  own: Partial<NpmPackage>;
  code: FailureCode;
  words: RegExp;
  hint: RegExp;
}[] = [
  {
    id: "alike",
    name: "a name like another's",
    own: { registryName: "dem-o" },
    code: "PIOT_REGISTRY_REFUSED",
    words: /403 Package name too similar to existing package demo/,
    hint: /scope/,
  },
  {
    id: "unpaid",
    name: "a restricted package without a paid plan",
    own: { registryName: "@acme/demo", access: "restricted" },
    code: "PIOT_REGISTRY_REFUSED",
    words: /402 You must sign up for private packages/,
    hint: /access = "public"/,
  },
  {
    id: "foreign-name",
    name: "a name that belongs to others",
    own: { registryName: "theirs" },
    code: "PIOT_AUTH_REFUSED",
    words: /403 You do not have permission to publish "theirs"/,
    hint: /ask an owner/,
  },
];

/** Answers that are put in the place of its own. */
export const ANSWERS: readonly {
  id: string;
  name: string;
  how: LocalReply;
  code: FailureCode;
  words: RegExp;
}[] = [
  {
    id: "forbidden",
    name: "a 403 page",
    how: { status: 403, body: "<html><title>Attention Required!</title></html>" },
    code: "PIOT_REGISTRY_REFUSED",
    words: /403 Attention Required!/,
  },
  {
    id: "other",
    name: "400",
    how: { status: 400, body: { error: "bad tag" } },
    code: "PIOT_REGISTRY_REFUSED",
    words: /400 bad tag/,
  },
  {
    id: "conflict",
    name: "409",
    how: { status: 409, body: { error: "Failed to save packument. A common cause is …" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /409 Failed to save packument/,
  },
  {
    id: "too-large",
    name: "413",
    how: { status: 413, body: "Payload Too Large" },
    code: "PIOT_REGISTRY_REFUSED",
    words: /413 Payload Too Large/,
  },
  {
    id: "too-many-files",
    name: "415",
    how: { status: 415, body: { error: "Too many files" } },
    code: "PIOT_REGISTRY_REFUSED",
    words: /Too many files/,
  },
  {
    id: "provenance",
    name: "422 about provenance",
    how: { status: 422, body: { error: "Error verifying sigstore provenance bundle: no" } },
    code: "PIOT_REGISTRY_REFUSED",
    words: /422 Error verifying sigstore provenance/,
  },
  {
    id: "timeout",
    name: "408",
    how: { status: 408, body: "" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /npm answers 408/,
  },
  {
    id: "busy",
    name: "429, with the time that it asks for",
    how: {
      status: 429,
      headers: { "retry-after": "1934" },
      body: { error: "rate limited exceeded" },
    },
    code: "PIOT_REGISTRY_BUSY",
    words: /429 rate limited exceeded \(retry-after: 1934, 33 minutes\)$/,
  },
  {
    id: "busy",
    name: "429, with an absurd time",
    how: { status: 429, headers: { "retry-after": "9".repeat(60) }, body: "" },
    code: "PIOT_REGISTRY_BUSY",
    words: /429 Too Many Requests \(retry-after: 9{40}\)$/,
  },
  {
    id: "busy",
    name: "429, with a date",
    how: {
      status: 429,
      headers: { "retry-after": "Wed, 31 Dec 2025 23:59:59 GMT" },
      body: "<html><title>Too many requests</title></html>",
    },
    code: "PIOT_REGISTRY_BUSY",
    words: /429 Too many requests \(retry-after: Wed, 31 Dec 2025 23:59:59 GMT\)$/,
  },
  {
    id: "broken",
    name: "500",
    how: { status: 500, body: "" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /npm answers 500/,
  },
  {
    id: "broken",
    name: "504",
    how: { status: 504, body: "gateway" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /504 gateway/,
  },
  {
    id: "redirect",
    name: "a redirect, which an upload never follows",
    how: { status: 307, headers: { location: "https://example.com/x?secret" } },
    code: "PIOT_REGISTRY_REFUSED",
    words: /307 .*\(to https:\/\/example\.com\/x\)$/,
  },
  {
    id: "page",
    name: "200 as a page of a proxy",
    how: { status: 200, body: "<!doctype html><title>Sign in to the guest network</title>" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /200 Sign in to the guest network$/,
  },
  {
    id: "page",
    name: "200 with an error",
    how: { status: 200, body: { error: "not stored" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /200 not stored$/,
  },
  {
    id: "taken",
    name: "409 of a registry that has the version",
    how: { status: 409, body: { error: "this package is already present" } },
    code: "PIOT_VERSION_TAKEN",
    words: /409 this package is already present$/,
  },
  {
    id: "masked",
    name: "404 with a notice",
    how: {
      status: 404,
      headers: { "npm-notice": "Access token expired or revoked. Please try logging in again." },
      body: { error: "Not found" },
    },
    code: "PIOT_AUTH_REFUSED",
    words: /404 Not found \(npm-notice: Access token expired or revoked\./,
  },
];
