/**
 * The build job of the example repository, as far as this machine can run it: the program of its own platform.
 *
 * @module
 */

import { join } from "node:path";
import type { Plan } from "../../core/model/plan.ts";
import { messageOf } from "../../error.ts";
import { exec, isOnPath } from "../../host/exec.ts";
import type { Host } from "../../host/host.ts";
import { makeFolder } from "../../host/write_files.ts";
import { PROGRAM_SOURCE, PROGRAM_VERSION } from "../../rehearsal/example.ts";

/** Where the program is built, and for what. */
export interface ExampleBuild {
  readonly plan: Plan;
  /** The target that this machine is. */
  readonly triple: string;
  /** The example's checkout. */
  readonly checkout: string;
  /** The folder that gets the artifacts. */
  readonly artifacts: string;
}

/**
 * Compiles the program with rustc into its artifact. Gives a sentence when that cannot be done; the program is made up
 * then, like those of other platforms.
 */
export async function buildExample(
  { env }: Pick<Host, "env">,
  { plan, triple, checkout, artifacts }: ExampleBuild,
): Promise<string | undefined> {
  const row = plan.matrix.find(({ build, target }) => build === "bundled-cli" && target === triple);
  if (row === undefined) return undefined;
  const missing = `the program for ${triple} is made up, and cannot be run`;
  if (!await isOnPath("rustc", env)) return `there is no rustc on PATH: ${missing}`;
  const folder = join(artifacts, row.artifact_name);
  await makeFolder(folder);
  const ending = triple.startsWith("win32-") ? ".exe" : "";
  const output = join(folder, `${row.name}${ending}`);
  const { code, stderr } = await exec(
    "rustc",
    ["-C", "strip=symbols", "-o", output, PROGRAM_SOURCE],
    { cwd: checkout, env: { ...env, [PROGRAM_VERSION]: row.version } },
    // A sandbox may forbid it; a rehearsal without it is worth having.
  ).catch((error: unknown) => ({ code: null, stderr: messageOf(error) }));
  if (code === 0) return undefined;
  return `rustc does not work here (${stderr.trim().split("\n")[0]}): ${missing}`;
}
