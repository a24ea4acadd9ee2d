/**
 * Release requests, held against the declared packages: what other release tools call a package gets the name that it has
 * here, and what cannot be released is told.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Config } from "../model/config.ts";
import { rulesOf } from "../model/kind.ts";
import type { Package } from "../model/package.ts";
import { conflictOf, type RequestedRelease, subjectOf } from "./requested_release.ts";
import type { CommitFact, ReleaseRequest, Standing } from "../model/facts.ts";
import { didYouMean } from "../words/phrases.ts";
import { indexTags, renderTag, tagProblem } from "../release/tag.ts";
import { highestFirst, isVersion } from "../model/version.ts";

/** Requests by name, and sentences about those that no package here answers to. */
export interface ResolvedRequests {
  /** What was asked for; the same package may be there more than once. */
  readonly requests: readonly ReleaseRequest[];
  /** Sentences about what other tools released beside it. */
  readonly warnings: readonly string[];
}

/**
 * Gives every request a package's name. A folder means each package whose `path` it is: a crate and its wheel may share
 * one. A crate means the package of a Cargo.toml with that name on the registry. release-please and release-plz also
 * release what piot does not publish, so what matches nothing is a warning, as long as anything matches.
 *
 * Throws `PIOT_RELEASE_REQUEST_UNMATCHED` when nothing matches. Names are passed on as they are; that two requests mean
 * one package in two ways is for {@link judgeRequests} to see.
 */
export function resolveRequests(
  requested: readonly RequestedRelease[],
  config: Pick<Config, "packages" | "kinds">,
): ResolvedRequests {
  const resolved = requested.map((request) => ({ request, named: named(request, config) }));
  const strangers = resolved.filter(({ named }) => named.length === 0);
  if (strangers.length > 0 && strangers.length === requested.length) {
    throw unmatched(requested, config.packages);
  }
  return {
    requests: resolved.flatMap(({ named }) => named),
    warnings: strangers.map(({ request }) =>
      `${
        say(request)
      } ${request.version} was released by another tool and is no package of putitoutthere.toml`
    ),
  };
}

function named(
  request: RequestedRelease,
  { packages, kinds }: Pick<Config, "packages" | "kinds">,
): readonly ReleaseRequest[] {
  if ("name" in request) return [request];
  const fits = "path" in request
    ? (pkg: Package): boolean => pkg.path === cleanPath(request.path)
    : (pkg: Package): boolean =>
      rulesOf(kinds, pkg).noun === "crate" && pkg.registryName === request.crate;
  return packages.filter(fits).map(({ name }) => ({ name, version: request.version }));
}

function cleanPath(path: string): string {
  const folders = path.split("/").filter((folder) => folder !== "" && folder !== ".");
  return folders.length === 0 ? "." : folders.join("/");
}

function say(request: RequestedRelease): string {
  const [kind, name] = subjectOf(request);
  return `the ${kind} ${JSON.stringify(name)}`;
}

function unmatched(
  requested: readonly RequestedRelease[],
  packages: readonly Package[],
): Failure {
  const known = packages.map(({ name, path }) => `${name} (${path})`).join(", ");
  return new Failure(
    "PIOT_RELEASE_REQUEST_UNMATCHED",
    `Cannot find a package for ${requested.map(say).join(", ")}`,
    {
      hint: `Declare it in putitoutthere.toml with the same folder or crate name, or ask by ` +
        `name; declared are: ${known}`,
    },
  );
}

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
export function judgeRequests({ config, tags, requests, head }: RequestFacts): JudgedRequests {
  const byName = new Map<string, ReleaseRequest>();
  const failures: Failure[] = [];
  if (requests === undefined) return { byName, failures };
  const known: Known = {
    packages: new Map(config.packages.map((pkg) => [pkg.name, pkg])),
    commits: new Map(tags.map(({ name, commit }) => [name, commit])),
    reachable: tags.filter(({ reachable }) => reachable),
    head: head?.id,
  };
  for (const request of requests) {
    const earlier = byName.get(request.name);
    const failure = (earlier === undefined ? undefined : conflictOf(earlier, request)) ??
      judgeRequest(known, request);
    if (failure === undefined) byName.set(request.name, request);
    else failures.push(failure);
  }
  failures.push(...judgeGroups(config.packages, { byName, known }));
  return { byName, failures };
}

/** What requests are judged by; no head outside a git work tree. */
export type RequestFacts = Pick<Standing, "config" | "tags" | "requests"> & {
  readonly head?: Pick<CommitFact, "id">;
};

interface Known {
  readonly packages: ReadonlyMap<string, Package>;
  /** By tag. */
  readonly commits: ReadonlyMap<string, string>;
  /** Tags in the history of the commit. */
  readonly reachable: RequestFacts["tags"];
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
  const problem = tagProblem(tag);
  if (problem !== undefined) {
    return invalidVersion(request, `git does not take the tag ${JSON.stringify(tag)}: ${problem}`);
  }
  const commit = known.commits.get(tag);
  const isTaken = commit !== undefined && commit !== known.head;
  return isTaken ? versionTaken(request, tag, commit) : undefined;
}

/**
 * Packages in lockstep are asked for together, and at one version, or they would end at two. One that this commit released
 * already has nothing to be asked for.
 */
function judgeGroups(
  packages: readonly Package[],
  { byName, known }: Pick<JudgedRequests, "byName"> & { readonly known: Known },
): readonly Failure[] {
  const words = new Set(
    packages.flatMap(({ lockstep }) => lockstep === undefined ? [] : [lockstep]),
  );
  return [...words].flatMap((word) => {
    const members = packages.filter(({ lockstep }) => lockstep === word);
    const asked = members.flatMap(({ name }) => byName.get(name) ?? []);
    if (asked.length === 0) return [];
    const missing = members.filter((pkg) => !byName.has(pkg.name) && !standsAtHead(pkg, known));
    if (missing.length > 0) return [incomplete(word, { asked, missing })];
    const versions = new Set(asked.map(({ version }) => version));
    return versions.size > 1 ? [notAtOne(word, asked)] : [];
  });
}

/** Its last release does: a lower version that was tagged here is none that the others could go to. */
function standsAtHead(pkg: Package, { reachable, head }: Known): boolean {
  const ownerOf = indexTags([pkg]);
  const own = reachable.flatMap(({ name, commit }) => {
    const version = ownerOf(name)?.version;
    return version === undefined ? [] : [{ version, commit }];
  });
  const [last] = highestFirst(own);
  return last !== undefined && last.commit === head;
}

function incomplete(
  word: string,
  { asked, missing }: {
    readonly asked: readonly ReleaseRequest[];
    readonly missing: readonly Package[];
  },
): Failure {
  const names = missing.map(({ name }) => name).join(", ");
  return new Failure(
    "PIOT_RELEASE_REQUEST_LOCKSTEP",
    `Cannot release ${asked[0]!.name} alone: ${names} ${
      missing.length === 1 ? "is" : "are"
    } in lockstep ${JSON.stringify(word)} with it`,
    { hint: `Name ${names} with --release too` },
  );
}

function notAtOne(word: string, asked: readonly ReleaseRequest[]): Failure {
  const list = asked.map(({ name, version }) =>
    version === undefined ? name : `${name}@${version}`
  );
  return new Failure(
    "PIOT_RELEASE_REQUEST_LOCKSTEP",
    `Cannot release ${list.join(", ")}: they are in lockstep ${
      JSON.stringify(word)
    }, and ship at one version`,
    { hint: "Write the same version behind each name, or none" },
  );
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
