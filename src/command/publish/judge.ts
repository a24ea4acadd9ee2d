/**
 * What follows from what a registry holds and from the commits that its records name: upload, leave alone, tag where it was
 * made, or refuse.
 *
 * @module
 */

import type { Records } from "../../core/release/commit_record.ts";
import type { Failure } from "../../error.ts";
import type { Ancestry } from "../../host/git_facts/ancestry.ts";
import type { Look, Prepared, Presence, ReleaseFile } from "../../registry/registry.ts";
import { untaggedHistory, versionTaken } from "./judge_refusals.ts";
import { halfElsewhere, madeElsewhere, mixedCommits, type Part } from "./whose_refusals.ts";

/** A file that the registry has with other bytes, of the same commit. */
export interface KeptFile {
  readonly file: ReleaseFile;
  /** The digest that the registry has. */
  readonly held: string;
}

/** What is said of a kept file: both digests. */
export function keptWords({ digest }: ReleaseFile, held: string): string {
  return `other bytes of this very commit: kept as it is there (${held} there, ${digest} here)`;
}

/** What to do about one release. */
export type Verdict =
  /** Send what is absent; empty when everything is there. Kept files stay as the registry has them. */
  | {
    readonly to: "send";
    /** The commit that the release belongs to: HEAD, or the earlier one that all of it was made from. */
    readonly commit: string | undefined;
    readonly absent: readonly ReleaseFile[];
    readonly kept: readonly KeptFile[];
  }
  /** Send nothing in this run: the packages that it needs ship anew in the next one. */
  | { readonly to: "wait"; readonly by: readonly string[] }
  /** Do nothing: the failure is this package's own. */
  | { readonly to: "refuse"; readonly failure: Failure };

/** What is known besides the look. */
export interface Whose {
  readonly records: Records;
  /** Where the commits lie that the records name. */
  readonly ancestry: Ancestry;
}

/** No records, as of a registry that holds nothing. */
export const SILENT: Whose = {
  records: { commits: new Map(), notes: [] },
  ancestry: { lies: new Map(), isShallow: false },
};

/**
 * Judges one release. Pure: the same look and records give the same verdict. The commit that the records name decides,
 * for the same bytes as for others; where they name none, the same bytes are HEAD's, and others are nobody's. Parts of two
 * commits are never one release.
 */
export function judge(prepared: Prepared, look: Look, whose: Whose = SILENT): Verdict {
  const { release, files } = prepared;
  const shown = files.map((file) => partOf(file, { prepared, look, whose }));
  const absent = files.filter((_, at) => shown[at]!.state === "absent");
  for (const [at, file] of files.entries()) {
    const { state, held, commit } = shown[at]!;
    if (state === "other" && commit === undefined) {
      return refuse(versionTaken(release, { file, held: held! }));
    }
  }
  const parts = [
    ...shown.filter(({ state }) => state !== "absent"),
    ...strays(files, whose.records),
  ];
  const [first] = parts;
  const owner = first?.commit ?? release.commit;
  if (parts.some(({ commit }) => commit !== first?.commit)) {
    return refuse(mixedCommits(release, parts));
  }
  const isHeads = owner === release.commit;
  if (!isHeads && whose.ancestry.lies.get(owner!) !== "within") {
    return refuse(madeElsewhere(release, { parts, ancestry: whose.ancestry }));
  }
  if (!isHeads && absent.length > 0) return refuse(halfElsewhere(release, { parts, absent }));
  // What no tag tells about: a history that is not ours. Without git there are no tags to miss.
  const { previous, commit } = release;
  const foreign = previous === null && commit !== undefined ? look.notBelow : [];
  if (foreign.length > 0) return refuse(untaggedHistory(release, foreign));
  const kept = isHeads ? files.flatMap((file, at) => keptOf(file, shown[at]!)) : [];
  return { to: "send", commit: owner, absent, kept };
}

/** A file of the release as the registry has it, and whose it is. */
interface Shown extends Part {
  readonly state: Presence["state"];
  /** The digest that the registry has, when it is another. */
  readonly held?: string;
}

function partOf(
  file: ReleaseFile,
  { prepared, look, whose }: {
    readonly prepared: Prepared;
    readonly look: Look;
    readonly whose: Whose;
  },
): Shown {
  const { name } = file;
  const presence = look.files.get(name);
  if (presence === undefined) throw new Error(`unreachable: nobody looked for ${name}`);
  const { state } = presence;
  if (state === "absent") return { name, state, commit: undefined };
  const record = whose.records.commits.get(name);
  const silent = state === "same" ? prepared.release.commit : undefined;
  return {
    ...{ name, state, commit: record?.commit ?? silent },
    ...(record === undefined ? {} : { record }),
    ...(state === "other" ? { held: presence.held } : {}),
  };
}

/** What the registry has of this version besides, as far as its records name a commit of it. */
function strays(files: readonly ReleaseFile[], { commits }: Records): readonly Part[] {
  const own = new Set(files.map(({ name }) => name));
  return [...commits].flatMap(([name, record]) =>
    own.has(name) ? [] : [{ name, commit: record.commit, record }]
  );
}

function keptOf(file: ReleaseFile, { state, held }: Shown): readonly KeptFile[] {
  return state === "other" ? [{ file, held: held! }] : [];
}

const refuse = (failure: Failure): Verdict => ({ to: "refuse", failure });
