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
import { DSSEBundleBuilder, type Signer, type Witness } from "@sigstore/sign";
import { Failure, messageOf } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import { type FulcioContext, fulcioSigner, NoCertificate } from "./fulcio_signer.ts";
import { logWitness, NoEntry } from "./log_witness.ts";

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

/** Milliseconds before the authority is asked for another certificate, with another key. */
const CERTIFICATE_WAITS: readonly number[] = [1_000, 5_000];
/** Milliseconds before the log is given the same entry again. */
const LOG_WAITS: readonly number[] = [500, 2_000, 5_000];

/** Signs one statement. */
export type Sign = (statement: Statement) => Promise<SignedBundle>;

/**
 * Signs one statement, with a key and a certificate of its own. Throws `PIOT_PROVENANCE_SIGNING` when the authority or
 * the log does not, and what `identityToken` throws. From here on the log shows to everybody that this job signed, so this
 * comes after every other check.
 */
export async function signStatement(
  statement: Statement,
  context: SigningContext,
): Promise<SignedBundle> {
  return await openSigner(context)(statement);
}

/** Signs as {@link signStatement} does, all statements with one certificate, and another when that is about to end. */
export function openSigner(context: SigningContext): Sign {
  const signer = fulcioSigner(context);
  // What the log refuses has been signed: it is not signed again, since each signature that arrives stays for ever.
  const isPassing = (error: unknown): boolean =>
    error instanceof NoCertificate && isPassingStatus(error.status);
  return async (statement) =>
    await patiently(() => signOnce(statement, { ...context, signer }), {
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
  { rekor, signer, ...context }: SigningContext & { readonly signer: Signer },
): Promise<SignedBundle> {
  const builder = new DSSEBundleBuilder({
    signer,
    witnesses: [patientWitness(rekor, context)],
  });
  const bundle = await builder.create({ data: Buffer.from(text), type });
  return { mediaType: bundle.mediaType, json: JSON.stringify(bundleToJSON(bundle)) };
}

/** The log, given the very same entry until it answers: after a lost answer it has the entry already, and says where. */
function patientWitness(
  rekor: string,
  { http, clock, signal }: Pick<SigningContext, "http" | "clock" | "signal">,
): Witness {
  const log = logWitness({ http, rekor });
  return {
    testify: (content, publicKey) =>
      patiently(() => log.testify(content, publicKey), {
        ...{ clock, signal, waits: LOG_WAITS },
        isPassing: (error) => error instanceof NoEntry && isPassingStatus(error.status),
      }),
  };
}

function isPassingStatus(status: number | undefined): boolean {
  return status === 0 || status === 408 || status === 429 || (status ?? 0) >= 500;
}

function signingFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { cause } = error as { cause?: unknown };
  // The library wraps what a witness throws.
  const found = [error, cause].find((thrown) => thrown instanceof NoEntry);
  const words = found !== undefined
    ? plain(found)
    : error instanceof NoCertificate
    ? `its certificate authority gives no certificate: ${plain(error)}`
    : `Sigstore failed: ${plain(cause ?? error)}`;
  return new Failure("PIOT_PROVENANCE_SIGNING", `Cannot sign with Sigstore: ${words}`, {
    hint:
      "Check https://status.sigstore.dev and run again; a file whose provenance is not signed is not sent",
    cause: error,
  });
}

function plain(error: unknown): string {
  return cutWords(messageOf(error).replace(/[\s\p{Cc}]+/gu, " ").trim(), 500);
}
