/**
 * Quirks of the upload, which lose files without a word.
 *
 * @module
 */

import type { Check } from "../check.ts";
import type { DoctorFacts } from "../facts.ts";
import type { Found } from "../finding.ts";
import { deliveries, type Upload } from "../uploads.ts";
import { isExpression, type Step } from "../workflow.ts";

/** Every upload of a workflow that publishes, each once. */
function each(
  facts: DoctorFacts,
  judge: (upload: Upload) => readonly Found[],
): readonly Found[] | undefined {
  const uploads = deliveries(facts).flatMap((delivery) => delivery.uploads);
  if (uploads.length === 0) return undefined;
  const seen = new Set<Step>();
  return uploads.filter(({ step }) => !seen.has(step) && seen.add(step) !== undefined).flatMap(
    judge,
  );
}

/** Whether an upload is one of the plan's rows, or may be. */
function isOfRows({ names }: Upload, { config }: DoctorFacts): boolean {
  return names.some(({ isRow, pattern }) =>
    isRow || config?.rows.some((row) => pattern.test(row.artifact_name))
  );
}

/** Hidden files are delivered. */
export const HIDDEN_FILES: Check = {
  id: "hidden-files",
  subject: "artifacts",
  title: "What lies in a hidden folder is uploaded",
  severity: "failed",
  why:
    "actions/upload-artifact leaves out, since 4.4, what starts with a dot and everything below such a folder.",
  mend: "Add `include-hidden-files: true`, or build into a folder without a dot",
  run: (facts) =>
    each(facts, (upload) => {
      const { step } = upload;
      if (/^true$/i.test(step.with.get("include-hidden-files")?.text ?? "")) return [];
      const path = step.with.get("path");
      const paths = path === undefined
        ? []
        : isExpression(path.text)
        ? upload.names.some(({ isRow }) => isRow)
          ? facts.config?.rows.filter(({ kind }) => isWholeFor(step, kind)).map((row) =>
            row.artifact_path
          ) ?? []
          : []
        : path.text.split("\n");
      const hidden = paths.find((one) => /(?:^|\/)\.[^./]/.test(one.trim()));
      return hidden === undefined
        ? []
        : [{ message: `"${hidden.trim()}" is hidden, and is not uploaded`, location: path!.at }];
    }),
};

/** `include-hidden-files` may depend on the row's kind. */
function isWholeFor(step: Step, kind: string): boolean {
  const said = step.with.get("include-hidden-files")?.text ?? "";
  return !said.includes(`'${kind}'`);
}

/** An upload that has nothing fails. */
export const NOTHING_FOUND: Check = {
  id: "nothing-found",
  subject: "artifacts",
  title: "An upload that finds no file fails",
  severity: "warning",
  why:
    "By default it is a warning: the build is green, and the release stops for a file that nobody misses until then.",
  mend: "Add `if-no-files-found: error`",
  run: (facts) =>
    each(facts, (upload) => {
      const said = upload.step.with.get("if-no-files-found");
      if (
        !isOfRows(upload, facts) || said?.text === "error" ||
        (said !== undefined && isExpression(said.text))
      ) return [];
      return [{
        message: `Job "${upload.job.id}" stays green where it has nothing to upload`,
        location: said?.at ?? upload.step.at,
      }];
    }),
};

/** A job can run again. */
export const OVERWRITE: Check = {
  id: "overwrite",
  subject: "artifacts",
  title: "A job that runs again replaces what it uploaded",
  severity: "warning",
  why:
    "The name of an artifact is taken for all attempts of a run: a build that uploaded and failed afterwards cannot be run again.",
  mend: "Add `overwrite: true`",
  run: (facts) =>
    each(facts, (upload) => {
      if (!isOfRows(upload, facts)) return [];
      const said = upload.step.with.get("overwrite")?.text ?? "false";
      return /^false$/i.test(said)
        ? [{
          message: `Job "${upload.job.id}" cannot upload again when it is run again`,
          location: upload.step.at,
        }]
        : [];
    }),
};

/** Names are unique within a run. */
export const ONE_NAME_EACH: Check = {
  id: "one-name-each",
  subject: "artifacts",
  title: "Jobs of a matrix upload under different names",
  severity: "failed",
  why:
    "A name can be used once in a run: the second job fails with a conflict, or with `overwrite` replaces the files of the first.",
  mend: "Use `name: ${{ matrix.artifact_name }}`",
  run: (facts) =>
    each(facts, ({ name, job }) => {
      const isMatrix = job.raw.get("strategy")?.get("matrix") !== undefined;
      return isMatrix && !isExpression(name.text)
        ? [{
          message: `Every job of the matrix "${job.id}" uploads as "${name.text}"`,
          location: name.at,
        }]
        : [];
    }),
};

/** Files go as artifacts with their names. */
export const ARCHIVED: Check = {
  id: "archived",
  subject: "artifacts",
  title: "Artifacts are uploaded under the names that they are given",
  severity: "failed",
  why:
    "With `archive: false` (upload-artifact 7) the artifact is called what its one file is called, and `name` does not count.",
  mend: "Remove `archive: false`",
  run: (facts) =>
    each(facts, ({ step }) => {
      const archive = step.with.get("archive");
      return archive !== undefined && /^false$/i.test(archive.text)
        ? [{
          message: "The artifact gets the name of its file, not the one that is written",
          location: archive.at,
        }]
        : [];
    }),
};

/** Both sides speak one protocol. */
export const ARTIFACT_VERSIONS: Check = {
  id: "artifact-versions",
  subject: "artifacts",
  title: "Uploads and downloads are of versions that work, and understand each other",
  severity: "failed",
  why:
    "Versions 1 to 3 were switched off in 2025, and what later ones upload earlier ones do not see.",
  mend: "Use actions/upload-artifact and actions/download-artifact of version 4 or later",
  run: (facts) => {
    const all = deliveries(facts);
    if (all.length === 0) return undefined;
    const steps = new Set(
      all.flatMap(({ uploads, downloads }) => [...uploads.map(({ step }) => step), ...downloads]),
    );
    return [...steps].flatMap(({ uses }) =>
      /@v[1-3](?:\.|$)/.test(uses!.text.trim())
        ? [{ message: `${uses!.text} does not work any more`, location: uses!.at }]
        : []
    );
  },
};
