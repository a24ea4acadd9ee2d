/**
 * Signs a statement with Sigstore: a certificate for this very job, an envelope, an entry in the transparency log. A
 * module of its own, since its libraries are heavy and bundlers lose the names of CommonJS modules that are imported
 * lazily: import this one lazily instead.
 *
 * @module
 */

import { cutWords } from "../../cut_words.ts";
import { Buffer } from "node:buffer";
import { bundleToJSON } from "@sigstore/bundle";
import { DSSEBundleBuilder, RekorWitness, type Witness } from "@sigstore/sign";
import { Failure, messageOf } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import { type FulcioContext, fulcioSigner, NoCertificate } from "./fulcio_signer.ts";

/** What is signed. */
export interface Statement {
  /** The media type of `text`. */
  readonly type: string;
  readonly text: string;
}

/** How it is signed. */
export interface SigningContext extends FulcioContext {
  /** Sigstore's transparency log, without a slash at the end. */
  readonly rekor: string;
  readonly clock: Clock;
  /** Ends waits, and keeps a request from being begun: what is signed then is not sent. */
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
/** Milliseconds before the authority is asked for another certificate, with another key. */
const CERTIFICATE_WAITS: readonly number[] = [1_000, 5_000];
/** Milliseconds before the log is given the same entry again. */
const LOG_WAITS: readonly number[] = [500, 2_000, 5_000];

/**
 * Signs. Throws `PIOT_PROVENANCE_SIGNING` when the authority or the log does not, and what `identityToken` throws. From
 * here on the log shows to everybody that this job signed, so this comes after every other check.
 */
export async function signStatement(
  statement: Statement,
  context: SigningContext,
): Promise<SignedBundle> {
  // What the log refuses has been signed: it is not signed again, since each signature that arrives stays for ever.
  const isPassing = (error: unknown): boolean =>
    error instanceof NoCertificate && isPassingStatus(error.status);
  return await patiently(() => signOnce(statement, context), {
    ...context,
    waits: CERTIFICATE_WAITS,
    isPassing,
  }).catch((error: unknown) => {
    throw signingFailure(error);
  });
}

async function patiently<T>(
  act: () => Promise<T>,
  { waits, isPassing, clock, signal }: Pick<SigningContext, "clock" | "signal"> & {
    readonly waits: readonly number[];
    readonly isPassing: (error: unknown) => boolean;
  },
): Promise<T> {
  for (const wait of waits) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await clock.sleep(wait, signal);
  }
  signal.throwIfAborted();
  return await act();
}

async function signOnce(
  { type, text }: Statement,
  { rekor, ...context }: SigningContext,
): Promise<SignedBundle> {
  const builder = new DSSEBundleBuilder({
    signer: fulcioSigner(context),
    witnesses: [logWitness(rekor, context)],
  });
  const bundle = await builder.create({ data: Buffer.from(text), type });
  return { mediaType: bundle.mediaType, json: JSON.stringify(bundleToJSON(bundle)) };
}

/**
 * The log, given the very same entry until it answers: after a lost answer it has the entry already, and says where. The
 * library's own patience knows no clock but the machine's, and no status on Deno, where its list of them is empty
 * (node:http2 constants).
 */
function logWitness(
  rekor: string,
  { clock, signal }: Pick<SigningContext, "clock" | "signal">,
): Witness {
  const log = new RekorWitness({
    rekorBaseURL: rekor,
    entryType: "dsse",
    fetchOnConflict: true,
    retry: 0,
    timeout: TIMEOUT,
  });
  return {
    testify: (content, publicKey) =>
      patiently(() => log.testify(content, publicKey), {
        ...{ clock, signal, waits: LOG_WAITS },
        isPassing: isPassingOfLog,
      }),
  };
}

/** An error of the library's has the log's answer as its cause; silence has no status. */
function isPassingOfLog(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { statusCode?: unknown } };
  return STEPS[String(code)] !== undefined && isPassingStatus(Number(cause?.statusCode ?? 0));
}

function isPassingStatus(status: number | undefined): boolean {
  return status === 0 || status === 408 || status === 429 || (status ?? 0) >= 500;
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
  return cutWords(messageOf(error).replace(/[\s\p{Cc}]+/gu, " ").trim(), 500);
}
