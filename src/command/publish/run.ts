/**
 * What every stage of a publish run works with.
 *
 * @module
 */

import type { Kind, Package } from "../../core/model/package.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Host } from "../../host/host.ts";
import type { Credential, Look, Prepared, Registry, Release } from "../../registry/registry.ts";
import type { Outcome, OutcomeDetail, ReleaseRef } from "../../report/outcome.ts";
import type { Event, Mode } from "../../report/report.ts";
import type { Verdict } from "./judge.ts";
import type { Repository } from "./open_repository.ts";

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
  /** Where it tags and announces; undefined outside a git work tree, where it does neither. */
  readonly repository: Repository | undefined;
  /** The folder with the built artifacts, absolute. */
  readonly artifacts: string;
  readonly registries: Readonly<Record<Kind, Registry>>;
  /** The page of a release on its registry. */
  readonly pageOf: (release: Release) => string;
}

/** A release whose files are checked and packed. */
export interface Checked {
  readonly release: Release;
  readonly prepared: Prepared;
}

/** A release that was held against what its registry holds. */
export interface Judged extends Checked {
  readonly look: Look;
  readonly verdict: Verdict;
}

/** A release that may be sent. Without a credential when nothing has to be uploaded. */
export interface Ready extends Judged {
  readonly credential: Credential | undefined;
}

/** A release as events name it. */
export function refOf(release: Release): ReleaseRef {
  return { name: release.package.name, kind: release.package.kind, version: release.version };
}

/** Tells what became of a release, and gives it. */
export function tellOutcome(run: Run, release: Release, detail: OutcomeDetail): Outcome {
  const tag = run.repository === undefined ? null : release.tag;
  const outcome = { ...refOf(release), tag, registryUrl: run.pageOf(release), ...detail };
  run.emit({ type: "outcome", outcome });
  return outcome;
}
