/**
 * What a publish run is asked for, what its stages work with, and what each hands on to the next.
 *
 * @module
 */

import type { Kinds } from "../../core/model/kind.ts";
import type { Kind, Package } from "../../core/model/package.ts";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import type { GitHubAccess } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";
import type {
  ArtifactFolder,
  Credential,
  Look,
  Prepared,
  Registry,
  Release,
} from "../../registry/registry.ts";
import type {
  Authorisation,
  NextRelease,
  Outcome,
  OutcomeDetail,
  OutcomeProof,
  ReleaseRef,
} from "../../report/outcome.ts";
import type { Event, Mode, Stage } from "../../report/report.ts";
import type { PlanQuestion } from "../read_facts.ts";
import type { Verdict } from "./judge.ts";

/** What can be asked of a publish run. */
export interface PublishOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Every `--release`, as it was given; none publishes what changed. */
  readonly release?: readonly string[];
  /** A plan that was made before: as `plan()` gave it, as JSON, or as a file with that; `-` for standard input. */
  readonly plan?: Plan | string;
  /** The folder with the built artifacts, as download-artifact leaves them; `artifacts` by default. */
  readonly artifacts?: string;
  /** Does everything that comes before the first upload, and stops there. */
  readonly dryRun?: boolean;
  /** Fails when nothing is planned. */
  readonly requireWork?: boolean;
  /** Forbids that a token stands in for trusted publishing, on every registry. */
  readonly oidcOnly?: boolean;
  /** Names of packages that may show less evidence of their origin than the version before them. */
  readonly allowDowngrade?: readonly string[];
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/** Where a run tags and announces. */
export interface Repository {
  readonly git: Git;
  /** The repository on GitHub, or why there is none. Looked for once, when it is first needed. */
  readonly github: () => Promise<GitHubAccess>;
}

/** Lets a task begin once there is room for it. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

/** One run. */
export interface Run {
  readonly host: Host;
  /** Whether it releases, or why it only checks. */
  readonly mode: Mode;
  readonly emit: (event: Event) => void;
  /** Undone when the run ends, whatever its outcome. */
  readonly defer: (undo: () => Promise<void>) => void;
  readonly plan: Plan;
  /** Every declared package, planned or not. */
  readonly packages: readonly Package[];
  /** What is known of the kinds that they have. */
  readonly kinds: Kinds;
  /** Where it tags and announces; undefined outside a git work tree, where it does neither. */
  readonly repository: Repository | undefined;
  /** The folder with the built artifacts, absolute. */
  readonly artifacts: string;
  readonly registries: Readonly<Record<Kind, Registry>>;
  /** Lets through as many releases at once as their registry bears. */
  readonly gates: Readonly<Record<Kind, Gate>>;
  /** Milliseconds in which a registry has to show what it accepted. */
  readonly patience: number;
  /** Names of packages that may show less evidence of their origin than the version before them. */
  readonly allowDowngrade: ReadonlySet<string>;
  /** Plans in the same folder again: another commit, or this one with other tags. */
  readonly replan: (question: PlanQuestion) => Promise<Plan>;
  /** The page of a release on its registry. */
  readonly pageOf: (release: Release) => string;
}

/** A release whose files are checked and packed. */
export interface Checked {
  readonly release: Release;
  readonly prepared: Prepared;
}

/**
 * A release that was held against what its registry holds. Its `commit` is the one that it belongs to; what is prepared is
 * HEAD's in any case.
 */
export interface Judged extends Checked {
  readonly look: Look;
  readonly verdict: Verdict;
  /** What ships of it in the next run of this commit, where it belongs to an earlier one and has changed since. */
  readonly next?: NextRelease;
}

/** A release that may be sent. Without a credential when nothing has to be uploaded. */
export interface Ready extends Judged {
  readonly credential: Credential | undefined;
  /** How it was authorised, for the report; also of a release that was refused for it. */
  readonly authorisation?: Authorisation;
}

/** The release of a planned package, which the plan stage found declared. */
export function releaseOf(
  { plan, packages }: Pick<Run, "plan" | "packages">,
  { planned, artifacts }: {
    readonly planned: PlannedPackage;
    readonly artifacts: readonly ArtifactFolder[];
  },
): Release {
  const { name, version, tag, previous } = planned;
  const declared = packages.find((pkg) => pkg.name === name);
  if (declared === undefined) throw new Error(`unreachable: ${name} is planned and not declared`);
  return { package: declared, version, tag, previous, commit: plan.head ?? undefined, artifacts };
}

/** Begins a stage that comes before the first upload: not after an interruption, whose reason it throws then. */
export function beginStage(run: Pick<Run, "host" | "emit">, stage: Stage): void {
  run.host.signal.throwIfAborted();
  run.emit({ type: "stage", stage });
}

/** Waits for all tasks; gives what they came to and every `Failure`, in their order. Throws what is none. */
export async function settle<T>(
  tasks: readonly Promise<T>[],
): Promise<{ readonly values: readonly T[]; readonly failures: readonly Failure[] }> {
  const values: T[] = [];
  const failures: Failure[] = [];
  for (const result of await Promise.allSettled(tasks)) {
    if (result.status === "fulfilled") values.push(result.value);
    else if (result.reason instanceof Failure) failures.push(result.reason);
    else throw result.reason;
  }
  return { values, failures };
}

/** A release as events name it. */
export function refOf(release: Release): ReleaseRef {
  return { name: release.package.name, kind: release.package.kind, version: release.version };
}

/** Tells what became of a release, and gives it. */
export function tellOutcome(
  run: Run,
  release: Release,
  detail: OutcomeDetail & OutcomeProof & Pick<Outcome, "githubRelease" | "next">,
): Outcome {
  const tag = run.repository === undefined ? null : release.tag;
  const commit = tag === null ? null : release.commit ?? null;
  const outcome = { ...refOf(release), tag, commit, registryUrl: run.pageOf(release), ...detail };
  run.emit({ type: "outcome", outcome });
  return outcome;
}
