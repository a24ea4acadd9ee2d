/**
 * X.509 certificates of the local Sigstore (RFC 5280): the authority's own, and those it gives to signers, each with a
 * timestamp of the certificate log in it (RFC 6962 §3.3) and with texts about the signer, which can be read again.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, randomBytes, sign } from "node:crypto";
import {
  bits,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  TRUE,
  utcTime,
  utf8,
} from "./der.ts";
import { type LogKey, timestampList } from "./transparency_log.ts";

/** An extension: its object identifier, and the DER of its value. */
export interface Extension {
  readonly id: string;
  readonly value: Uint8Array;
  readonly critical?: boolean;
}

/** The time in which a certificate counts. */
export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** A certificate authority. */
export interface Authority {
  readonly key: LogKey;
  /** Its own certificate, as DER. */
  readonly certificate: Buffer;
}

const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const NAME = sequence(
  set(sequence(oid("2.5.4.10"), utf8("rehearsal"))),
  set(sequence(oid("2.5.4.3"), utf8("rehearsal-sigstore"))),
);
const SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

/** Makes an authority that certifies itself. */
export function createAuthority(key: LogKey, validity: Validity): Authority {
  const extensions: readonly Extension[] = [
    // keyCertSign and cRLSign: bits 5 and 6, so one bit of the byte is unused.
    { id: "2.5.29.15", critical: true, value: bits(Buffer.from([0b0000_0110]), 1) },
    { id: "2.5.29.19", critical: true, value: sequence(TRUE, integer(Buffer.from([0]))) },
    { id: "2.5.29.14", value: octets(keyIdOf(key.spki)) },
  ];
  const body = { serial: createSerial(), subject: NAME, spki: key.spki, validity, extensions };
  return { key, certificate: signed(toBeSigned(body), key) };
}

/** What a signer's certificate says. */
export interface Signer {
  /** The signer's public key, as DER. */
  readonly spki: Uint8Array;
  /** Who signs, as a URI. */
  readonly identity: string;
  readonly validity: Validity;
  /** What else is known of the signer. */
  readonly extensions: readonly Extension[];
}

/** Gives a signer a certificate, as DER. It counts only with the log's timestamp, which is in it. */
export function issueCertificate(
  signer: Signer,
  { authority, log }: { readonly authority: Authority; readonly log: LogKey },
): Buffer {
  const body = {
    serial: createSerial(),
    subject: sequence(),
    spki: signer.spki,
    validity: signer.validity,
    extensions: [
      { id: "2.5.29.15", critical: true, value: bits(Buffer.from([0b1000_0000]), 7) },
      { id: "2.5.29.37", value: sequence(oid("1.3.6.1.5.5.7.3.3")) },
      { id: "2.5.29.14", value: octets(keyIdOf(signer.spki)) },
      { id: "2.5.29.35", value: sequence(implicit(0, keyIdOf(authority.key.spki))) },
      {
        id: "2.5.29.17",
        critical: true,
        value: sequence(implicit(6, Buffer.from(signer.identity))),
      },
      ...signer.extensions,
    ] satisfies readonly Extension[],
  };
  const promise = timestampList(toBeSigned(body), {
    issuer: authority.key.spki,
    log,
    at: signer.validity.from,
  });
  const extensions = [...body.extensions, { id: SCT_LIST, value: octets(promise) }];
  return signed(toBeSigned({ ...body, extensions }), authority.key);
}

/** 16 bytes, of which 15 cannot be guessed (RFC 5280 §4.1.2.2). */
function createSerial(): Buffer {
  return Buffer.from([1, ...randomBytes(15)]);
}

function toBeSigned(body: {
  readonly serial: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly validity: Validity;
  readonly extensions: readonly Extension[];
}): Buffer {
  const { serial, subject, spki, validity, extensions } = body;
  return sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    NAME,
    sequence(utcTime(validity.from), utcTime(validity.until)),
    subject,
    spki,
    explicit(3, sequence(...extensions.map(encodeExtension))),
  );
}

function encodeExtension({ id, critical = false, value }: Extension): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

function signed(body: Buffer, { privateKey }: LogKey): Buffer {
  return sequence(body, ECDSA_SHA256, bits(sign("sha256", body, privateKey)));
}

/** SHA-1 of the public key, as RFC 5280 §4.2.1.2 proposes for its identifier. */
function keyIdOf(spki: Uint8Array): Buffer {
  return createHash("sha1").update(spki).digest();
}

/** A certificate as text (RFC 7468). */
export function toPem(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate).toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Fulcio's extensions from number 8 on hold a UTF8String (sigstore/fulcio docs/oid-info.md). */
export function textExtension(number: number, text: string): Extension {
  return { id: `1.3.6.1.4.1.57264.1.${number}`, value: utf8(text) };
}

/** The text of one of these extensions in a certificate; undefined when it has none. */
export function certificateText(certificate: Uint8Array, number: number): string | undefined {
  const bytes = Buffer.from(certificate);
  const id = oid(textExtension(number, "").id);
  const at = bytes.indexOf(id);
  if (at < 0) return undefined;
  // The identifier is followed by an OCTET STRING that holds nothing but the UTF8String.
  const outer = contentAt(bytes, at + id.length);
  return contentAt(outer, 0).toString();
}

/** The content of the encoded value at an offset. */
function contentAt(bytes: Buffer, at: number): Buffer {
  const first = bytes[at + 1] ?? 0;
  const width = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + width;
  const length = width === 0 ? first : bytes.readUIntBE(at + 2, width);
  return bytes.subarray(start, start + length);
}
