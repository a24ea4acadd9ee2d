/**
 * What `--release` asks for, held against what there is.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Standing } from "./facts.ts";
import type { ReleaseRequest } from "./release_request_type.ts";
import { didYouMean } from "./suggest.ts";
import { renderTag } from "./tag.ts";
import { isVersion } from "./version.ts";

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
export function judgeRequests(
  standing: Pick<Standing, "config" | "tags" | "requests"> & { readonly head?: { id: string } },
): JudgedRequests {
  const packages = new Map(standing.config.packages.map((one) => [one.name, one]));
  const commits = new Map(standing.tags.map((tag) => [tag.name, tag.commit]));
  const byName = new Map<string, ReleaseRequest>();
  const failures: Failure[] = [];
  for (const request of standing.requests ?? []) {
    const owner = packages.get(request.name);
    const earlier = byName.get(request.name);
    const commit = owner === undefined || request.version === undefined
      ? undefined
      : commits.get(renderTag(owner, request.version));
    const failure = owner === undefined
      ? unknownPackage(request.name, [...packages.keys()])
      : request.version !== undefined && !isVersion(request.version)
      ? invalidVersion(request)
      : earlier !== undefined && !sameRequest(earlier, request)
      ? conflict(request.name)
      : commit !== undefined && commit !== standing.head?.id
      ? versionTaken(request, renderTag(owner, request.version!), commit)
      : undefined;
    if (failure === undefined) byName.set(request.name, request);
    else failures.push(failure);
  }
  return { byName, failures };
}

function sameRequest(a: ReleaseRequest, b: ReleaseRequest): boolean {
  return a.version === b.version && a.bump === b.bump;
}

function unknownPackage(name: string, known: readonly string[]): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE",
    `Cannot release ${JSON.stringify(name)}: no such package is declared`,
    { hint: [...didYouMean(name, known), `Declared packages: ${known.join(", ")}`].join(" ") },
  );
}

function invalidVersion({ name, version }: ReleaseRequest): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_INVALID",
    `Cannot release ${name} at ${JSON.stringify(version)}: it is not a semantic version`,
    { hint: "Write three numbers, and a pre-release after `-` if need be: 1.4.0, 2.0.0-rc.1" },
  );
}

function conflict(name: string): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_CONFLICT",
    `Cannot release ${JSON.stringify(name)}: it is asked for in two different ways`,
    { hint: "Ask for each package once" },
  );
}

function versionTaken({ name, version }: ReleaseRequest, tag: string, commit: string): Failure {
  return new Failure(
    "PIOT_RELEASE_REQUEST_VERSION_TAKEN",
    `Cannot release ${name} at ${version}: the tag "${tag}" stands on another commit, ${commit}`,
    { hint: "Ask for a version that was not released yet, or check that commit out and run there" },
  );
}
