/**
 * Reads a plan back from the JSON that `plan --json` prints. A plan travels from one job to another as a file, so it is
 * checked like any other input.
 *
 * @module
 */

import * as v from "valibot";
import { Failure, messageOf } from "../../error.ts";
import { encodeName } from "../model/artifact_name.ts";
import type { Plan } from "../model/plan.ts";

const kind = v.picklist(["crates", "pypi", "npm"]);

const artifact = v.object({
  target: v.string(),
  // It names a folder below the artifacts' own: nothing may lead out of there.
  artifact_name: v.pipe(v.string(), v.regex(/^(?!\.\.?$)[^/\\]+$/)),
  artifact_path: v.string(),
  runs_on: v.string(),
  required: v.boolean(),
});

const plannedPackage = v.pipe(
  v.object({
    name: v.string(),
    kind,
    registry_name: v.string(),
    path: v.string(),
    version: v.string(),
    previous: v.nullable(v.string()),
    bump: v.nullable(v.picklist(["patch", "minor", "major"])),
    tag: v.string(),
    depends_on: v.array(v.string()),
    reason: v.picklist(["requested", "trailer", "first-release", "changed", "dependency"]),
    artifacts: v.array(artifact),
  }),
  v.check(
    ({ name, artifacts }) =>
      artifacts.every((one) => one.artifact_name.startsWith(encodeName(name))),
    "an artifact's name starts with its package's",
  ),
);

const matrixRow = v.object({
  name: v.string(),
  kind,
  version: v.string(),
  target: v.string(),
  runs_on: v.string(),
  artifact_name: v.string(),
  artifact_path: v.string(),
  path: v.string(),
  build: v.exactOptional(v.string()),
  build_workflow: v.exactOptional(v.string()),
  bundle_cli: v.exactOptional(
    v.object({ bin: v.string(), stage_to: v.string(), crate_path: v.string() }),
  ),
  tag: v.string(),
  registry_name: v.string(),
});

const planDocument = v.object({
  schema: v.literal(1),
  head: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/))),
  packages: v.array(plannedPackage),
  left_out: v.array(v.object({
    name: v.string(),
    previous: v.nullable(v.string()),
    reason: v.picklist(["unchanged", "released", "skipped", "not-requested"]),
  })),
  warnings: v.array(v.string()),
  matrix: v.array(matrixRow),
});

/** Reads a plan. Throws `PIOT_PLAN_INVALID` that says which part is not as a plan has it. */
export function parsePlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`it is not JSON: ${messageOf(error)}`);
  }
  const result = v.safeParse(planDocument, value);
  if (!result.success) throw invalid(v.summarize(result.issues));
  return result.output;
}

function invalid(why: string): Failure {
  return new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: ${why}`, {
    hint: "Give the JSON that `plan --json` printed, as a file or as text",
  });
}
