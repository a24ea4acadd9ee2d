/**
 * How rows get from the plan to the jobs that build them.
 *
 * @module
 */

import type { Location } from "../../../error.ts";
import type { Check } from "../check.ts";
import { escapePattern } from "../escape_pattern.ts";
import type { DoctorFacts } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { PlacedJob } from "../own_places.ts";
import { bareName, isExpression } from "../workflow.ts";
import type { Yaml } from "../yaml_tree.ts";

/** A matrix that is made of an output of another job. */
interface Planned extends PlacedJob {
  readonly matrix: Yaml;
  /** What is made of the output: the whole matrix, or its `include`. */
  readonly value: Yaml;
}

/** Matrices that come from a job that plans. */
function plannedMatrices(facts: DoctorFacts): readonly Planned[] | undefined {
  const planning = facts.places.filter(({ command }) => command === "plan");
  if (planning.length === 0) return undefined;
  return planning.flatMap(({ top: { workflow, job: plan } }) =>
    workflow.jobs.flatMap((job): readonly Planned[] => {
      const matrix = job.raw.get("strategy")?.get("matrix");
      if (matrix === undefined) return [];
      const values = matrix.text === undefined
        ? matrix.entries().map(([, value]) => value)
        : [matrix];
      return values.filter(({ text = "" }) =>
        isExpression(text) &&
        new RegExp(`needs\\.${escapePattern(plan.id)}\\.outputs\\.\\w*(?:matrix|rows|shard)`).test(
          text,
        )
      ).map((value) => ({ workflow, job, matrix, value }));
    })
  );
}

/** The matrix is a list of rows. */
export const BARE_ARRAY: Check = {
  id: "bare-array",
  subject: "workflow",
  title: "The plan's matrix is read as the list of rows that it is",
  severity: "failed",
  why:
    "The output `matrix` is a bare array: as a whole matrix, or as a text, GitHub refuses it when the job starts, after the plan was green.",
  mend: 'Write `matrix: { include: "${{ fromJSON(needs.plan.outputs.matrix) }}" }`',
  run: (facts) =>
    plannedMatrices(facts)?.flatMap(({ job, matrix, value }): readonly Found[] => {
      const isIncluded = matrix.get("include") === value;
      if (
        matrix.text === undefined && /\bfromJSON\s*\(/i.test(value.text!) &&
        matrix.entries().some(([key, one]) => key === "include" && one.text === value.text)
      ) return [];
      if (matrix.text !== undefined && !/\bmatrix\b\s*\)/.test(value.text!)) return [];
      const found = /\bfromJSON\s*\(/i.test(value.text!)
        ? isIncluded ? "" : "is not its `include`"
        : "is not read by `fromJSON`";
      return found === "" ? [] : [{
        message: `The matrix of job "${job.id}" is the plan's rows, and ${found}`,
        location: value.at,
      }];
    }),
};

/** An empty plan is no failure. */
export const EMPTY_MATRIX: Check = {
  id: "empty-matrix",
  subject: "workflow",
  title: "The job that builds rows is skipped where there are none",
  severity: "warning",
  why: "A matrix without rows is an error to GitHub: every push that releases nothing is red.",
  mend: "Add `if: needs.plan.outputs.has_rows == 'true'`",
  run: (facts) =>
    plannedMatrices(facts)?.filter(({ job }) => job.if === undefined).map(({ job, value }) => ({
      message: `Job "${job.id}" starts with an empty matrix where nothing is to be built`,
      location: value.at,
    })),
};

/** The job that plans hands its outputs on. */
export const PLAN_OUTPUTS: Check = {
  id: "plan-outputs",
  subject: "workflow",
  title: "Outputs of the step that plans are those that later jobs read",
  severity: "failed",
  why:
    "An output that is not there is an empty text: `fromJSON('')` fails, and a condition on it is false, which skips the release with a green run.",
  mend: "Give the step that plans an `id`, and list each output under `outputs` of its job",
  run: (facts) => {
    const planning = facts.places.filter(({ command, composite }) =>
      command === "plan" && composite === undefined
    );
    if (planning.length === 0) return undefined;
    return planning.flatMap((
      { in: { workflow, job } },
    ) => [...unlisted({ workflow, job }), ...unknownSteps({ workflow, job })]);
  },
};

/** Read from the text, since aliases in it could stand for any amount of it. */
function unlisted({ workflow, job: plan }: PlacedJob): readonly Found[] {
  const listed = plan.raw.get("outputs")?.entries().map(([name]) => name) ?? [];
  const read = new RegExp(`needs\\.${escapePattern(plan.id)}\\.outputs\\.([\\w-]+)`, "g");
  const missing = new Map<string, Location>();
  for (const [index, line] of workflow.source.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(line)) continue;
    for (const { 1: name, index: at } of line.matchAll(read)) {
      if (listed.includes(name!) || missing.has(name!)) continue;
      missing.set(name!, { file: workflow.file, line: index + 1, column: at + 1, excerpt: line });
    }
  }
  return [...missing].map(([name, location]) => ({
    message:
      `The output \`${name}\` of job "${plan.id}" is read here, and that job has none of that name`,
    location,
  }));
}

function unknownSteps({ job }: PlacedJob): readonly Found[] {
  const ids = new Set(job.steps.flatMap(({ id }) => id ?? []));
  return (job.raw.get("outputs")?.entries() ?? []).flatMap(([name, { text = "", at }]) => {
    const [, step] = /\bsteps\.([\w-]+)\.outputs\b/.exec(text) ?? [];
    return step === undefined || ids.has(step) ? [] : [{
      message:
        `The output \`${name}\` is one of the step "${step}", and job "${job.id}" has none of that id`,
      location: at,
    }];
  });
}

/** One matrix takes so many rows. */
const MOST_ROWS = 256;

/** All rows fit. */
export const MATRIX_SIZE: Check = {
  id: "matrix-size",
  subject: "workflow",
  title: "All rows fit into one matrix, or are cut into several",
  severity: "failed",
  why: "GitHub takes 256 jobs in a matrix, and starts none of a larger one.",
  mend:
    "Build by the plan's output `shards`, see docs/workflows.md, or give packages a `build_workflow`",
  run: (facts) => {
    const planned = plannedMatrices(facts);
    if (planned === undefined || facts.config === undefined) return undefined;
    const own = facts.config.rows.filter((row) => row.build_workflow === undefined).length;
    const isCut = planned.some(({ value }) => /shard/.test(value.text!));
    return own <= MOST_ROWS || isCut ? [] : planned.map(({ value }) => ({
      message: `A plan of everything has ${own} rows`,
      location: value.at,
    }));
  },
};

/** Rows with a workflow of their own are built by it. */
export const DELEGATED: Check = {
  id: "delegated-rows",
  subject: "workflow",
  title: "Every `build_workflow` is there, takes calls, and is called",
  severity: "failed",
  why:
    "Rows that name one are left to it: where nobody calls it, they are not built, and the release stops for them.",
  mend:
    "Call it from the workflow that publishes, with the rows that name it, as `putitoutthere init` writes it",
  run: (facts) => {
    const { config } = facts;
    const named = config?.packages.filter(({ buildWorkflow }) => buildWorkflow !== undefined) ?? [];
    if (config === undefined || facts.workflows.length === 0) return undefined;
    return named.flatMap((pkg): readonly Found[] => {
      const location = config.place(pkg, "build_workflow");
      const workflow = facts.workflows.find(({ path }) => bareName(path) === pkg.buildWorkflow);
      if (workflow === undefined) {
        const broken = facts.files.some(({ path }) => bareName(path) === pkg.buildWorkflow);
        return [{
          message: `${pkg.name} is built by ${pkg.buildWorkflow}, which ${
            broken ? "cannot be read" : "is not in .github/workflows"
          }`,
          location,
        }];
      }
      if (!workflow.triggers.has("workflow_call")) {
        return [{
          message:
            `${pkg.name} is built by ${pkg.buildWorkflow}, which does not start on \`workflow_call\``,
          location: workflow.triggersAt,
        }];
      }
      const isCalled = facts.workflows.some(({ jobs }) =>
        jobs.some(({ uses }) => uses?.text.endsWith(`/${workflow.path}`))
      );
      return isCalled ? [] : [{
        message: `${pkg.name} is built by ${pkg.buildWorkflow}, which no job calls`,
        location,
      }];
    });
  },
};
