/** One release by the command line, and what its JSON says of how it was authorised. */

import assert from "node:assert/strict";
import type { OutcomeDocument } from "../../src/report/documents.ts";
import type { CliRun, ReleaseWorld } from "./release_world.ts";

export interface Told {
  readonly run: CliRun;
  readonly one: OutcomeDocument;
  readonly warnings: readonly string[];
  /** The marks of the release and of the version before, and why there are no more. */
  readonly name: NonNullable<OutcomeDocument["authorisation"]>["names"][number] | undefined;
}

/** Releases one package: `name`, or `name@version`. */
export async function release(
  world: ReleaseWorld,
  name: string,
  ...flags: readonly string[]
): Promise<Told> {
  const run = await world.piot("publish", "--json", "--release", name, ...flags);
  const { packages, warnings } = JSON.parse(run.stdout) as {
    packages?: readonly OutcomeDocument[];
    warnings: readonly string[];
  };
  assert.ok(packages !== undefined, run.stdout);
  const one = packages.find((found) => found.name === name.split(/(?<=.)@/)[0])!;
  return { run, one, warnings, name: one.authorisation?.names[0] };
}
