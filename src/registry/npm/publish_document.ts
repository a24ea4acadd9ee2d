/**
 * The document that one `PUT` publishes a version with (libnpmpublish lib/publish.js): the manifest, which is package.json as
 * npm normalises it, its dist-tag, its access, the tarball as base64, and its provenance.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import normalize from "normalize-package-data";
import { type BesideManifest, withDerived } from "../../core/npm/derived_fields.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { Failure, messageOf } from "../../error.ts";
import { fileChunks } from "../../host/files.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
import { USER_AGENT } from "../../host/version.ts";
import type { Manifest, NpmUnit } from "./publish_unit.ts";
import type { SignedBundle } from "../sigstore/sign.ts";

/** What the manifest takes from outside package.json. */
export interface ManifestExtras {
  /** HEAD; undefined outside a git work tree. */
  readonly commit: string | undefined;
  /** The README that is in the tarball; undefined when there is none. */
  readonly readme: { readonly name: string; readonly text: string } | undefined;
  /** Whether `binding.gyp` is at the package's top. */
  readonly hasBindingGyp: boolean;
  /** What npm derives fields from. */
  readonly beside: BesideManifest;
}

/** Makes the manifest. Throws `PIOT_NPM_MANIFEST` when the normaliser refuses the name or the version. */
export function makeManifest(manifest: PackageJson, extras: ManifestExtras): Manifest {
  const data = structuredClone(withDerived(withoutOurs(manifest.raw), extras.beside));
  const declared = dependencyNames(data);
  delete data["bin"];
  if (Object.keys(manifest.bin).length > 0) data["bin"] = { ...manifest.bin };
  if (extras.readme !== undefined) data["readme"] = extras.readme.text;
  if (extras.hasBindingGyp) addGypInstall(data);
  try {
    normalize(data as normalize.Input);
  } catch (error) {
    throw new Failure("PIOT_NPM_MANIFEST", `Cannot publish package.json: ${messageOf(error)}`, {
      hint: "Mend the field that the message names",
      cause: error,
    });
  }
  dedupeOptional(data, declared);
  return {
    ...data,
    ...(extras.readme === undefined ? {} : { readmeFilename: extras.readme.name }),
    ...(extras.commit === undefined ? {} : { gitHead: extras.commit }),
    // Says which client sent it; other clients that are not npm write their own name too.
    _npmVersion: USER_AGENT.split(" ")[0],
  } as unknown as Manifest;
}

/** Fields that start with `_`, and `dist`, are the registry's to write; a package.json that was installed has them. */
function withoutOurs(raw: PackageJson["raw"]): Record<string, unknown> {
  const entries = Object.entries(raw).filter(([key]) => !key.startsWith("_") && key !== "dist");
  return Object.fromEntries(entries);
}

function dependencyNames({ dependencies }: Record<string, unknown>): readonly string[] {
  return typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [];
}

/** The normaliser copies optional dependencies into `dependencies`; npm takes them out again before it publishes. */
function dedupeOptional(data: Record<string, unknown>, declared: readonly string[]): void {
  const { dependencies, optionalDependencies } = data;
  if (typeof dependencies !== "object" || dependencies === null) return;
  const optional = Object.keys((optionalDependencies as object | undefined) ?? {});
  const kept = Object.entries(dependencies).filter(([name]) => !optional.includes(name));
  if (kept.length === 0 && declared.every((name) => optional.includes(name))) {
    delete data["dependencies"];
  } else data["dependencies"] = Object.fromEntries(kept);
}

/** npm builds a package with a `binding.gyp` and no install script of its own (npm's docs, scripts). */
function addGypInstall(data: Record<string, unknown>): void {
  const scripts = (data["scripts"] ?? {}) as Record<string, unknown>;
  if (data["gypfile"] === false || scripts["install"] || scripts["preinstall"]) return;
  data["scripts"] = { ...scripts, install: "node-gyp rebuild" };
  data["gypfile"] = true;
}

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
