/**
 * What `plan` hands to the jobs after it, and `publish` to the steps after it.
 *
 * @module
 */

import type { MatrixRow, Plan } from "../core/model/plan.ts";
import { cutShards, MOST_MATRIX_JOBS } from "../core/plan/shards.ts";
import { Failure } from "../error.ts";
import type { FailedDocument, PublishDocument } from "./documents.ts";
import { isReleased, type Outcome } from "./outcome.ts";

/**
 * The outputs of `plan`; each is a text, and `matrix` and `shards` are valid JSON whatever happens.
 */
export interface PlanOutputs {
  /**
   * `[…]`, a row for each build job, the same bytes as `plan --matrix`: what `fromJSON` gives to
   * `strategy.matrix.include`.
   */
  readonly matrix: string;
  /** `true` when there is anything to build; an empty matrix is an error to GitHub. */
  readonly has_rows: "true" | "false";
  /** `true` when there is anything to release, built or not. */
  readonly has_release: "true" | "false";
  /**
   * `[]`, or, when the rows are more than one matrix takes,
   * `[{"shard":1,"of":2,"matrix":[…]}, …]` for a workflow that is called once for each.
   */
  readonly shards: string;
  /** The commit that is planned: what a later job checks out. */
  readonly head: string;
}

/**
 * GitHub bounds all outputs of a job at 1 MB, counted in UTF-16: 524,288 units (GitHub, "Actions
 * limits"). What is over the bound is dropped, and with it the build; the rest is room for the
 * user's own outputs.
 */
const MOST_UNITS = 500_000;

/**
 * The outputs of a plan. With more rows than the matrix and its shards have room for, the rows are
 * in the shards alone: GitHub would not start such a matrix anyway. Of what is built already there are none. Throws `PIOT_OUTPUTS_TOO_LARGE`
 * when even the shards have no room.
 */
export function planOutputs(
  plan: Plan,
  { isBuilt = false }: { readonly isBuilt?: boolean } = {},
): PlanOutputs {
  const rows = isBuilt ? [] : plan.matrix;
  const shards = rows.length > MOST_MATRIX_JOBS ? shardsOf(rows) : [];
  const outputs: PlanOutputs = {
    matrix: JSON.stringify(rows),
    has_rows: rows.length > 0 ? "true" : "false",
    has_release: plan.packages.length > 0 ? "true" : "false",
    shards: JSON.stringify(shards),
    head: plan.head ?? "",
  };
  if (unitsOf(outputs) <= MOST_UNITS) return outputs;
  const lean: PlanOutputs = { ...outputs, matrix: "[]" };
  if (shards.length > 0 && unitsOf(lean) <= MOST_UNITS) return lean;
  throw tooLarge(rows, Math.min(unitsOf(outputs), unitsOf(lean)));
}

interface ShardDocument {
  /** From 1. */
  readonly shard: number;
  readonly of: number;
  readonly matrix: readonly MatrixRow[];
}

function shardsOf(rows: readonly MatrixRow[]): readonly ShardDocument[] {
  const pieces = cutShards(rows);
  return pieces.map((matrix, at) => ({ shard: at + 1, of: pieces.length, matrix }));
}

function unitsOf(outputs: PlanOutputs | PublishOutputs): number {
  return Object.entries(outputs).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
}

function tooLarge(rows: readonly MatrixRow[], units: number): Failure {
  return new Failure(
    "PIOT_OUTPUTS_TOO_LARGE",
    `Cannot hand ${rows.length} build rows to the next job: they need ${units} characters, ` +
      `and GitHub takes ${MOST_UNITS}`,
    { hint: "Release fewer packages in one run: name them with --release" },
  );
}

/** The outputs of `publish`, as texts. */
export interface PublishOutputs {
  /** `true` when this run made at least one release complete. */
  readonly released: "true" | "false";
  /**
   * `[{"name", "version", "tag", "commit", "registry_url"}]` of those; `tag` and `commit`, which it
   * stands on, are null outside a git work tree.
   */
  readonly released_packages: string;
  /**
   * The document that `publish --json` prints. Where outputs have no room for all of it, `cut` is true in it and packages
   * have no more than their status and their names; empty when there is no room for that either.
   */
  readonly result: string;
}

/**
 * The outputs of a run. A release counts in the run that made it complete, by its upload or by the
 * tag that was missing; one that an earlier run completed does not count again, so that what
 * follows a release happens once.
 */
export function publishOutputs(
  outcomes: readonly Outcome[],
  document: PublishDocument | FailedDocument,
): PublishOutputs {
  const released = outcomes.filter(isReleased).map((
    { name, version, tag, commit, registryUrl },
  ) => ({
    name,
    version,
    tag,
    commit,
    registry_url: registryUrl,
  }));
  const outputs = {
    released: released.length > 0 ? "true" as const : "false" as const,
    released_packages: JSON.stringify(released),
  };
  const results = [document, cutDocument(document)].map((result) => JSON.stringify(result));
  const fitting = results.find((result) => unitsOf({ ...outputs, result }) <= MOST_UNITS);
  return { ...outputs, result: fitting ?? "" };
}

/** The log and the summary have the rest. */
function cutDocument(whole: PublishDocument | FailedDocument): unknown {
  if (!("packages" in whole)) return cutFailure(whole);
  const { packages, warnings: _, ...document } = whole;
  const cut = packages.map(({ name, kind, version, tag, commit, registry_url, status }) => ({
    ...{ name, kind, version, tag, commit, registry_url, status },
  }));
  return { ...document, cut: true, packages: cut, warnings: [] };
}

function cutFailure({ schema, failure, bug }: FailedDocument): unknown {
  if (failure === undefined) return { schema, cut: true, bug: bug?.slice(0, MOST_UNITS / 4) };
  const { code, message } = failure;
  return { schema, cut: true, failure: { code, message, problems: [] }, warnings: [] };
}
