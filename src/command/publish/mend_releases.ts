/**
 * GitHub Releases that are missing beside the tags of this very commit: a release is complete once its tag is pushed, so
 * a plan leaves its package out, and only asking GitHub tells that an announcement failed.
 *
 * @module
 */

import type { Outcome } from "../../report/outcome.ts";
import { planWithFacts } from "../plan.ts";
import { openAnnouncing } from "./announce.ts";
import type { PlannedWork } from "./plan_stage.ts";
import { releaseOf, type Run, tellOutcome } from "./run.ts";

/** Announces what this commit released and nobody announced; gives an outcome for each that was missing. */
export async function mendReleases(
  run: Run,
  { workspace, question }: Pick<PlannedWork, "workspace" | "question">,
): Promise<readonly Outcome[]> {
  const { repository } = run;
  // A plan that was given names everything to announce itself.
  if (run.mode !== "release" || repository === undefined || question === undefined) return [];
  const released = releasedBefore(run);
  if (released.size === 0) return [];
  // The plan of back then says why a package was released, which the notes tell.
  const { plan } = await planWithFacts(workspace, { ...question, beforeRelease: true });
  const before = { ...run, plan };
  const announce = openAnnouncing(before, repository);
  const outcomes: Outcome[] = [];
  for (const planned of plan.packages) {
    if (released.get(planned.name) !== planned.version) continue;
    const release = releaseOf(before, { planned, artifacts: [] });
    if (!await announce(release)) continue;
    outcomes.push(tellOutcome(run, release, { status: "healed", made: ["GitHub Release"] }));
  }
  return outcomes;
}

/** What the plan leaves out because this commit released it: versions by name. */
function releasedBefore({ plan }: Run): ReadonlyMap<string, string | null> {
  const released = plan.left_out.filter(({ reason }) => reason === "released");
  return new Map(released.map(({ name, previous }) => [name, previous]));
}
