/**
 * What the local crates.io holds, and when two names or two versions are one to it.
 *
 * @module
 */

import type { JwkSet } from "../identity/json_web_token.ts";
import type { Demand } from "./through/stand_in.ts";

/** A name as the database compares it: `canon_crate_name` in rust-lang/crates.io's schema. */
export function canonicalName(name: string): string {
  return name.replace(/-/g, "_").toLowerCase();
}

/** A version without its build metadata, which makes no other version of it (rust-lang/crates.io, `publish.rs`). */
export function uniqueVersion(version: string): string {
  const plus = version.indexOf("+");
  return plus < 0 ? version : version.slice(0, plus);
}

/** One published version. */
export interface LocalVersion {
  /** As published, with build metadata. */
  readonly version: string;
  /** sha256 of the tarball, lower-case hex. */
  readonly cksum: string;
  readonly tarball: Uint8Array;
  /** Its index line; `yanked` is the only part that changes. */
  readonly line: Readonly<Record<string, unknown>>;
  yanked: boolean;
  readonly createdAt: Date;
  /** Who uploaded it: a user's login; undefined for a workflow. */
  readonly publishedBy: string | undefined;
  /** What a trusted publisher's upload is marked with; null for a user's. */
  readonly trustpubData: Readonly<Record<string, unknown>> | null;
  /** Whether it stands for what was released before, and its bytes are nobody's; not when left out. */
  readonly isMadeUp?: boolean;
  /** What `cargo search` shows; nothing when left out. */
  readonly description?: string;
}

/** One crate. */
export interface LocalCrate {
  /** In the spelling of its first release. */
  readonly name: string;
  /** Logins. */
  readonly owners: Set<string>;
  readonly versions: LocalVersion[];
  /** Whether tokens of users are refused for new versions. */
  trustpubOnly: boolean;
}

/** A token that a workflow got for its identity token. */
export interface LocalTrustedToken {
  /** `cio_tp_` and 32 letters and digits. */
  readonly secret: string;
  /** The crates that have this workflow on file. */
  readonly crates: readonly string[];
  /** What its versions are marked with. */
  readonly trustpubData: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch after which nobody knows it; never when left out. */
  readonly expires?: number;
}

/** A job of GitHub Actions that a crate has on file as a trusted publisher. */
export interface PublisherConfig {
  /** `owner/name`, in any case. */
  readonly repository: string;
  /** The id that the owner had when this was put on file; whoever asks has the right one when left out. */
  readonly ownerId?: string;
  /** The file name of the workflow, in its case. */
  readonly workflow: string;
  /** The environment that the job must run in, in any case; none is asked for when left out. */
  readonly environment?: string;
}

/** A bucket of uploads that refills, one for each user and kind of upload. */
export interface Bucket {
  /** Uploads that are left, as of `at`. */
  left: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** A server that the index is read from: it has what was uploaded last, or is behind. */
export type Edge = "fresh" | "behind";

/** Everything the server knows; tests and rehearsals may look and change. */
export interface CratesState {
  /** By canonical name. */
  readonly crates: Map<string, LocalCrate>;
  /** Crates that their owners deleted, by canonical name: the spelling, and from when on the name is free again. */
  readonly deleted: Map<string, { readonly name: string; readonly until: Date }>;
  /** Who may publish which crate without a user, by the crate's canonical name. */
  readonly publishers: Map<string, readonly PublisherConfig[]>;
  /** The issuer whose identity tokens are exchanged; none is by default. */
  identity: { readonly jwks: JwkSet } | undefined;
  /** Ids of the identity tokens that were exchanged: each is taken once. */
  readonly usedJtis: Set<string>;
  /** Tokens of workflows that crates trust. */
  readonly trusted: LocalTrustedToken[];
  /**
   * How many reads of a crate's index file still see the file from before an upload: 0 shows it at once, infinity hides
   * it until {@link CratesState.flushIndex}.
   */
  indexLag: number;
  /**
   * What the reads of a crate's index file after an upload come from, one after the other, in place of a lag: an edge that
   * has the upload, or one that is behind. Edges do not agree, so that what was shown may be gone again.
   */
  indexEdges: readonly Edge[];
  /** Makes every upload visible in the index. */
  readonly flushIndex: () => void;
  /** Whether uploads are counted against crates.io's limits. */
  rateLimit: boolean;
  /** How many versions one crate may get in 24 hours; crates.io's own number is not public. No limit by default. */
  mostDaily: number;
  /** Buckets by user and kind. */
  readonly buckets: Map<string, Bucket>;
  /** Index files from before an upload, with the reads that are left for them, or with whom the next reads meet. */
  readonly stale: Map<string, { readonly versions: number; reads: number; edges: Edge[] }>;
  /** Canonical names of which nothing exists but what is held here, whatever the outside has. */
  readonly closed: Set<string>;
  /**
   * What manifests ask of a crate, by its name in lower case: while it is there, a crate that nobody can give is stood in
   * for, so that cargo can pack what depends on it.
   */
  demands: ((name: string) => Promise<readonly Demand[]>) | undefined;
}

/** An empty crates.io. */
export function createCratesState(): CratesState {
  const stale: CratesState["stale"] = new Map();
  return {
    crates: new Map(),
    deleted: new Map(),
    publishers: new Map(),
    identity: undefined,
    usedJtis: new Set(),
    trusted: [],
    indexLag: 0,
    indexEdges: [],
    flushIndex: () => stale.clear(),
    rateLimit: false,
    mostDaily: Infinity,
    buckets: new Map(),
    stale,
    closed: new Set(),
    demands: undefined,
  };
}

/** A crate by any spelling of its name. */
export function findCrate(state: CratesState, name: string): LocalCrate | undefined {
  return state.crates.get(canonicalName(name));
}

/** Adds a version, and the crate when it is the first. The index shows it after the state's lag. */
export function holdVersion(
  state: CratesState,
  { name, owner, version }: {
    readonly name: string;
    readonly owner: string;
    readonly version: LocalVersion;
  },
): void {
  const key = canonicalName(name);
  const crate = state.crates.get(key) ??
    { name, owners: new Set([owner]), versions: [], trustpubOnly: false };
  if (state.indexLag > 0 || state.indexEdges.length > 0) {
    const versions = state.stale.get(key)?.versions ?? crate.versions.length;
    state.stale.set(key, { versions, reads: state.indexLag, edges: [...state.indexEdges] });
  }
  crate.versions.push(version);
  state.crates.set(key, crate);
}
