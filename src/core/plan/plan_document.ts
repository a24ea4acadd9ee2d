/**
 * Reads a plan back from the JSON that `plan --json` prints. A plan travels from one job to another as a file, so it is
 * checked like any other input: here whether it has the shape of one, and by `checkPlan()` whether it is one of this commit.
 *
 * @module
 */

import { en } from "zod/locales";
import * as z from "zod/mini";
import { Failure, messageOf } from "../../error.ts";
import type { Kinds } from "../model/kind.ts";
import type { Kind } from "../model/package.ts";
import type { Plan } from "../model/plan.ts";

type KindWord = z.ZodMiniType<Kind>;

const artifact = z.object({
  target: z.string(),
  // It names a folder below the artifacts' own: whatever reads it next, nothing may lead out of there.
  artifact_name: z.string().check(z.regex(/^(?!\.\.?$)[^/\\]+$/)),
  artifact_path: z.string(),
  runs_on: z.string(),
  required: z.boolean(),
  registry_name: z.exactOptional(z.string()),
});

const plannedPackage = (kind: KindWord) =>
  z.object({
    name: z.string(),
    kind,
    registry_name: z.string(),
    path: z.string(),
    version: z.string(),
    previous: z.nullable(z.string()),
    bump: z.nullable(z.enum(["patch", "minor", "major"])),
    tag: z.string(),
    depends_on: z.array(z.string()),
    reason: z.enum(["requested", "trailer", "first-release", "changed", "dependency", "lockstep"]),
    lockstep: z.exactOptional(z.string()),
    artifacts: z.array(artifact),
  });

const matrixRow = (kind: KindWord) =>
  z.object({
    name: z.string(),
    kind,
    version: z.string(),
    target: z.string(),
    runs_on: z.string(),
    artifact_name: z.string(),
    artifact_path: z.string(),
    path: z.string(),
    build: z.exactOptional(z.string()),
    version_env: z.exactOptional(z.object({
      SETUPTOOLS_SCM_PRETEND_VERSION: z.exactOptional(z.string()),
      PDM_BUILD_SCM_VERSION: z.exactOptional(z.string()),
    })),
    build_workflow: z.exactOptional(z.string()),
    bundle_cli: z.exactOptional(
      z.object({ bin: z.string(), stage_to: z.string(), crate_path: z.string() }),
    ),
    tag: z.string(),
    registry_name: z.string(),
  });

const planDocument = (kind: KindWord) =>
  z.object({
    schema: z.literal(1),
    head: z.nullable(z.string().check(z.regex(/^[0-9a-f]{40,64}$/))),
    packages: z.array(plannedPackage(kind)),
    left_out: z.array(z.object({
      name: z.string(),
      previous: z.nullable(z.string()),
      reason: z.enum(["unchanged", "released", "skipped", "not-requested"]),
    })),
    warnings: z.array(z.string()),
    matrix: z.array(matrixRow(kind)),
  });

/** Reads a plan of packages of these kinds. Throws `PIOT_PLAN_INVALID` that says which part is not as a plan has it. */
export function parsePlan(text: string, kinds: Kinds): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`it is not JSON: ${messageOf(error)}`);
  }
  const result = z.safeParse(planDocument(z.enum([...kinds.keys()])), value, {
    error: en().localeError,
  });
  if (!result.success) throw invalid(z.prettifyError(result.error));
  return result.data;
}

function invalid(why: string): Failure {
  return new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: ${why}`, {
    hint: "Give the JSON that `plan --json` printed, as a file or as text",
  });
}
