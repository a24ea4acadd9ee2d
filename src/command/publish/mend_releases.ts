/**
 * GitHub Releases that are missing beside the tags of this very commit: a release is complete once its tag is pushed, so
 * a plan leaves its package out, and only asking GitHub tells that an announcement failed.
 *
 * @module
 */

import type { Plan } from "../../core/plan.ts";
import type { Release } from "../../registry/registry.ts";
import type { Outcome } from "../../report/outcome.ts";
import { type PlanOptions, planWithFacts } from "../plan.ts";
import { type Announce, announced } from "./conclude.ts";
import { refOf, type Run } from "./run.ts";

/** What mending needs. */
export interface MendParts {
  readonly options: Pick<PlanOptions, "config" | "release">;
  /** Announces by a plan: notes say why a package was released. */
  readonly openAnnouncing: (plan: Plan) => Announce;
  readonly pageOf: (release: Release) => string;
}

/** Announces what this commit released and nobody announced; gives an outcome for each that was missing. */
export async function mendReleases(run: Run, parts: MendParts): Promise<readonly Outcome[]> {
  const released = new Map(
    run.plan.left_out.filter(({ reason }) => reason === "released").map((
      one,
    ) => [one.name, one.previous]),
  );
  if (released.size === 0) return [];
  const { plan } = await planWithFacts(run.host, { ...parts.options, beforeRelease: true });
  const announce = parts.openAnnouncing(plan);
  const outcomes: Outcome[] = [];
  for (const release of releasesOf(run, plan)) {
    if (released.get(release.package.name) !== release.version) continue;
    if (!await announced(run, release, announce)) continue;
    const detail = { status: "healed", made: ["GitHub Release"] } as const;
    const outcome = {
      ...refOf(release),
      tag: release.tag,
      registryUrl: parts.pageOf(release),
      ...detail,
    };
    run.emit({ type: "outcome", outcome });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** What the commit released, as it was planned before. */
function releasesOf(run: Run, plan: Plan): readonly Release[] {
  const byName = new Map(run.packages.map((one) => [one.name, one]));
  return plan.packages.map((item) => ({
    package: byName.get(item.name)!,
    version: item.version,
    tag: item.tag,
    previous: item.previous,
    commit: plan.head ?? undefined,
    artifacts: [],
  }));
}
