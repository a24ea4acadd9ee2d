/**
 * The document that one `PUT` publishes a version with (libnpmpublish lib/publish.js): the manifest, its dist-tag, its
 * access, the tarball as base64, and its provenance.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { fileChunks } from "../../host/files.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
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

/**
 * Stands for the tarball until it is sent. It is looked for from the end: a README may hold such text too, and behind the
 * tarball comes nothing but the provenance, which has no NUL in it (certificates and statements in base64).
 */
const TARBALL = "\u0000tarball\u0000";

/** The document as a body of known length; the tarball is read, and its base64 text made, while it is sent. */
export function publishBody(unit: NpmUnit, settings: PublishSettings): StreamedBody {
  const json = JSON.stringify(publishDocument(unit, settings));
  const [head, tail] = splitAtLast(json, JSON.stringify(TARBALL).slice(1, -1)).map((text) =>
    Buffer.from(text)
  ) as [Buffer, Buffer];
  return {
    size: head.length + base64Length(unit.size) + tail.length,
    chunks: async function* (): AsyncGenerator<Uint8Array> {
      yield head;
      yield* base64Chunks(fileChunks(unit.tarball));
      yield tail;
    },
  };
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

function splitAtLast(text: string, mark: string): [string, string] {
  const at = text.lastIndexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Three bytes are four characters: what is left over of a chunk goes before the next one. */
async function* base64Chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - bytes.length % 3;
    yield Buffer.from(bytes.toString("base64", 0, whole), "latin1");
    rest = bytes.subarray(whole);
  }
  yield Buffer.from(Buffer.from(rest).toString("base64"), "latin1");
}
