/**
 * The failures of a release that a registry's records name another commit for: which file belongs to which, and what to do.
 *
 * @module
 */

import type { CommitRecord } from "../../core/release/commit_record.ts";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import type { Ancestry } from "../../host/git_facts/ancestry.ts";
import type { Release, ReleaseFile } from "../../registry/registry.ts";
import { tagCommands, wayOn } from "./judge_refusals.ts";

/** A file that the registry has, and the commit that it belongs to. */
export interface Part {
  /** Its name on the registry. */
  readonly name: string;
  /** Undefined where nothing names one. */
  readonly commit: string | undefined;
  /** What names it; undefined where the same bytes speak for HEAD. */
  readonly record?: CommitRecord;
}

/** Names that are spelled out; a family of platform packages has more of them than anybody reads. */
const MOST = 6;

/** `PIOT_COMMIT_ELSEWHERE`: the commit is not in this history, as far as this clone knows. */
export function madeElsewhere(
  release: Release,
  { parts, ancestry: { lies, isShallow } }: {
    readonly parts: readonly Part[];
    readonly ancestry: Ancestry;
  },
): Failure {
  const { package: { name }, version, tag } = release;
  const commit = parts[0]!.commit!;
  const isHere = lies.get(commit) === "outside";
  const where = isHere
    ? `is not in the history of ${release.commit}`
    : isShallow
    ? "is not in this clone, which is shallow"
    : "this clone does not have";
  const deepen = "Set `fetch-depth: 0` on actions/checkout (elsewhere run " +
    "`git fetch --unshallow --tags`) and run again. If that commit is in no branch any more: ";
  const byHand = `when it is a release of this repository, tag it by hand (${
    tagCommands({ name, version, tag }, commit).join(" && ")
  }) and merge it. Else: `;
  return new Failure(
    "PIOT_COMMIT_ELSEWHERE",
    `Cannot release ${name} ${version}: ${recordWords(parts)}, which ${where}`,
    { hint: `${isShallow && !isHere ? deepen : sentence(byHand)}${wayOn(release)}` },
  );
}

/** `PIOT_RELEASE_HALF`: an earlier commit of this history began it. */
export function halfElsewhere(
  release: Release,
  { parts, absent }: { readonly parts: readonly Part[]; readonly absent: readonly ReleaseFile[] },
): Failure {
  const { package: { name }, version } = release;
  const missing = someOf(absent.map((file) => file.name), MOST);
  const commit = parts[0]!.commit!;
  return new Failure(
    "PIOT_RELEASE_HALF",
    `Cannot complete ${name} ${version} from ${release.commit}: ${recordWords(parts)}; ${missing} ${
      absent.length === 1 ? "is" : "are"
    } missing`,
    {
      hint:
        `Complete it where it was begun: run the release of ${commit} again, or check that commit out and ` +
        `publish with --release ${name}@${version}. What has changed since ships after that. Or give it up. ` +
        wayOn(release),
      commands: [
        `gh run list --commit ${commit}`,
        "gh run rerun RUN --failed",
        `git checkout ${commit}`,
        `putitoutthere publish --release ${name}@${version}`,
        "git checkout -",
      ],
    },
  );
}

/** `PIOT_RELEASE_MIXED`: no commit holds all of it. */
export function mixedCommits(release: Release, parts: readonly Part[]): Failure {
  const { package: { name }, version } = release;
  const byCommit = new Map<string | undefined, Part[]>();
  for (const part of parts) {
    byCommit.set(part.commit, [...byCommit.get(part.commit) ?? [], part]);
  }
  const list = [...byCommit.values()].map((group) => groupWords(group)).join("; ");
  return new Failure(
    "PIOT_RELEASE_MIXED",
    `Cannot release ${name} ${version}: the registry has parts of it from different commits: ${list}`,
    {
      hint:
        `No tag could be true of it. ${
          wayOn(release)
        }; take this one back where the registry lets you ` +
        "(deprecate or yank it)",
    },
  );
}

/** `the registry's records name 0123… for demo@1.0.0 (its gitHead)` */
export function recordWords(parts: readonly Part[]): string {
  return `the registry's records name ${groupWords(parts, " for ")}`;
}

function groupWords(parts: readonly Part[], between = ": "): string {
  const sources = parts.map(({ record }) =>
    record === undefined
      ? "the same bytes as here, of no commit that is named"
      : sourceWords(record)
  );
  const names = someOf(parts.map(({ name }) => name), MOST);
  return `${parts[0]!.commit}${between}${names} (${[...new Set(sources)].join("; ")})`;
}

function sourceWords({ source, repository }: CommitRecord): string {
  return repository === undefined ? source : `${source}, of ${repository}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
