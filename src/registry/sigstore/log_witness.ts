/**
 * Puts what was signed into Sigstore's transparency log (sigstore/rekor openapi.yaml, version 1). Written here and not
 * taken from the library, whose client reads answers of any size, follows redirects, and takes any entry for ours.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { envelopeToJSON } from "@sigstore/bundle";
import type { SignatureBundle, VerificationMaterial, Witness } from "@sigstore/sign";
import { messageOf } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import { isSilence } from "../../host/http.ts";
import { isSuccess, readReply, type Reply, tellReply } from "../reply.ts";

/** What the witness needs. */
export interface LogContext {
  readonly http: Http;
  /** Sigstore's transparency log, without a slash at the end. */
  readonly rekor: string;
}

/** The log gave no entry. */
export class NoEntry extends Error {
  /** The HTTP status of its answer; 0 when there was none. */
  readonly status: number;

  /** Tells what was tried, and why there is none. */
  constructor(why: string, status: number) {
    super(why);
    this.status = status;
  }
}

type Envelope = (SignatureBundle & { readonly $case: "dsseEnvelope" })["dsseEnvelope"];
type LogEntry = NonNullable<VerificationMaterial["tlogEntries"]>[number];

/** A witness of signed envelopes; rejects with {@link NoEntry}. */
export function logWitness(context: LogContext): Witness {
  return {
    testify: async (content, publicKey) => {
      if (content.$case !== "dsseEnvelope") throw new Error("unreachable: an envelope is signed");
      const { dsseEnvelope: envelope } = content;
      const reply = await putEntry(context, proposedEntry(envelope, publicKey));
      const entry = await readEntry(reply.json, envelope);
      if (entry !== undefined) return { tlogEntries: [entry] };
      throw new NoEntry(`its log answers with no entry of ours: ${tellReply(reply)}`, reply.status);
    },
  };
}

function proposedEntry(envelope: Envelope, publicKey: string): object {
  const proposedContent = {
    envelope: JSON.stringify(envelopeToJSON(envelope)),
    verifiers: [Buffer.from(publicKey).toString("base64")],
  };
  return { apiVersion: "0.0.1", kind: "dsse", spec: { proposedContent } };
}

/** The answer that has the entry: to its creation, or to the question for the one that the log has already. */
async function putEntry({ http, rekor }: LogContext, entry: object): Promise<Reply> {
  const url = `${rekor}/api/v1/log/entries`;
  const made = await ask("its log takes no entry", () =>
    http(url, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(entry),
    }));
  const [, id] = /(?:^|\/)([0-9a-f]{64,80})$/i.exec(made.headers.get("location") ?? "") ?? [];
  if (made.status !== 409 || id === undefined) return successOf("its log takes no entry", made);
  const what = "its log does not show the entry that it has";
  // Whoever waits for the log waits with the entry, and asks again so.
  const headers = { accept: "application/json" };
  return successOf(
    what,
    await ask(what, () => http(`${url}/${id}`, { headers, idempotent: false })),
  );
}

async function ask(what: string, send: () => Promise<Response>): Promise<Reply> {
  try {
    return await readReply(await send());
  } catch (error) {
    throw isSilence(error) ? new NoEntry(`${what}: ${messageOf(error)}`, 0) : error;
  }
}

function successOf(what: string, reply: Reply): Reply {
  if (isSuccess(reply)) return reply;
  throw new NoEntry(`${what}: ${tellReply(reply)}`, reply.status);
}

/** An entry as the log answers with it, by the id that it gave it. */
interface AnsweredEntry {
  readonly body?: unknown;
  readonly integratedTime?: unknown;
  readonly logID?: unknown;
  readonly logIndex?: unknown;
  readonly verification?: {
    readonly signedEntryTimestamp?: unknown;
    readonly inclusionProof?: unknown;
  };
}

interface AnsweredProof {
  readonly logIndex?: unknown;
  readonly treeSize?: unknown;
  readonly rootHash?: unknown;
  readonly hashes?: unknown;
  readonly checkpoint?: unknown;
}

/** The entry of an answer; undefined for what is none, or is about something else than this envelope. */
async function readEntry(json: unknown, { payload }: Envelope): Promise<LogEntry | undefined> {
  const [entry] = Object.values(isObject(json) ? json : {}) as readonly AnsweredEntry[];
  const { body, integratedTime, logID, logIndex, verification } =
    (isObject(entry) ? entry : {}) as AnsweredEntry;
  const record = typeof body === "string" ? readRecord(body) : undefined;
  const proof = readProof(verification?.inclusionProof);
  const signed = verification?.signedEntryTimestamp;
  if (record === undefined || record.payload !== await sha256(payload)) return undefined;
  if (typeof logID !== "string" || typeof logIndex !== "number") return undefined;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, "hex") },
    integratedTime: String(integratedTime),
    kindVersion: { kind: record.kind, version: record.version },
    inclusionPromise: typeof signed === "string"
      ? { signedEntryTimestamp: Buffer.from(signed, "base64") }
      : undefined,
    inclusionProof: proof,
    canonicalizedBody: Buffer.from(String(body), "base64"),
  } as LogEntry;
}

function readProof(json: unknown): LogEntry["inclusionProof"] {
  if (!isObject(json)) return undefined;
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = json as AnsweredProof;
  if (!Array.isArray(hashes) || typeof checkpoint !== "string") return undefined;
  return {
    logIndex: String(logIndex),
    treeSize: String(treeSize),
    rootHash: Buffer.from(String(rootHash), "hex"),
    hashes: hashes.map((hash) => Buffer.from(String(hash), "hex")),
    checkpoint: { envelope: checkpoint },
  };
}

interface LogRecord {
  readonly kind: string;
  readonly version: string;
  /** sha256 of what was signed, in hex. */
  readonly payload: string;
}

/** What the log itself wrote down: base64 of a document. */
function readRecord(body: string): LogRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(body, "base64").toString()) as {
      kind?: unknown;
      apiVersion?: unknown;
      spec?: { payloadHash?: { value?: unknown } };
    };
    const { kind, apiVersion: version, spec } = record;
    const payload = spec?.payloadHash?.value;
    return typeof kind === "string" && typeof version === "string" && typeof payload === "string"
      ? { kind, version, payload }
      : undefined;
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Buffer.from(digest).toString("hex");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
