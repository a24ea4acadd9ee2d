/**
 * Whether a tag that is missing can be proven to belong to a commit. Pure.
 *
 * @module
 */

import { quote, someOf } from "../words/phrases.ts";
import type { VersionRecords } from "./registry_state.ts";

/** What is known of a version that no tag stands for. */
export interface UntaggedVersion {
  /** The package's name in `putitoutthere.toml`. */
  readonly name: string;
  /** As its registry spells it. */
  readonly held: string;
  /** In semver's spelling; undefined where it has none that would become this one again. */
  readonly version: string | undefined;
  /** The tag that would stand for it; undefined where there is no such version. */
  readonly tag: string | undefined;
}

/** Where a commit lies, seen from HEAD. */
export type Place = "within" | "outside" | "unknown";

/** What follows. */
export type TagVerdict =
  | {
    readonly to: "tag";
    readonly version: string;
    readonly tag: string;
    readonly commit: string;
    /** Which records say so, as a phrase: `its gitHead`. */
    readonly source: string;
  }
  | {
    readonly to: "leave";
    /** Why nobody can prove it, as a sentence. */
    readonly why: string;
    /** What somebody who knows better would run, and what is at stake; undefined where no tag could stand for it. */
    readonly command?: string;
    readonly risk?: string;
  };

/**
 * Judges one version. Proven is the commit that every witness among the registry's records names, with nobody who objects,
 * and that HEAD descends from.
 */
export function judgeTag(
  { held, version, tag }: UntaggedVersion,
  { commits, witnesses }: VersionRecords,
  placeOf: (commit: string) => Place,
): TagVerdict {
  if (version === undefined || tag === undefined) {
    return {
      to: "leave",
      why: `${
        quote(held)
      } is no version that a release from here could have: no tag can stand for it`,
    };
  }
  const by = (commit: string): string =>
    `git tag ${tag} ${commit} && git push origin refs/tags/${tag}`;
  const named = new Set([...commits.values()].map(({ commit }) => commit));
  const silent = witnesses.filter((witness) => !commits.has(witness));
  const [commit] = named;
  if (commit === undefined || witnesses.length === 0) {
    return {
      to: "leave",
      why: "the registry's records name no commit",
      command: by("COMMIT"),
      risk: RISK,
    };
  }
  if (named.size > 1) {
    const each = [...commits].map(([file, record]) => `${file} ${record.commit}`);
    return {
      to: "leave",
      why: `the registry's records name several commits: ${someOf(each, 4)}`,
      command: by("COMMIT"),
      risk: RISK,
    };
  }
  if (silent.length > 0) {
    return {
      to: "leave",
      why: `of ${someOf(silent, 3)} the registry's records name no commit, of the rest ${commit}`,
      command: by(commit),
      risk: RISK,
    };
  }
  const place = placeOf(commit);
  if (place !== "within") {
    return {
      to: "leave",
      why: `the registry's records name ${commit}, which ${ELSEWHERE[place]}`,
      command: by(commit),
      risk: "A tag that HEAD does not descend from counts for plans of its own branch alone",
    };
  }
  const { source } = [...commits.values()][0]!;
  return { to: "tag", version, tag, commit, source };
}

const RISK =
  "The next plan counts changes from that commit: where it is the wrong one, some ship twice or never";

const ELSEWHERE: Readonly<Record<Exclude<Place, "within">, string>> = {
  outside: "HEAD does not descend from",
  unknown: "this clone does not have: fetch the whole history, and run again",
};
