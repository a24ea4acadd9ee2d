/**
 * What every stage of a publish run works with.
 *
 * @module
 */

import type { Kind, Package } from "../../core/package.ts";
import type { Plan } from "../../core/plan.ts";
import type { Host } from "../../host/host.ts";
import type { Credential, Look, Prepared, Registry, Release } from "../../registry/registry.ts";
import type { ReleaseRef } from "../../report/outcome.ts";
import type { Event } from "../../report/report.ts";
import type { Verdict } from "./judge.ts";

/** One run. */
export interface Run {
  readonly host: Host;
  readonly emit: (event: Event) => void;
  readonly registries: Readonly<Record<Kind, Registry>>;
  /** Undone when the run ends, whatever its outcome. */
  readonly defer: (undo: () => Promise<void>) => void;
  readonly plan: Plan;
  /** Every declared package, planned or not. */
  readonly packages: readonly Package[];
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
