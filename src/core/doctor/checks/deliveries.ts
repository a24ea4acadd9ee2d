/**
 * How built files get to the job that publishes: by the names of the plan's rows.
 *
 * @module
 */

import type { Check } from "../check.ts";
import type { DoctorFacts } from "../facts.ts";
import { cannotTell } from "../finding.ts";
import { rulesOf } from "../../model/kind.ts";
import type { MatrixRow } from "../../model/plan.ts";
import { encodeName } from "../../model/artifact_name.ts";
import { eachDelivery, requiredRows } from "../required_rows.ts";
import type { Delivery, NamePattern, Upload } from "../uploads.ts";

/** How well an upload fits a row; where only its files will tell, it may. */
function fits(upload: Upload, row: MatrixRow, facts: DoctorFacts): "yes" | "maybe" | "no" {
  const { names } = upload;
  if (names.some(({ isRow }) => isRow)) return "yes";
  const own = names.filter(({ isLiteral, sample, pattern }) =>
    isLiteral ? sample === row.artifact_name : pattern.test(row.artifact_name)
  );
  if (own.some(({ isLiteral }) => isLiteral)) return "yes";
  if (own.length > 0) return "maybe";
  if (row.target === "sdist" || !isOwnFolder(upload, row, facts)) return "no";
  return row.target === "any" ? "yes" : "maybe";
}

/** Jobs may name folders of a package themselves, as cibuildwheel's do: `demo-wheels-linux`. */
function isOwnFolder({ names }: Upload, row: MatrixRow, { config }: DoctorFacts): boolean {
  const { ownFolders } = rulesOf(config!.kinds, row).artifacts;
  const start = encodeName(row.name);
  const isPlanned = ({ isLiteral, sample, pattern }: NamePattern): boolean =>
    config!.rows.some(({ artifact_name: name }) =>
      isLiteral ? name === sample : pattern.test(name)
    );
  return ownFolders !== undefined &&
    names.some((name) =>
      name.sample.startsWith(start) && ownFolders.test(name.sample.slice(start.length)) &&
      !isPlanned(name)
    );
}

/** Every required row is uploaded. */
export const ROWS_UPLOADED: Check = {
  id: "rows-uploaded",
  subject: "artifacts",
  title:
    "Some job uploads every row that publishing cannot do without, under the name that the plan gives it",
  severity: "failed",
  why:
    "publish looks for each file in the folder of its artifact's name, and stops before the first upload where one is missing.",
  mend:
    "Upload with `name: ${{ matrix.artifact_name }}` and `path: ${{ matrix.artifact_path }}` in the job that builds the row",
  run: (facts) =>
    eachDelivery(facts, ({ place, uploads, downloads }) => {
      const rows = requiredRows(facts);
      const judged = rows.map((row) => ({
        row,
        fit: uploads.map((upload) => fits(upload, row, facts)),
      }));
      const missing = judged.filter(({ fit }) => fit.every((one) => one === "no")).map(({ row }) =>
        row.artifact_name
      );
      const open = judged.filter(({ fit }) => !fit.includes("yes") && fit.includes("maybe")).map((
        { row },
      ) => row.artifact_name);
      const location = uploads[0]?.name.at ?? place.top.job.at;
      const foreign = whereElse({ place, downloads }, facts);
      const what = (names: readonly string[]): string =>
        names.slice(0, 3).map((name) => `"${name}"`).join(", ") +
        (names.length > 3 ? ` and ${names.length - 3} more` : "");
      return [
        ...missing.length === 0
          ? []
          : foreign !== undefined
          ? [cannotTell(`Whether ${foreign} uploads ${what(missing)} cannot be told`, location)]
          : [{
            message: `No job of ${place.top.workflow.file} uploads ${what(missing)}`,
            location,
          }],
        ...open.length === 0
          ? []
          : [cannotTell(`Whether ${what(open)} is uploaded is known to a run alone`, location)],
      ];
    }),
};

/** What else than this workflow may upload for it; undefined for nothing. */
function whereElse(
  { place: { top }, downloads }: Omit<Delivery, "uploads">,
  { unfollowed }: DoctorFacts,
): string | undefined {
  if (unfollowed.some(({ from }) => from.workflow === top.workflow)) {
    return "a workflow of another repository";
  }
  if (top.workflow.triggers.has("workflow_call")) return "the calling workflow";
  return downloads.some((step) => step.with.has("run-id")) ? "an earlier run" : undefined;
}

/** The job waits for those that upload. */
export const WAITS_FOR_BUILDS: Check = {
  id: "waits-for-builds",
  subject: "artifacts",
  title: "The job that publishes waits for the jobs that upload",
  severity: "failed",
  why:
    "Jobs start together unless one `needs` another: artifacts that are not there yet are not downloaded.",
  mend: "Add the job to `needs` of the one that publishes",
  run: (facts) =>
    eachDelivery(facts, ({ place: { top }, uploads }) => {
      const waits = new Set<string>();
      const add = (id: string): void => {
        if (waits.has(id)) return;
        waits.add(id);
        for (const { text } of top.workflow.jobs.find((job) => job.id === id)?.needs ?? []) {
          add(text);
        }
      };
      for (const { text } of top.job.needs) add(text);
      const rows = facts.config!.rows;
      const early = uploads.find((upload) =>
        upload.workflow === top.workflow && upload.job !== top.job && !waits.has(upload.job.id) &&
        rows.some((row) => fits(upload, row, facts) === "yes")
      );
      return early === undefined ? [] : [{
        message:
          `Job "${top.job.id}" publishes, and does not wait for "${early.job.id}", which uploads`,
        location: top.job.needs[0]?.at ?? top.job.at,
      }];
    }),
};
