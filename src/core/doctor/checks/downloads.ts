/**
 * What the job that publishes downloads, and where to.
 *
 * @module
 */

import type { MatrixRow } from "../../model/plan.ts";
import type { Check } from "../check.ts";
import type { Found } from "../finding.ts";
import { eachDelivery, requiredRows } from "../required_rows.ts";
import type { Delivery } from "../uploads.ts";
import { isExpression } from "../workflow.ts";

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
    eachDelivery(facts, ({ place, downloads }) => {
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
    eachDelivery(facts, ({ downloads }) =>
      downloads.flatMap(({ with: inputs }) => {
        const merges = inputs.get("merge-multiple");
        return merges !== undefined && /^true$/i.test(merges.text) && facts.config!.rows.length > 1
          ? [{ message: "All artifacts are downloaded into one folder", location: merges.at }]
          : [];
      })),
};
