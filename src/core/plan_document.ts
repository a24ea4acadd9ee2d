/**
 * Reads a plan back from the JSON that `plan --json` prints. A plan travels from one job to another as a file, so it is
 * checked like any other input.
 *
 * @module
 */

import * as z from "zod";
import { Failure, messageOf } from "../error.ts";
import { encodeName } from "./artifact_name.ts";
import type { Plan } from "./plan.ts";

const kind = z.enum(["crates", "pypi", "npm"]);

const artifact = z.object({
  target: z.string(),
  // It names a folder below the artifacts' own: nothing may lead out of there.
  artifact_name: z.string().regex(/^(?!\.\.?$)[^/\\]+$/),
  artifact_path: z.string(),
  runs_on: z.string(),
  required: z.boolean(),
});

const plannedPackage = z.object({
  name: z.string(),
  kind,
  registry_name: z.string(),
  path: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  bump: z.enum(["patch", "minor", "major"]).nullable(),
  tag: z.string(),
  depends_on: z.array(z.string()),
  reason: z.enum(["requested", "trailer", "first-release", "changed", "dependency"]),
  artifacts: z.array(artifact),
}).refine(
  (item) => item.artifacts.every((one) => one.artifact_name.startsWith(encodeName(item.name))),
  {
    message: "an artifact's name starts with its package's",
  },
);

const matrixRow = z.object({
  name: z.string(),
  kind,
  version: z.string(),
  target: z.string(),
  runs_on: z.string(),
  artifact_name: z.string(),
  artifact_path: z.string(),
  path: z.string(),
  build: z.string().exactOptional(),
  build_workflow: z.string().exactOptional(),
  bundle_cli: z.object({ bin: z.string(), stage_to: z.string(), crate_path: z.string() })
    .exactOptional(),
  tag: z.string(),
  registry_name: z.string(),
});

const planDocument = z.object({
  schema: z.literal(1),
  head: z.string().regex(/^[0-9a-f]{40,64}$/).nullable(),
  packages: z.array(plannedPackage),
  left_out: z.array(z.object({
    name: z.string(),
    previous: z.string().nullable(),
    reason: z.enum(["unchanged", "released", "skipped", "not-requested"]),
  })),
  warnings: z.array(z.string()),
  matrix: z.array(matrixRow),
});

/** Reads a plan. Throws `PIOT_PLAN_INVALID` that says which part is not as a plan has it. */
export function parsePlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`it is not JSON: ${messageOf(error)}`);
  }
  const result = planDocument.safeParse(value);
  if (!result.success) throw invalid(z.prettifyError(result.error));
  return result.data;
}

function invalid(why: string): Failure {
  return new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: ${why}`, {
    hint: "Give the JSON that `plan --json` printed, as a file or as text",
  });
}
