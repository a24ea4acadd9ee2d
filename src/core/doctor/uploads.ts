/**
 * The artifacts that jobs of a workflow upload, and those that the publishing job downloads.
 *
 * @module
 */

import type { DoctorFacts } from "./facts.ts";
import { publishJobs } from "./facts.ts";
import { calledPath, type OwnPlace, type PlacedJob } from "./own_places.ts";
import { escapePattern } from "./escape_pattern.ts";
import { isExpression, type Job, type Placed, type Step, type Workflow } from "./workflow.ts";
import type { Yaml } from "./yaml_tree.ts";

/** A step that uploads. */
export interface Upload extends PlacedJob {
  readonly step: Step;
  /** The name as it is written; `artifact` where it is not (actions/upload-artifact `action.yml`). */
  readonly name: Placed;
  /** The names that it can have: literal ones, and patterns for parts that only a run knows. */
  readonly names: readonly NamePattern[];
}

/** A name, with gaps where only a run knows what stands there. */
export interface NamePattern {
  readonly pattern: RegExp;
  /** A name that fits it. */
  readonly sample: string;
  /** Whether there are no gaps. */
  readonly isLiteral: boolean;
  /** Whether it is the row's own `artifact_name`, whatever that is. */
  readonly isRow: boolean;
}

/** Every upload of the workflow that a place publishes in, with those of the workflows that it calls. */
export function uploadsFor(
  { top }: OwnPlace,
  { workflows }: Pick<DoctorFacts, "workflows">,
): readonly Upload[] {
  return jobsBelow(top.workflow, workflows).flatMap((placed) =>
    placed.job.steps.filter(isUpload).map((step) => {
      const name = step.with.get("name") ?? { text: "artifact", at: step.at };
      return { ...placed, step, name, names: patternsOf(name.text, placed.job) };
    })
  );
}

/** Whether a step is actions/upload-artifact, or its merging sister. */
export function isUpload({ uses }: Step): boolean {
  return /^actions\/upload-artifact(?:\/merge)?@/i.test(uses?.text ?? "");
}

/** Whether a step is actions/download-artifact. */
export function isDownload({ uses }: Step): boolean {
  return /^actions\/download-artifact@/i.test(uses?.text ?? "");
}

/** The jobs of a workflow, and of those that it calls here. */
export function jobsBelow(
  workflow: Workflow,
  workflows: readonly Workflow[],
  depth = 0,
): readonly PlacedJob[] {
  return workflow.jobs.slice(0, MOST).flatMap((job) => {
    const path = job.uses && calledPath(job.uses.text);
    const callee = workflows.find((one) => one.path === path);
    return callee === undefined || depth > 3
      ? [{ workflow, job }]
      : [{ workflow, job }, ...jobsBelow(callee, workflows, depth + 1)];
  });
}

/** A template with the values of a static matrix put in; what is left of expressions are gaps. */
function patternsOf(template: string, job: Job): readonly NamePattern[] {
  const isRow = /^\$\{\{\s*matrix\.artifact_name\s*\}\}$/.test(template.trim());
  const texts = matrixValues(template, job);
  return texts.map((text) => ({
    isRow,
    isLiteral: !isExpression(text),
    sample: text.replace(/\$\{\{.*?\}\}/gs, "x"),
    pattern: patternOf(text),
  }));
}

/** Parts that only a run knows become gaps; more than a few could be anything. */
function patternOf(text: string): RegExp {
  const parts = text.split(/\$\{\{.*?\}\}/s).map(escapePattern);
  const gaps = parts.length - 1 > MOST_GAPS ? [parts[0]!, parts.at(-1)!] : parts;
  return new RegExp(`^${gaps.join("(?:.+)").replace(/(?:\(\?:\.\+\))+/g, "(?:.+)")}$`);
}

const MOST_GAPS = 4;
const MOST = 200;

/** A template for each combination of static matrix values that it names. */
function matrixValues(template: string, job: Job): readonly string[] {
  const rows = staticRows(job);
  const keys = [
    ...new Set([...template.matchAll(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g)].map(([, key]) => key!)),
  ];
  if (rows.length === 0 || keys.length === 0) return [template];
  const fill = (row: ReadonlyMap<string, string>): string =>
    template.replace(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g, (whole, key) => row.get(key) ?? whole);
  return [...new Set(rows.map(fill))];
}

/** The rows of a matrix that is written out: its lists multiplied, and its `include` beside them. */
function staticRows({ raw }: Job): readonly ReadonlyMap<string, string>[] {
  const matrix = raw.get("strategy")?.get("matrix");
  const lists = (matrix?.entries() ?? []).filter(([key, value]) =>
    !["include", "exclude"].includes(key) && value.kind === "list"
  );
  let rows: ReadonlyMap<string, string>[] = lists.length === 0 ? [] : [new Map()];
  for (const [key, list] of lists) {
    rows = rows.flatMap((row) =>
      list.items().map((item) => new Map([...row, ...valuesOf(key, item)]))
    ).slice(0, MOST);
  }
  const included =
    matrix?.get("include")?.items().map((item) =>
      new Map(item.entries().flatMap(([key, value]) => valuesOf(key, value)))
    ) ?? [];
  return [...rows, ...included].slice(0, MOST);
}

function valuesOf(key: string, { text }: Yaml): readonly (readonly [string, string])[] {
  return text === undefined ? [] : [[key, text]];
}

/** Jobs that publish with what they download, and what is uploaded for them. */
export interface Delivery {
  readonly place: OwnPlace;
  readonly uploads: readonly Upload[];
  readonly downloads: readonly Step[];
}

/** For every job that publishes. */
export function deliveries(facts: DoctorFacts): readonly Delivery[] {
  const known = new Map<Workflow, readonly Upload[]>();
  return publishJobs(facts).map((place) => {
    const { job } = place.in;
    const uploads = known.get(place.top.workflow) ?? uploadsFor(place, facts);
    known.set(place.top.workflow, uploads);
    return {
      place,
      uploads,
      downloads: job.steps.slice(0, job.steps.indexOf(place.jobStep)).filter(isDownload),
    };
  });
}
