/**
 * What the local npm registry remembers, and what a test or a rehearsal may do to it from behind.
 *
 * @module
 */

import type { JwkSet } from "../identity/json_web_token.ts";
import type { LocalSigstore } from "../sigstore/serve_sigstore.ts";
import { createLogKey, type LogKey } from "../sigstore/transparency_log.ts";
import type { OutsideNpm } from "./through/outside_npm.ts";

/** What a token may do. */
export interface TokenGrant {
  /** The user that it belongs to; of a trusted publisher's token the package's owner. */
  readonly user: string;
  /** `read` looks like nothing at all to an upload; `publish` is the default. */
  readonly can?: "publish" | "read";
  /** Of a token of trusted publishing: what its configuration allows. Such a token does nothing else. */
  readonly trusted?: TrustConfig["permissions"];
  /** When it ends, in milliseconds since 1970; never when left out. */
  readonly expires?: number;
  /** The one-time password of its user, for what asks for a second factor. */
  readonly otp?: string;
  /** The only names it may write; every name when left out. */
  readonly packages?: readonly string[];
  /** Why the registry turns it away although it knows it. */
  readonly refused?: "revoked" | "otp" | "two-factor" | "address";
  /** Whether its user pays for private packages. */
  readonly paid?: boolean;
}

/** Whom a package trusts (npm's docs, `npm trust`). */
export interface TrustConfig {
  /** `owner/name`. */
  readonly repository: string;
  /** The bare file name of the calling workflow. */
  readonly workflow: string;
  /** The job's environment; a job with one fits only where it is said. */
  readonly environment?: string;
  readonly permissions: readonly ("createPackage" | "createStagedPackage")[];
}

/** An upload whose shape is right; whether its contents are true is still open. */
export interface PublishDocument {
  readonly name: string;
  readonly version: string;
  readonly tag: string;
  readonly access: "public" | "restricted" | undefined;
  readonly manifest: Json;
  readonly tarball: Uint8Array;
  /** The length that the document claims. */
  readonly claimedLength: unknown;
  /** The provenance: a Sigstore bundle. */
  readonly provenance: Json | undefined;
}

/** A version that waits for approval. */
export interface StagedVersion {
  readonly id: string;
  readonly document: PublishDocument;
  /** The user that it was staged for. */
  readonly actor: string;
  /** Whether a trusted publisher staged it. */
  readonly isTrusted: boolean;
  readonly createdAt: string;
}

/** How much the registry takes. The real one's limits are not documented (npm/cli#4794, pulumi-azure-native#2294). */
export interface Limits {
  /** Bytes of an upload's body. */
  readonly payload: number;
  /** Files in a tarball. */
  readonly files: number;
}

/** A document as JSON has it. */
export type Json = Record<string, unknown>;

/** One version, as it is served. */
export interface StoredVersion {
  manifest: Json;
  readonly tarball: Uint8Array;
  /** Whether it was accepted and is not shown yet. */
  pending: boolean;
  /** Its provenance, as it was uploaded. */
  readonly provenance: Json | undefined;
  /** What the registry itself has signed about it, beside a provenance. */
  readonly attestation?: Json | undefined;
  /** Whether it stands for what was released before, and its bytes are nobody's; not when left out. */
  readonly isMadeUp?: boolean;
}

/** One name. */
export interface StoredPackage {
  readonly name: string;
  /** Whom its trusted publisher's tokens are of. */
  readonly owner: string;
  /** Users who may write it; the owner alone when left out. */
  maintainers?: readonly string[];
  /** Users who have starred it. */
  stars?: ReadonlySet<string>;
  access: "public" | "restricted";
  readonly distTags: Map<string, string>;
  readonly versions: Map<string, StoredVersion>;
  /** Version → ISO date, also of versions that are gone. */
  readonly time: Map<string, string>;
  /** Set when the whole package was unpublished. */
  unpublished?: { readonly time: string; readonly versions: readonly string[] };
  /** Raised with every write. */
  revision: number;
}

/** What the registry needs of a Sigstore: its roots, and its log for attestations of its own. */
export type TrustedSigstore = Pick<LocalSigstore, "trustedRoot" | "attest">;

/** The registry's memory. */
export interface NpmState {
  /** The server's own address, without a slash at the end. */
  readonly url: string;
  readonly tokens: Readonly<Record<string, TokenGrant>>;
  /** Tokens of trusted publishing, each for one package. */
  readonly minted: Map<string, TokenGrant>;
  /** Tokens that their users have ended. */
  readonly revoked: Set<string>;
  readonly packages: Map<string, StoredPackage>;
  /** Package → whom it trusts. May be changed as an owner would on npm's site. */
  readonly trust: Map<string, TrustConfig>;
  /** The identity provider whose tokens are exchanged; without one no token fits. */
  readonly identity: { readonly jwks: JwkSet } | undefined;
  /** The Sigstore whose provenance is believed; without one no provenance is. */
  readonly sigstore: TrustedSigstore | undefined;
  /** What the registry signs versions with. */
  readonly key: LogKey;
  /** Scope with its `@` → the users who may publish in it; of others, see `mayUseScope`. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  /** By id. */
  readonly staged: Map<string, StagedVersion>;
  readonly limits: Limits;
  readonly now: () => Date;
  /** Where is read what is not held here; nowhere when undefined. */
  readonly outside: OutsideNpm | undefined;
  /** Names of which nothing is read from outside: those that a release makes. */
  readonly closed: Set<string>;
  /** Accepts uploads without showing them, as npm does at busy hours, until {@link reveal} is called. */
  slow: boolean;
  /** Shows every version that was accepted. */
  readonly reveal: () => void;
  /** Unpublishes one version, or the whole package. The numbers stay taken. */
  readonly unpublish: (name: string, version?: string) => void;
}

/** What a memory starts with. */
export interface StateOptions {
  readonly tokens: Readonly<Record<string, TokenGrant>>;
  readonly now: () => Date;
  readonly trust?: Readonly<Record<string, TrustConfig>> | undefined;
  readonly identity?: NpmState["identity"];
  readonly sigstore?: TrustedSigstore | undefined;
  readonly scopes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly outside?: OutsideNpm | undefined;
}

const LIMITS: Limits = { payload: 256 * 2 ** 20, files: 65_000 };

/** An empty registry at an address. */
export function createState(url: string, options: StateOptions): NpmState {
  const { tokens, now, trust = {}, identity, sigstore, scopes = {}, limits, outside } = options;
  const packages = new Map<string, StoredPackage>();
  return {
    url,
    tokens,
    minted: new Map(),
    revoked: new Set(),
    packages,
    trust: new Map(Object.entries(trust)),
    identity,
    sigstore,
    key: createLogKey(),
    scopes: new Map(Object.entries(scopes)),
    staged: new Map(),
    limits: { ...LIMITS, ...limits },
    outside,
    closed: new Set(),
    now,
    slow: false,
    reveal: () => {
      for (const { versions } of packages.values()) {
        for (const version of versions.values()) version.pending = false;
      }
    },
    unpublish: (name, version) => {
      const stored = packages.get(name);
      if (stored === undefined) throw new Error(`no package ${name} to unpublish`);
      if (version === undefined) unpublishAll(stored, now());
      else unpublishOne(stored, version);
      stored.revision++;
    },
  };
}

function unpublishAll(stored: StoredPackage, now: Date): void {
  stored.unpublished = { time: now.toISOString(), versions: [...stored.versions.keys()] };
  stored.versions.clear();
  stored.distTags.clear();
}

function unpublishOne({ versions, distTags }: StoredPackage, version: string): void {
  if (!versions.delete(version)) throw new Error(`no version ${version} to unpublish`);
  for (const [tag, held] of distTags) if (held === version) distTags.delete(tag);
}

/** Where a version's tarball is, below the registry; its file is named without the scope: `@a/b/-/b-1.0.0.tgz`. */
export function tarballPath(name: string, version: string): string {
  return `${name}/-/${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;
}

/** How a packument names its revision. */
export function revisionOf({ revision }: Pick<StoredPackage, "revision">): string {
  return `${revision}-rehearsal`;
}

/** Users who may write a package. */
export function maintainersOf({ owner, maintainers }: StoredPackage): readonly string[] {
  return maintainers ?? [owner];
}

/** A user as packuments show one. */
export function personOf(user: string): { readonly name: string; readonly email: string } {
  return { name: user, email: `${user}@users.invalid` };
}

/** Versions that readers see. */
export function visibleVersions({ versions }: StoredPackage): readonly [string, StoredVersion][] {
  return [...versions].filter(([, { pending }]) => !pending);
}
