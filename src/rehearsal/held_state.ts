/**
 * What the registries hold: every file with the digest of its bytes, npm's dist-tags, and what the transparency log says
 * of it all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { CratesState } from "./crates/crates_state.ts";
import type { Json, NpmState } from "./npm/state.ts";
import type { PypiState } from "./pypi/state.ts";
import type { ServiceName } from "./server/places.ts";

/** A file that a registry holds. */
export interface HeldFile {
  /** `crates.io`, `PyPI` or `npm`. */
  readonly registry: ServiceName;
  /** Its name, as a run calls it: `demo-1.0.0.crate`, `demo-1.0.0.tar.gz`, `@acme/demo@1.0.0`. */
  readonly file: string;
  /** `sha256:` or `sha512:` and the hex digest of its bytes. */
  readonly digest: string;
  /** Whether it was published with provenance. */
  readonly provenance: boolean;
  /** Entries of the transparency log about these bytes: one for each time that they were signed and entered. */
  readonly entries: number;
}

/** What everything comes to. */
export interface HeldState {
  /** In the order of their names. */
  readonly files: readonly HeldFile[];
  /** Package → dist-tag → version, of npm. */
  readonly distTags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The versions that wait for approval: `@acme/demo@1.0.0`. */
  readonly waiting: readonly string[];
  /** Entries of the transparency log about nothing that npm holds. */
  readonly strayEntries: number;
}

/** The memories of the services. */
export interface Memories {
  readonly crates: CratesState;
  readonly pypi: PypiState;
  readonly npm: NpmState;
  /** Bodies of the transparency log's entries, as JSON; none without a log. */
  readonly log: readonly string[];
}

/** Reads them all. */
export function readHeldState({ crates, pypi, npm, log }: Memories): HeldState {
  const signed = log.map(payloadHash);
  const npmFiles = [...npm.packages.values()].flatMap(({ name, versions }) =>
    [...versions].map(([version, { tarball, provenance }]): HeldFile => ({
      registry: "npm",
      file: `${name}@${version}`,
      digest: digestOf("sha512", tarball),
      provenance: provenance !== undefined,
      entries: provenance === undefined ? 0 : count(signed, hashOfBundle(provenance)),
    }))
  );
  const files = [...cratesFiles(crates), ...pypiFiles(pypi), ...npmFiles];
  return {
    files: files.sort((left, right) => left.file < right.file ? -1 : 1),
    distTags: Object.fromEntries(
      [...npm.packages].sort(([left], [right]) => left < right ? -1 : 1)
        .map(([name, { distTags }]) => [name, Object.fromEntries(distTags)]),
    ),
    waiting: [...npm.staged.values()].map(({ document: { name, version } }) => `${name}@${version}`)
      .sort(),
    strayEntries: log.length - npmFiles.reduce((sum, { entries }) => sum + entries, 0),
  };
}

function cratesFiles({ crates }: CratesState): readonly HeldFile[] {
  return [...crates.values()].flatMap(({ name, versions }) =>
    versions.map(({ version, tarball }) =>
      unsigned("crates.io", { file: `${name}-${version}.crate`, bytes: tarball })
    )
  );
}

function pypiFiles({ files }: PypiState): readonly HeldFile[] {
  return [...files.values()].map(({ name, bytes }) => unsigned("PyPI", { file: name, bytes }));
}

function unsigned(
  registry: ServiceName,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
): HeldFile {
  return { registry, file, digest: digestOf("sha256", bytes), provenance: false, entries: 0 };
}

function digestOf(algorithm: "sha256" | "sha512", bytes: Uint8Array): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** The log keeps of a statement its digest alone. */
function payloadHash(entry: string): string {
  return JSON.parse(entry).spec.payloadHash.value;
}

function hashOfBundle(bundle: Json): string {
  const { payload } = bundle["dsseEnvelope"] as { payload: string };
  return createHash("sha256").update(Buffer.from(payload, "base64")).digest("hex");
}

function count(digests: readonly string[], wanted: string): number {
  return digests.filter((digest) => digest === wanted).length;
}
