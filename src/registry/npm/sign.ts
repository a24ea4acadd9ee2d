/**
 * Signs a statement with Sigstore: a certificate for this very job, an envelope, an entry in the transparency log. A
 * module of its own, since its libraries are heavy and bundlers lose the names of CommonJS modules that are imported
 * lazily: import this one lazily instead.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { bundleToJSON } from "@sigstore/bundle";
import { DSSEBundleBuilder, RekorWitness } from "@sigstore/sign";
import { Failure, messageOf } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import { type FulcioParts, fulcioSigner, NoCertificate } from "./fulcio_signer.ts";

/** What is signed. */
export interface Statement {
  /** The media type of `text`. */
  readonly type: string;
  readonly text: string;
}

/** How it is signed. */
export interface SigningParts extends FulcioParts {
  /** Sigstore's transparency log, without a slash at the end. */
  readonly rekor: string;
  readonly clock: Clock;
  /** Ends waits between attempts. */
  readonly signal: AbortSignal;
}

/** A Sigstore bundle: signature, certificate and log entry in one document. */
export interface SignedBundle {
  readonly mediaType: string;
  /** The document. */
  readonly json: string;
}

/** Milliseconds. The library's own 5 s are too few for the log at busy hours (sigstore/sigstore-js#1708). */
const TIMEOUT = 30_000;
/** The same entry again, after silence. */
const RETRY = { retries: 2, minTimeout: 500, factor: 4 };
/** Milliseconds before everything is signed anew, with another key, after an error of Sigstore's own. */
const WAITS: readonly number[] = [1_000, 5_000];

/**
 * Signs. Throws `PIOT_PROVENANCE_SIGNING` when the authority or the log does not, and what `identityToken` throws. From
 * here on the log shows to everybody that this job signed, so this comes after every other check.
 */
export async function signStatement(
  statement: Statement,
  parts: SigningParts,
): Promise<SignedBundle> {
  for (let attempt = 0;; attempt++) {
    const wait = WAITS[attempt];
    const bundle = await signOnce(statement, parts).catch((error: unknown) => {
      if (wait === undefined || !isPassing(error)) throw signingFailure(error);
      return undefined;
    });
    if (bundle !== undefined) return bundle;
    await parts.clock.sleep(wait ?? 0, parts.signal);
  }
}

async function signOnce(
  { type, text }: Statement,
  { rekor, ...parts }: SigningParts,
): Promise<SignedBundle> {
  const limits = { retry: RETRY, timeout: TIMEOUT };
  const builder = new DSSEBundleBuilder({
    signer: fulcioSigner(parts),
    witnesses: [
      // After a lost answer the log has the entry already, and says where.
      new RekorWitness({
        rekorBaseURL: rekor,
        entryType: "dsse",
        fetchOnConflict: true,
        ...limits,
      }),
    ],
  });
  const bundle = await builder.create({ data: Buffer.from(text), type });
  return { mediaType: bundle.mediaType, json: JSON.stringify(bundleToJSON(bundle)) };
}

/** The library repeats such requests by itself on Node; on Deno its list of statuses is empty (node:http2 constants). */
function isPassing(error: unknown): boolean {
  const { statusCode } = error instanceof NoCertificate
    ? { statusCode: error.status }
    : (error as { cause?: { statusCode?: unknown } }).cause ?? {};
  return statusCode === 0 || statusCode === 408 || statusCode === 429 || Number(statusCode) >= 500;
}

function signingFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, cause } = error as { code?: string; cause?: unknown };
  const step = error instanceof NoCertificate
    ? "its certificate authority gives no certificate"
    : STEPS[code ?? ""] ?? "Sigstore failed";
  const words = plain(cause ?? error);
  return new Failure("PIOT_PROVENANCE_SIGNING", `Cannot sign with Sigstore: ${step}: ${words}`, {
    hint:
      "Check https://status.sigstore.dev and run again; a file whose provenance is not signed is not sent",
    cause: error,
  });
}

const STEPS: Readonly<Record<string, string>> = {
  TLOG_CREATE_ENTRY_ERROR: "its log takes no entry",
  TLOG_FETCH_ENTRY_ERROR: "its log does not show the entry that it has",
};

function plain(error: unknown): string {
  return messageOf(error).replace(/[\s\p{Cc}]+/gu, " ").trim().slice(0, 500);
}
