/**
 * The planner once more, from its description alone, and as slowly as it can be said: every question is asked of the whole
 * history, for every package anew.
 */

import type { Package } from "../../../src/core/model/package.ts";
import { changedBy, differing, firstParents, type MemoryCommit, pastOf } from "./memory_repo.ts";
import { matchesOf, tagOf, versionOfTag } from "./naive_names.ts";
import { hear, type Heard, nobodysNames } from "./naive_trailer.ts";
import { isHigher, type Numbers, raised, takeApart } from "./naive_version.ts";
import type { OracleCase } from "./random_case.ts";

/** What comes of a case, in short: `name version after previous (bump): reason`, `name: reason`. */
export interface NaivePlan {
  readonly ships: readonly string[];
  readonly stays: readonly string[];
  /** `kind of warning: subject`, sorted. */
  readonly warnings: readonly string[];
}

/** Everything that makes a plan impossible, as codes, sorted. */
export interface NaiveProblems {
  readonly codes: readonly string[];
}

interface Tagged {
  readonly version: Numbers;
  readonly commit: string;
}

const SIZES = ["patch", "minor", "major"];

/** Plans a case. */
export function naivePlan(one: OracleCase): NaivePlan | NaiveProblems {
  const { packages, repo, requests } = one;
  const names = packages.map(({ name }) => name);
  const head = repo.commits.get(repo.head)!;
  const tree = head.tree;
  const said = hear(one, head);
  // The same line twice is told once.
  const codes = [...new Set(said.mistakes)].map(() => "PIOT_TRAILER_INVALID");
  codes.push(...nobodysNames(said, names).map(() => "PIOT_TRAILER_UNKNOWN_PACKAGE"));
  const reached = pastOf(repo, repo.head);
  const asked = new Map<string, NonNullable<typeof requests>[number]>();
  for (const request of requests ?? []) {
    const wrong = whatIsWrong(one, request, asked.get(request.name));
    if (wrong === undefined) asked.set(request.name, request);
    else codes.push(wrong);
  }

  const tagsOf = (pkg: Package): readonly Tagged[] => {
    const spelled = asked.get(pkg.name)?.version;
    return [...repo.tags].flatMap(([tag, commit]) => {
      const version = versionOfTag(pkg, tag);
      if (version === undefined || commit === null) return [];
      // What stands here already is what is asked for, and nothing that came before it.
      if (commit === repo.head && spelled !== undefined && tag === tagOf(pkg, spelled)) return [];
      return [{ version, commit }];
    });
  };
  const highest = (tags: readonly Tagged[]): Tagged | undefined =>
    tags.find((tag) =>
      tags.every((other) => other === tag || isHigher(tag.version, other.version))
    );
  const lastOf = (pkg: Package): Tagged | undefined =>
    highest(tagsOf(pkg).filter(({ commit }) => reached.has(commit)));
  const isOwn = (pkg: Package, files: readonly string[]): boolean =>
    files.some((file) => pkg.paths.some((glob) => matchesOf(glob)(file)));
  const below = (pkg: Package): readonly Package[] => {
    const direct = packages.filter(({ name }) => pkg.dependsOn.includes(name));
    return direct.flatMap((other) => [other, ...below(other)]);
  };
  const changedSince = (commit: string, pkg: Package): boolean =>
    isOwn(pkg, differing(repo.commits.get(commit)!.tree, tree));
  // Who shares a word with a package, and the package itself.
  const groupOf = (pkg: Package): readonly Package[] =>
    pkg.lockstep === undefined
      ? [pkg]
      : packages.filter(({ lockstep }) => lockstep === pkg.lockstep);
  const isReleasedHere = (pkg: Package): boolean => lastOf(pkg)?.commit === repo.head;
  const isSkipped = (pkg: Package): boolean =>
    said.trailer?.word === "skip" &&
    groupOf(pkg).some(({ name }) => said.trailer!.names?.includes(name));

  /** Why it ships or stays, where these ship. */
  function reasonIf(
    pkg: Package,
    shipping: readonly Package[],
  ): { ships: boolean; reason: string } {
    const last = lastOf(pkg);
    const stays = (reason: string) => ({ ships: false, reason });
    const ships = (reason: string) => ({ ships: true, reason });
    if (requests !== undefined) {
      const request = asked.get(pkg.name);
      if (request === undefined) return stays("not-requested");
      const isReleased = last?.commit === repo.head && request.version === undefined;
      return isReleased ? stays("released") : ships("requested");
    }
    if (last?.commit === repo.head) return stays("released");
    if (said.trailer?.word === "skip" && said.trailer.names === undefined) return stays("skipped");
    if (isSkipped(pkg)) return stays("skipped");
    if (said.trailer?.names?.includes(pkg.name)) return ships("trailer");
    if (last === undefined) return ships("first-release");
    if (changedSince(last.commit, pkg)) return ships("changed");
    const pulls = below(pkg).some((other) =>
      !isSkipped(other) &&
      (changedSince(last.commit, other) || shipping.includes(other) || isReleasedHere(other))
    );
    if (pulls) return ships("dependency");
    const draws = groupOf(pkg).some((other) =>
      other !== pkg && (shipping.includes(other) || isReleasedHere(other))
    );
    return draws ? ships("lockstep") : stays("unchanged");
  }

  // Nobody ships for the sake of those who ship for theirs: from none on, as long as more do.
  let planned: readonly Package[] = [];
  for (let before = -1; before < planned.length;) {
    before = planned.length;
    const shipping = planned;
    planned = packages.filter((pkg) => reasonIf(pkg, shipping).ships);
  }
  const reasonOf = (pkg: Package) => reasonIf(pkg, planned);

  function bumpOf(pkg: Package): string {
    const last = lastOf(pkg);
    const heard = last === undefined ? [] : trailersFor(pkg, last);
    const size = Math.max(0, ...heard.map(({ trailer }) => SIZES.indexOf(trailer!.word)));
    return asked.get(pkg.name)?.bump ?? SIZES[size]!;
  }

  /** The version at which all of a group end, and what was raised for it. */
  function versionOf(pkg: Package): { version: string; bump: string | undefined } {
    const spelled = asked.get(pkg.name)?.version;
    if (spelled !== undefined) return { version: spelled, bump: undefined };
    const group = groupOf(pkg);
    const lasts = group.flatMap((member) => lastOf(member) ?? []);
    const tops = lasts.filter(({ version }) =>
      lasts.every((other) => !isHigher(other.version, version))
    );
    const [top] = tops;
    if (top === undefined) {
      const firsts = group.map(({ firstVersion }) => takeApart(firstVersion)!);
      const first = firsts.find((one) => firsts.every((other) => !isHigher(other, one)))!;
      return { version: first.text, bump: undefined };
    }
    // What is released here already is what the rest go to.
    if (tops.some(({ commit }) => commit === repo.head)) {
      return { version: top.version.text, bump: undefined };
    }
    const bumps = group.filter((member) => planned.includes(member)).map(bumpOf);
    const bump = SIZES.filter((size) => bumps.includes(size)).at(-1)!;
    // What was never released has nothing that could be raised.
    const isNew = lastOf(pkg) === undefined;
    return { version: raised(top.version, bump), bump: isNew ? undefined : bump };
  }

  /** The trailers that count for a package, with HEAD's. */
  function trailersFor(pkg: Package, last: Tagged): readonly Heard[] {
    const before = pastOf(repo, last.commit);
    return firstParents(repo).filter(({ id }) => !before.has(id)).flatMap((commit) => {
      const heard = hear(one, commit);
      return counts(pkg, { heard, commit }) ? [heard] : [];
    });
  }

  function counts(
    pkg: Package,
    { heard: { trailer }, commit }: { heard: Heard; commit: MemoryCommit },
  ): boolean {
    if (trailer === undefined || trailer.word === "skip") return false;
    if (trailer.names !== undefined) return trailer.names.includes(pkg.name);
    const files = changedBy(repo, commit);
    return commit.id === repo.head || [pkg, ...below(pkg)].some((some) => isOwn(some, files));
  }

  const ships: string[] = [];
  const stays: string[] = [];
  const warnings: string[] = [];
  const windows = new Set<string>();
  for (const pkg of packages) {
    const { reason } = reasonOf(pkg);
    const last = lastOf(pkg);
    const request = asked.get(pkg.name);
    const astray = tagsOf(pkg).filter(({ commit, version }) =>
      !reached.has(commit) && (last === undefined || isHigher(version, last.version))
    );
    if (astray.length > 0) warnings.push(`astray: ${pkg.name}`);
    for (const glob of pkg.paths) {
      if (![...tree.keys()].some(matchesOf(glob))) warnings.push(`glob: ${pkg.name} ${glob}`);
    }
    if (!planned.includes(pkg)) {
      stays.push(`${pkg.name}: ${reason}`);
      continue;
    }
    const heard = last === undefined ? [] : trailersFor(pkg, last);
    const { version, bump } = versionOf(pkg);
    if (last !== undefined && request?.bump === undefined && request?.version === undefined) {
      for (const id of lineSince(last.commit)) windows.add(id);
    }
    if (last === undefined && astray.length > 0 && request?.version === undefined) {
      codes.push("PIOT_RELEASED_ELSEWHERE");
    } else codes.push(...tagTrouble(tagOf(pkg, version)));
    ships.push(
      `${pkg.name} ${version} after ${last?.version.text ?? "nothing"} (${bump}): ${reason}`,
    );
    const from = last?.version.pre.length ?? 0;
    const to = takeApart(version)!.pre.length;
    const isAsked = request?.bump !== undefined || request?.version !== undefined;
    if (from > 0 && to === 0 && !isAsked && heard.length === 0) {
      warnings.push(`stable: ${pkg.name}`);
    }
    if (request === undefined) continue;
    const left = packages.some((other) => below(other).includes(pkg) && !asked.has(other.name));
    if (left) warnings.push(`left behind: ${pkg.name}`);
    if (last === undefined && request.bump !== undefined) warnings.push(`first: ${pkg.name}`);
    if (last !== undefined && isHigher(last.version, takeApart(version)!)) {
      warnings.push(`below: ${pkg.name}`);
    }
  }

  function lineSince(commit: string): readonly string[] {
    const before = pastOf(repo, commit);
    return firstParents(repo).map(({ id }) => id).filter((id) => !before.has(id));
  }

  function tagTrouble(tag: string): readonly string[] {
    if (repo.tags.get(tag) === repo.head) return [];
    const commit = repo.tags.get(tag);
    if (commit !== undefined && commit !== null) return ["PIOT_TAG_ELSEWHERE"];
    const isBlocked = [...repo.tags.keys()].some((other) =>
      other === tag || other.startsWith(`${tag}/`) || tag.startsWith(`${other}/`)
    );
    return isBlocked ? ["PIOT_TAG_BLOCKED"] : [];
  }

  const words = new Set(packages.flatMap(({ lockstep }) => lockstep ?? []));
  for (const word of words) {
    const group = packages.filter(({ lockstep }) => lockstep === word);
    if (!isAskedWhole(group)) codes.push("PIOT_RELEASE_REQUEST_LOCKSTEP");
  }

  /** A group is asked for by all of it that is not released here, at one version; or not at all. */
  function isAskedWhole(group: readonly Package[]): boolean {
    const wishes = group.flatMap(({ name }) => asked.get(name) ?? []);
    const isWhole = group.every((pkg) => asked.has(pkg.name) || isReleasedHere(pkg));
    return wishes.length === 0 ||
      (isWhole && new Set(wishes.map(({ version }) => version)).size === 1);
  }

  if (codes.length > 0) return { codes: codes.sort() };
  const drawnOut = packages.filter((pkg) =>
    isSkipped(pkg) && !said.trailer!.names!.includes(pkg.name)
  );
  if (drawnOut.length > 0 && requests === undefined) {
    warnings.push(`group skipped: ${drawnOut.map(({ name }) => name).sort().join(", ")}`);
  }
  for (const commit of firstParents(repo)) {
    if (commit.id === repo.head || !windows.has(commit.id)) continue;
    for (const name of nobodysNames(hear(one, commit), names)) {
      warnings.push(`stranger: ${commit.id.slice(0, 12)} ${name}`);
    }
  }
  if (said.trailer?.word === "skip" && requests !== undefined) warnings.push("outweighed");
  if (said.trailer?.word === "skip" && requests === undefined && !said.trailer.names) {
    warnings.push("all skipped");
  }
  return { ships, stays, warnings: [...new Set(warnings)].sort() };
}

/** The code for a request that cannot be followed. */
function whatIsWrong(
  { packages, repo }: OracleCase,
  { name, version, bump }: NonNullable<OracleCase["requests"]>[number],
  earlier: NonNullable<OracleCase["requests"]>[number] | undefined,
): string | undefined {
  const pkg = packages.find((one) => one.name === name);
  if (earlier !== undefined && (earlier.version !== version || earlier.bump !== bump)) {
    return "PIOT_RELEASE_REQUEST_CONFLICT";
  }
  if (pkg === undefined) return "PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE";
  if (version === undefined) return undefined;
  if (takeApart(version) === undefined || takeApart(version)!.build !== "") {
    return "PIOT_RELEASE_REQUEST_INVALID";
  }
  const commit = repo.tags.get(tagOf(pkg, version)) ?? repo.head;
  return commit === repo.head ? undefined : "PIOT_RELEASE_REQUEST_VERSION_TAKEN";
}
