/**
 * A drawing of why each package ships: packages as boxes, and an arrow from each dependency to what
 * depends on it.
 *
 * @module
 */

import type { Plan, PlannedPackage } from "../model/plan.ts";
import { LEFT_OUT_WORDS, whyPlanned } from "./why.ts";

/** A drawing language: Mermaid's flowcharts, or Graphviz' DOT. */
export type GraphFormat = "mermaid" | "dot";

interface Box {
  readonly id: string;
  readonly lines: readonly string[];
  readonly ships: boolean;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Whether the dependency is the reason why its dependent ships. */
  readonly pulls: boolean;
}

/**
 * Draws a plan. A solid arrow pulls its dependent in; a dotted one is a dependency between packages
 * that ship anyway, or one that stays. Of the packages that are left out, those show that a
 * shipping package depends on. Same plan, same text; ends with a newline. No name or version can
 * end a label: see {@link mermaidText} and {@link dotText}.
 */
export function drawPlan(plan: Plan, format: GraphFormat): string {
  const boxes = [
    ...plan.packages.map((planned, at) => shippingBox(planned, at, plan)),
    ...stayingBoxes(plan),
  ];
  const ids = new Map(boxes.map((box) => [box.lines[0]!, box.id]));
  const pulling = pullingNames(plan);
  const arrows = plan.packages.flatMap((planned) => arrowsTo(planned, { ids, pulling }));
  return format === "mermaid" ? mermaid(boxes, arrows) : dot(boxes, arrows);
}

function shippingBox(planned: PlannedPackage, at: number, plan: Plan): Box {
  const version = planned.previous === null
    ? planned.version
    : `${planned.previous} → ${planned.version}`;
  return {
    id: `p${at}`,
    lines: [planned.name, `${planned.kind} ${version}`, whyPlanned(planned, plan)],
    ships: true,
  };
}

function stayingBoxes(plan: Plan): readonly Box[] {
  const wanted = new Set(plan.packages.flatMap(({ depends_on }) => depends_on));
  return plan.left_out.filter(({ name }) => wanted.has(name)).map(({ name, reason }, at) => ({
    id: `x${at}`,
    lines: [name, LEFT_OUT_WORDS[reason]],
    ships: false,
  }));
}

/** The packages that surely pull in what depends on them: those that ship, and those that this commit has released. */
function pullingNames(plan: Plan): ReadonlySet<string> {
  const released = plan.left_out.filter(({ reason }) => reason === "released");
  return new Set([...plan.packages, ...released].map(({ name }) => name));
}

interface Known {
  /** Of boxes, by package. */
  readonly ids: ReadonlyMap<string, string>;
  readonly pulling: ReadonlySet<string>;
}

function arrowsTo(planned: PlannedPackage, { ids, pulling }: Known): readonly Arrow[] {
  const to = ids.get(planned.name)!;
  // Where none of them does, one that stays has changed since the last release of its dependent, which came before its own.
  const some = planned.depends_on.some((name) => pulling.has(name));
  return planned.depends_on.flatMap((name) => {
    const from = ids.get(name);
    if (from === undefined) return [];
    return [{ from, to, pulls: planned.reason === "dependency" && (pulling.has(name) || !some) }];
  });
}

function mermaid(boxes: readonly Box[], arrows: readonly Arrow[]): string {
  const lines = [
    "flowchart LR",
    ...boxes.map((box) => {
      const label = box.lines.map(mermaidText).join("<br/>");
      return `  ${box.id}["${label}"]${box.ships ? "" : ":::stays"}`;
    }),
    ...arrows.map((arrow) => `  ${arrow.from} ${arrow.pulls ? "-->" : "-.->"} ${arrow.to}`),
    "  classDef stays stroke-dasharray: 4 4",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * A text inside a quoted Mermaid label. Everything but plain words becomes one of Mermaid's
 * `#number;` character codes, so that it can neither end the label nor the fence around the
 * drawing.
 */
export function mermaidText(text: string): string {
  return [...text].map((character) =>
    /[A-Za-z0-9 ._/+-]/.test(character) ? character : `#${character.codePointAt(0)!};`
  ).join("");
}

function dot(boxes: readonly Box[], arrows: readonly Arrow[]): string {
  const lines = [
    "digraph plan {",
    "  rankdir=LR",
    "  node [shape=box]",
    ...boxes.map((box) => {
      const label = box.lines.map(dotText).join("\\n");
      return `  ${box.id} [label="${label}"${box.ships ? "" : " style=dashed"}]`;
    }),
    ...arrows.map((arrow) =>
      `  ${arrow.from} -> ${arrow.to}${arrow.pulls ? "" : " [style=dotted]"}`
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * A text inside a quoted DOT label: quotes, backslashes (`\N` and the like are escapes) and HTML
 * entities are plain.
 */
export function dotText(text: string): string {
  return text.replaceAll("&", "&amp;").replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, " ");
}
