/**
 * The commit that a registry's own records name for what it holds of a version: whoever published wrote it there, so that
 * it is read like any stranger's words.
 *
 * @module
 */

/** What the records say of one file. */
export interface CommitRecord {
  /** Full object id, in lower case. */
  readonly commit: string;
  /** Which record says so, as a phrase: `its provenance`, `its gitHead`. */
  readonly source: string;
  /** The repository that the record names, as it does: `https://github.com/ada/engine`; undefined when it names none. */
  readonly repository?: string;
}

/** What a registry's records say of the files of one version. */
export interface Records {
  /**
   * By file name; nothing for a file of which they name no commit. Files of this very version that the prepared release
   * does not have are here too, where the registry lists them.
   */
  readonly commits: ReadonlyMap<string, CommitRecord>;
  /** Sentences about records that contradict each other, or that nobody can read. */
  readonly notes: readonly string[];
}

/**
 * A full object id (SHA-1 or SHA-256) in lower case; undefined for anything else. A short one may be the beginning of
 * several commits, and zeros alone are git's word for none.
 */
export function readCommitId(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value)) {
    return undefined;
  }
  return /^0+$/.test(value) ? undefined : value.toLowerCase();
}
