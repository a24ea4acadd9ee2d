/**
 * The document that one `PUT` publishes a version with (libnpmpublish lib/publish.js): the manifest, its dist-tag, its
 * access, the tarball as base64, and its provenance.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { NpmUnit } from "./prepared.ts";
import type { SignedBundle } from "./sign.ts";

/** What a document says besides the unit. */
export interface PublishSettings {
  readonly tag: string;
  readonly access: "public" | "restricted";
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** The signed provenance, when there is one. */
  readonly provenance?: SignedBundle | undefined;
}

/** A place holder in the JSON that no value can contain, since it is not valid in base64. */
const TARBALL = "\u0000tarball\u0000";

/** The document as a body of known length; the base64 text is made piece by piece. */
export function publishBody(
  unit: NpmUnit,
  { tarball, ...settings }: PublishSettings & { readonly tarball: Uint8Array },
): Blob {
  const json = JSON.stringify(publishDocument(unit, settings));
  const [head, tail] = splitOnce(json, JSON.stringify(TARBALL).slice(1, -1));
  return new Blob([head, ...base64Pieces(tarball), tail], { type: "application/json" });
}

/** The document, with a placeholder where the tarball goes. */
function publishDocument(unit: NpmUnit, settings: PublishSettings): Record<string, unknown> {
  const { name, version, manifest } = unit;
  const file = `${name}-${version}.tgz`;
  const { provenance } = settings;
  return {
    _id: name,
    name,
    ...(manifest["description"] === undefined ? {} : { description: manifest["description"] }),
    "dist-tags": { [settings.tag]: version },
    versions: {
      [version]: {
        ...manifest,
        _id: `${name}@${version}`,
        dist: {
          integrity: unit.integrity,
          shasum: unit.shasum,
          // npm writes it with plain HTTP on purpose; the registry puts its own in its place.
          tarball: `${settings.registry}/${name}/-/${file}`.replace(/^https:/, "http:"),
        },
      },
    },
    access: settings.access,
    _attachments: {
      // The tarball stays the first: the registry takes the first attachment of this type for it.
      [file]: { content_type: "application/octet-stream", data: TARBALL, length: unit.size },
      ...(provenance === undefined ? {} : {
        [`${name}-${version}.sigstore`]: {
          content_type: provenance.mediaType,
          data: provenance.json,
          length: provenance.json.length,
        },
      }),
    },
  };
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.lastIndexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** Bytes per piece; a multiple of three, so that the pieces' base64 can be joined. */
const PIECE = 3 * 2 ** 18;

function base64Pieces(bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces.push(Buffer.from(bytes.subarray(at, at + PIECE)).toString("base64"));
  }
  return pieces;
}
