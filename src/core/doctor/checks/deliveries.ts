/**
 * How built files get to the job that publishes: by the names of the plan's rows.
 *
 * @module
 */

import type { Check } from "../check.ts";
import type { DoctorFacts } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import { rulesOf } from "../../model/kind.ts";
import type { MatrixRow } from "../../model/plan.ts";
import { encodeName } from "../../model/artifact_name.ts";
import { deliveries, type Delivery, type NamePattern, type Upload } from "../uploads.ts";
import { isExpression } from "../workflow.ts";

/** Rows without which nothing is published. */
function requiredRows({ config }: DoctorFacts): readonly MatrixRow[] {
  return (config?.rows ?? []).filter((row) =>
    rulesOf(config!.kinds, row).artifacts.isRequired(row.target)
  );
}

/** What is delivered for one job, where something has to be. */
function each(
  facts: DoctorFacts,
  judge: (delivery: Delivery) => readonly Found[],
): readonly Found[] | undefined {
  const all = deliveries(facts);
  return all.length === 0 || facts.config === undefined ? undefined : all.flatMap(judge);
}

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
    each(facts, ({ place, uploads, downloads }) => {
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

/** What is uploaded is downloaded. */
export const ROWS_DOWNLOADED: Check = {
  id: "rows-downloaded",
  subject: "artifacts",
  title:
    "The job that publishes downloads every artifact of a row, into the folder that it publishes from",
  severity: "failed",
  why:
    "publish reads `artifacts/<artifact_name>/…`, or what `artifacts` names. One artifact by its `name` alone is unpacked without a folder.",
  mend:
    "Put `actions/download-artifact` with `path: artifacts` and nothing else before the step that publishes",
  run: (facts) =>
    each(facts, ({ place, downloads }) => {
      const rows = requiredRows(facts);
      if (rows.length === 0) return [];
      if (downloads.length === 0) {
        return ownDownload(place.in.job.steps) ? [] : [{
          message: `Job "${place.in.job.id}" publishes, and downloads nothing`,
          location: place.step.at,
        }];
      }
      return [...tooFew(downloads, rows), ...elsewhere({ place, downloads })];
    }),
};

function ownDownload(steps: Delivery["downloads"]): boolean {
  return steps.some(({ run }) => /\bgh run download\b/.test(run?.text ?? ""));
}

function tooFew(downloads: Delivery["downloads"], rows: readonly MatrixRow[]): readonly Found[] {
  if (
    downloads.some((step) =>
      !step.with.has("name") && !step.with.has("pattern") && !step.with.has("artifact-ids")
    )
  ) return [];
  const got = (row: MatrixRow): boolean =>
    downloads.some(({ with: inputs }) => {
      const name = inputs.get("name")?.text;
      if (name !== undefined) return isExpression(name) || name === row.artifact_name;
      const pattern = inputs.get("pattern")?.text ?? "*";
      return isExpression(pattern) || globOf(pattern).test(row.artifact_name);
    });
  const missing = rows.filter((row) => !got(row));
  if (missing.length === 0) return [];
  const first = downloads[0]!;
  return [{
    message: `"${missing[0]!.artifact_name}" is not downloaded`,
    location: (first.with.get("name") ?? first.with.get("pattern"))?.at ?? first.at,
  }];
}

/** As minimatch reads a plain pattern: `*`, `?` and `{a,b}`. */
function globOf(pattern: string): RegExp {
  // What has more of them than anybody writes takes too long to hold against names.
  if ((pattern.match(/\*/g) ?? []).length > 6) return /^/;
  const source = pattern.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".")
    .replace(/\{([^{}]*)\}/g, (_, list: string) => `(?:${list.replaceAll(",", "|")})`);
  return new RegExp(`^${source.replace(/[{}]/g, "\\$&")}$`);
}

/** The folder that is published from is the one that is downloaded to. */
function elsewhere({ place, downloads }: Pick<Delivery, "place" | "downloads">): readonly Found[] {
  const from = folderOf(place.inputs.get("artifacts")?.text ?? flagOf(place.words) ?? "artifacts");
  const to = downloads.map(({ with: inputs, at }) => ({
    at: inputs.get("path")?.at ?? at,
    text: folderOf(inputs.get("path")?.text ?? "."),
  }));
  const isKnown = [from, ...to.map(({ text }) => text)].every((text) => !isExpression(text));
  const isBelow = place.inputs.get("working_directory")?.text || place.words.includes("--cwd") ||
    place.in.workflow.raw.get("defaults") !== undefined;
  if (!isKnown || isBelow || to.some(({ text }) => text === from || text.startsWith(`${from}/`))) {
    return [];
  }
  return [{
    message: `Artifacts are downloaded to "${to[0]!.text}", and published from "${from}"`,
    location: to[0]!.at,
  }];
}

function flagOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === "--artifacts" || word.startsWith("--artifacts="));
  return at < 0 ? undefined : words[at]!.split("=")[1] ?? words[at + 1];
}

function folderOf(text: string): string {
  const plain = text.trim().replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, "").replace(
    /^\$GITHUB_WORKSPACE\/?/,
    "",
  );
  return plain.replace(/^\.\//, "").replace(/\/+$/, "") || ".";
}

/** Folders stay apart. */
export const NOT_MERGED: Check = {
  id: "not-merged",
  subject: "artifacts",
  title: "Artifacts are downloaded each into a folder of its own",
  severity: "failed",
  why:
    "`merge-multiple` puts all files into one folder: which package a file belongs to is lost, and of two with one name the later one stays.",
  mend: "Remove `merge-multiple`",
  run: (facts) =>
    each(facts, ({ downloads }) =>
      downloads.flatMap(({ with: inputs }) => {
        const merges = inputs.get("merge-multiple");
        return merges !== undefined && /^true$/i.test(merges.text) && facts.config!.rows.length > 1
          ? [{ message: "All artifacts are downloaded into one folder", location: merges.at }]
          : [];
      })),
};

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
    each(facts, ({ place: { top }, uploads }) => {
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
