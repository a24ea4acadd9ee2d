/**
 * What `--release` asks for, held against what there is.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { CommitFact, ReleaseRequest, Standing } from "../model/facts.ts";
import type { Package } from "../model/package.ts";
import { conflictOf } from "../request/release_request.ts";
import { didYouMean } from "../words/suggest.ts";
import { renderTag } from "../release/tag.ts";
import { isVersion } from "../model/version.ts";

/** Requests by package name, and what is wrong with those that are left out of it. */
export interface JudgedRequests {
  readonly byName: ReadonlyMap<string, ReleaseRequest>;
  readonly failures: readonly Failure[];
}

/**
 * Judges requests: `PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE`, `PIOT_RELEASE_REQUEST_CONFLICT` when one name is asked for
 * in two ways, `PIOT_RELEASE_REQUEST_INVALID` for a version that is none, and `PIOT_RELEASE_REQUEST_VERSION_TAKEN`
 * when the version's tag stands on another commit.
 */
export function judgeRequests(scene: RequestScene): JudgedRequests {
  const byName = new Map<string, ReleaseRequest>();
  const failures: Failure[] = [];
  if (scene.requests === undefined) return { byName, failures };
  const known: Known = {
    packages: new Map(scene.config.packages.map((one) => [one.name, one])),
    commits: new Map(scene.tags.map((tag) => [tag.name, tag.commit])),
    head: scene.head?.id,
  };
  for (const request of scene.requests) {
    const earlier = byName.get(request.name);
    const failure = (earlier === undefined ? undefined : conflictOf(earlier, request)) ??
      judgeRequest(known, request);
    if (failure === undefined) byName.set(request.name, request);
    else failures.push(failure);
  }
  return { byName, failures };
}

/** What requests are judged by; no head outside a git work tree. */
export type RequestScene = Pick<Standing, "config" | "tags" | "requests"> & {
  readonly head?: Pick<CommitFact, "id">;
};

interface Known {
  readonly packages: ReadonlyMap<string, Package>;
  /** By tag. */
  readonly commits: ReadonlyMap<string, string>;
  readonly head: string | undefined;
}

function judgeRequest(known: Known, request: ReleaseRequest): Failure | undefined {
  const owner = known.packages.get(request.name);
  if (owner === undefined) return unknownPackage(request.name, [...known.packages.keys()]);
  if (request.version === undefined) return undefined;
  if (!isVersion(request.version)) return invalidVersion(request, "it is not a semantic version");
  // As for `first_version`: registries take `1.0.0+a` and `1.0.0+b` for one version, or none of them.
  if (request.version.includes("+")) return invalidVersion(request, "it has build metadata");
  const tag = renderTag(owner, request.version);
  const commit = known.commits.get(tag);
  const isTaken = commit !== undefined && commit !== known.head;
  return isTaken ? versionTaken(request, tag, commit) : undefined;
}

function unknownPackage(name: string, known: readonly string[]): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE",
    `Cannot release ${JSON.stringify(name)}: no such package is declared`,
    { hint: [...didYouMean(name, known), `Declared packages: ${known.join(", ")}`].join(" ") },
  );
}

function invalidVersion({ name, version }: ReleaseRequest, found: string): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_INVALID",
    `Cannot release ${name} at ${JSON.stringify(version)}: ${found}`,
    { hint: "Write three numbers, and a pre-release after `-` if need be: 1.4.0, 2.0.0-rc.1" },
  );
}

function versionTaken({ name, version }: ReleaseRequest, tag: string, commit: string): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_VERSION_TAKEN",
    `Cannot release ${name} at ${version}: the tag "${tag}" stands on another commit, ${commit}`,
    { hint: "Ask for a version that was not released yet, or check that commit out and run there" },
  );
}
