/**
 * Where packages stand: their tags, and what ships next, beside what the registries show. Pure.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { TaggedRelease } from "../plan/last_release.ts";
import type { Package } from "../model/package.ts";
import type { PlannedPackage } from "../model/plan.ts";
import { someOf } from "../words/phrases.ts";
import type { RegistryState } from "./registry_state.ts";

/**
 * In sync: the tag's version is the newest there, and nothing changed since. Changes waiting: the same, and something
 * ships next. Untagged: the registry has a version above the last tag's. Not published: a tag stands for a version that
 * the registry does not have. Half there: some of its files or packages are missing. Staged: a version waits for approval.
 */
export type PackageState =
  | "in-sync"
  | "changes-waiting"
  | "never-released"
  | "untagged"
  | "not-published"
  | "half-there"
  | "staged"
  | "unreachable";

/** The states in which tags and registry contradict each other, or nobody knows. */
export const DRIFT: ReadonlySet<PackageState> = new Set([
  "untagged",
  "not-published",
  "half-there",
  "unreachable",
]);

/** What is known of one package. */
export interface PackageFacts {
  readonly package: Package;
  /** The last release that HEAD descends from; undefined when there is none. */
  readonly last: TaggedRelease | undefined;
  /**
   * Versions that tags stand for which HEAD does not descend from, as on a release branch, in the registry's spelling.
   */
  readonly elsewhere: readonly string[];
  /** Whether something of it ships next. */
  readonly ships: boolean;
  /** What that is; undefined when nothing does, or the plan cannot be made. */
  readonly planned: PlannedPackage | undefined;
  /** What its registry shows, or why nobody knows. */
  readonly shown: RegistryState | Failure;
}

/** Where one package stands. */
export interface PackageStatus extends PackageFacts {
  readonly state: PackageState;
  /** What to know or to do about it, one sentence each. */
  readonly notes: readonly string[];
}

/** Judges one package. `now` is the time, for what ends at some time. */
export function judgeStatus(facts: PackageFacts, now: Date): PackageStatus {
  const { shown } = facts;
  if (isFailure(shown)) {
    const { message, hint } = shown;
    const notes = hint === undefined ? [message] : [message, hint];
    return { ...facts, state: "unreachable", notes };
  }
  const state = stateOf(facts, shown);
  return { ...facts, state, notes: [...stateNotes(state, facts, { shown, now }), ...shown.notes] };
}

function isFailure(shown: RegistryState | Failure): shown is Failure {
  return shown instanceof Error;
}

function stateOf(facts: PackageFacts, shown: RegistryState): PackageState {
  const { last, ships } = facts;
  const { tagged } = shown;
  if (tagged?.state === "half") return "half-there";
  if (untagged(facts, shown).length > 0) return "untagged";
  if ((shown.waiting ?? []).length > 0) return "staged";
  if (last === undefined) return "never-released";
  if (tagged?.state === "absent") return "not-published";
  return ships ? "changes-waiting" : "in-sync";
}

/** Versions on the registry that no tag stands for, in its spelling, the lowest first. */
export function untagged(
  { elsewhere }: Pick<PackageFacts, "elsewhere">,
  { above }: Pick<RegistryState, "above">,
): readonly string[] {
  return above.filter((version) => !elsewhere.includes(version));
}

/** Versions and files that one sentence names. */
const FEW = 3;

const DAY = 86_400_000;

function stateNotes(
  state: PackageState,
  facts: PackageFacts,
  { shown, now }: { readonly shown: RegistryState; readonly now: Date },
): readonly string[] {
  const { package: { name }, last } = facts;
  switch (state) {
    case "half-there": {
      const { missing, closes } = shown.tagged!;
      const what = `${last!.version} of ${name} is half there, without ${someOf(missing, FEW)}`;
      if (closes !== undefined && closes <= now) {
        const since = closes.toISOString().slice(0, 10);
        return [
          `${what}; the registry takes no more files of it since ${since}: release a higher version`,
        ];
      }
      return [
        closes === undefined ? what : `${what}; ${timeLeft(closes, now)}`,
        `Publish from the commit of ${last!.tag.name} (${last!.tag.commit}) with --release ` +
        `${name}@${last!.version}: what is there stays, what is missing is added`,
      ];
    }
    case "untagged": {
      const versions = [...untagged(facts, shown)].reverse();
      const [are, them] = versions.length === 1 ? ["is", "it"] : ["are", "them"];
      return [
        `${someOf(versions, FEW)} ${are} on the registry, and no tag stands for ${them}`,
        "`putitoutthere reconcile --dry-run` says which commit the registry's records prove, and what to do where they prove none",
      ];
    }
    case "staged":
      return [
        ...shown.waiting!.map(({ how }) => how),
        "Once it is approved, publishing from the same commit again tags it",
      ];
    case "not-published":
      return [
        `${last!.tag.name} stands for ${last!.version}, which the registry does not have`,
        `Publish from its commit (${last!.tag.commit}) with --release ${name}@${
          last!.version
        }; a tag that was made by mistake is yours to judge: nothing here deletes one`,
      ];
    default:
      return [];
  }
}

function timeLeft(closes: Date, now: Date): string {
  const left = closes.getTime() - now.getTime();
  const words = left >= DAY
    ? `${Math.floor(left / DAY)} days`
    : `${Math.floor(left / 3_600_000)} hours`;
  return `the registry takes them for ${words} more`;
}

/** One sentence for each lockstep group whose members are not at one version on their registries' tags. */
export function lockstepNotes(packages: readonly PackageStatus[]): readonly string[] {
  const groups = new Map<string, PackageStatus[]>();
  for (const status of packages) {
    const { lockstep } = status.package;
    if (lockstep === undefined) continue;
    const group = groups.get(lockstep) ?? [];
    groups.set(lockstep, [...group, status]);
  }
  return [...groups].flatMap(([word, members]) => {
    const versions = new Set(members.map(({ last }) => last?.version ?? "none"));
    if (versions.size < 2) return [];
    const each = members.map(({ package: { name }, last }) => `${name} ${last?.version ?? "none"}`);
    return [`the group in lockstep "${word}" is not at one version: ${each.join(", ")}`];
  });
}
