/**
 * What the local npm registry remembers, and what a test or a rehearsal may do to it from behind.
 *
 * @module
 */

/** What a token may do. */
export interface TokenGrant {
  /** The user that it belongs to. */
  readonly user: string;
  /** `read` looks like nothing at all to an upload; `publish` is the default. */
  readonly can?: "publish" | "read";
  /** The only names it may write; every name when left out. */
  readonly packages?: readonly string[];
  /** Why the registry turns it away although it knows it. */
  readonly refused?: "revoked" | "otp" | "two-factor" | "address";
  /** Whether its user pays for private packages. */
  readonly paid?: boolean;
}

/** A document as JSON has it. */
export type Json = Record<string, unknown>;

/** One version, as it is served. */
export interface StoredVersion {
  readonly manifest: Json;
  readonly tarball: Uint8Array;
  /** Whether it was accepted and is not shown yet. */
  pending: boolean;
}

/** One name. */
export interface StoredPackage {
  readonly name: string;
  readonly owner: string;
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

/** The registry's memory. */
export interface NpmState {
  /** The server's own address, without a slash at the end. */
  readonly url: string;
  readonly tokens: Readonly<Record<string, TokenGrant>>;
  readonly packages: Map<string, StoredPackage>;
  readonly now: () => Date;
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
}

/** An empty registry at an address. */
export function createState(url: string, { tokens, now }: StateOptions): NpmState {
  const packages = new Map<string, StoredPackage>();
  return {
    url,
    tokens,
    packages,
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

/** Versions that readers see. */
export function visibleVersions({ versions }: StoredPackage): readonly [string, StoredVersion][] {
  return [...versions].filter(([, { pending }]) => !pending);
}
