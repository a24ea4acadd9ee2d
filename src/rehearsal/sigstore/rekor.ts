/**
 * The local Rekor: an append-only log of signed envelopes, which proves of each entry that it is in it, and since when.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  createHash,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from "node:crypto";
import type { Clock } from "../../host/host.ts";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { toPem } from "./certificate.ts";
import { inclusionProof, leafHash, type LogKey, rootOf } from "./transparency_log.ts";

/** A log. */
export interface Rekor {
  /** Enters a proposal that is not sent over the wire. */
  readonly enter: (proposal: Uint8Array) => LocalReply;
  /** `POST /api/v1/log/entries` and `GET /api/v1/log/entries/{uuid}`; undefined for anything else. */
  readonly answer: (request: LocalRequest) => LocalReply | undefined;
  /** Bodies of the entries that were sent, oldest first, as JSON. */
  readonly entries: readonly string[];
}

interface Entry {
  readonly uuid: string;
  readonly body: string;
  readonly time: number;
}

/** Who keeps a log. */
interface LogIdentity {
  readonly key: LogKey;
  readonly name: string;
}

const ENTRIES = "/api/v1/log/entries";
const TREE = "00000000000004d2";
/**
 * The public log is a row of trees, and the newest is never empty: an entry's number counts all of them, its proof is about
 * one.
 */
const EARLIER_TREES = 4096;
const EARLIER_LEAVES: readonly Buffer[] = ["first", "second", "third"].map((entry) =>
  leafHash(Buffer.from(`the ${entry} entry of somebody else`))
);

/** Starts an empty log. `name` is how its checkpoints call it: host and port. */
export function createRekor(
  { clock, ...identity }: LogIdentity & { readonly clock: Pick<Clock, "now"> },
): Rekor {
  const log: Entry[] = [];
  const bodies: string[] = [];

  function add(body: string): LocalReply {
    const uuid = `${TREE}${leafHash(Buffer.from(body)).toString("hex")}`;
    if (log.some((entry) => entry.uuid === uuid)) return exists(uuid);
    log.push({ uuid, body, time: Math.floor(clock.now().getTime() / 1000) });
    return { status: 201, body: { [uuid]: proven(log, log.length - 1, identity) } };
  }

  function enter(proposal: Uint8Array): LocalReply {
    const entry = readProposal(proposal);
    return entry === undefined ? badRequest() : add(entry);
  }

  function get(path: string): LocalReply {
    const index = log.findIndex(({ uuid }) => path === `${ENTRIES}/${uuid}`);
    return index < 0
      ? { status: 404, body: { code: 404, message: "entry not found" } }
      : { status: 200, body: { [log[index]!.uuid]: proven(log, index, identity) } };
  }

  function answer({ method, path, body }: LocalRequest): LocalReply | undefined {
    if (method === "GET" && path.startsWith(`${ENTRIES}/`)) return get(path);
    if (method !== "POST" || path !== ENTRIES) return undefined;
    const reply = enter(body);
    const last = log.at(-1);
    if (reply.status === 201 && last !== undefined) bodies.push(last.body);
    return reply;
  }
  return { answer, enter, entries: bodies };
}

/** The log holds each entry once; the answer says where it is. */
function exists(uuid: string): LocalReply {
  const message = `an equivalent entry already exists in the transparency log with UUID ${uuid}`;
  const headers = { location: `${ENTRIES}/${uuid}` };
  return { status: 409, headers, body: { code: 409, message } };
}

/** An entry with the log's promise to keep it, and the proof that it is there. */
function proven(log: readonly Entry[], index: number, identity: LogIdentity): object {
  const { key } = identity;
  const { body, time } = log[index]!;
  const ours = log.map((entry) => leafHash(Buffer.from(entry.body)));
  const leaves = [...EARLIER_LEAVES, ...ours];
  const leaf = EARLIER_LEAVES.length + index;
  const root = rootOf(leaves);
  const promise = {
    body: Buffer.from(body).toString("base64"),
    integratedTime: time,
    logID: key.id.toString("hex"),
    logIndex: EARLIER_TREES + leaf,
  };
  const promised = sign("sha256", Buffer.from(canonical(promise)), key.privateKey);
  return {
    ...promise,
    verification: {
      signedEntryTimestamp: promised.toString("base64"),
      inclusionProof: {
        logIndex: leaf,
        treeSize: leaves.length,
        rootHash: root.toString("hex"),
        hashes: inclusionProof(leaves, leaf).map((hash) => hash.toString("hex")),
        checkpoint: checkpoint(root, { size: leaves.length, ...identity }),
      },
    },
  };
}

function badRequest(): LocalReply {
  return { status: 400, body: { code: 400, message: "error processing entry: invalid envelope" } };
}

/** The entry that a proposal becomes: the log keeps digests and signatures of an envelope, not its content. */
function readProposal(bytes: Uint8Array): string | undefined {
  try {
    const { kind, apiVersion, spec } = JSON.parse(Buffer.from(bytes).toString());
    const { envelope, verifiers: [verifier] } = spec.proposedContent;
    const { payload, payloadType, signatures: [{ sig }] } = JSON.parse(envelope);
    const content = Buffer.from(payload, "base64");
    const encoded = preAuthEncoding(payloadType, content);
    const { publicKey, pem } = readVerifier(Buffer.from(verifier, "base64"));
    if (kind !== "dsse" || !verify("sha256", encoded, publicKey, Buffer.from(sig, "base64"))) {
      return undefined;
    }
    return canonical({
      apiVersion,
      kind,
      spec: {
        envelopeHash: { algorithm: "sha256", value: sha256(Buffer.from(envelope)) },
        payloadHash: { algorithm: "sha256", value: sha256(content) },
        signatures: [{ signature: sig, verifier: Buffer.from(pem).toString("base64") }],
      },
    });
  } catch {
    return undefined;
  }
}

/** A certificate, or a public key alone; as text. */
function readVerifier(bytes: Buffer): { readonly publicKey: KeyObject; readonly pem: string } {
  if (bytes.toString().startsWith("-----BEGIN PUBLIC KEY-----")) {
    return { publicKey: createPublicKey(bytes), pem: bytes.toString() };
  }
  const { publicKey, raw } = new X509Certificate(bytes);
  return { publicKey, pem: toPem(raw) };
}

/** What the signature of an envelope is over (secure-systems-lab/dsse protocol.md). */
export function preAuthEncoding(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** JSON with sorted keys and no blanks (RFC 8785, for the plain values that are here). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** The signed head of the log (C2SP signed-note and tlog-checkpoint). */
function checkpoint(
  root: Buffer,
  { size, key, name }: LogIdentity & { readonly size: number },
): string {
  const note = `${name} - ${BigInt(`0x${TREE}`)}\n${size}\n${root.toString("base64")}\n`;
  const signature = sign("sha256", Buffer.from(note), key.privateKey);
  const signed = Buffer.concat([key.id.subarray(0, 4), signature]).toString("base64");
  return `${note}\n\u2014 ${name} ${signed}\n`;
}
