/**
 * Everything that the build jobs of a release would have made: built where that is possible, taken from the user where it
 * was given, made up otherwise.
 *
 * @module
 */

import type { Plan } from "../../core/model/plan.ts";
import { buildExample } from "./build_example.ts";
import { gatherArtifacts, type GatheredArtifact } from "./gather_artifacts.ts";
import type { Scene } from "./open_scene.ts";

/** What is to be built, and what was. */
export interface ArtifactOptions {
  readonly plan: Plan;
  /** The folder that gets the artifacts, absolute. */
  readonly folder: string;
  /** The user's folder with built artifacts, absolute. */
  readonly given: string | undefined;
  /** Whether this is the example, whose program can be built here. */
  readonly example: boolean;
}

/** Fills a folder with an artifact folder for each row of the plan, and tells where each came from. */
export async function provideArtifacts(
  scene: Scene,
  { plan, folder, given, example }: ArtifactOptions,
): Promise<readonly GatheredArtifact[]> {
  const { host, staged, triple, emit } = scene;
  if (example && triple !== undefined) {
    const { checkout } = staged;
    const trouble = await buildExample(host, { plan, triple, checkout, artifacts: folder });
    if (trouble !== undefined) emit({ type: "warning", message: trouble });
  }
  const gathered = await gatherArtifacts(plan, { given, folder });
  for (const message of gathered.map(sayOrigin)) emit({ type: "notice", message });
  return gathered;
}

const ORIGINS: Readonly<Record<GatheredArtifact["from"], string>> = {
  given: "as it was built",
  synthesised: "made up to the contract",
  checkout: "the repository's own files",
};

function sayOrigin(artifact: GatheredArtifact): string {
  return `artifact ${artifact.name}: ${ORIGINS[artifact.from]}`;
}
