/**
 * Reads steps: of a job, and of a composite action, which has them in the same form.
 *
 * @module
 */

import type { Placed, Step } from "./workflow.ts";
import type { Yaml } from "./yaml_tree.ts";

/** Steps of one job that are read; aliases in `parallel` could stand for any number. */
const MOST_STEPS = 2_000;
const DEEPEST = 8;

/** Reads a list of steps, with those below `parallel`. */
export function readSteps(value: Yaml | undefined): readonly Step[] {
  const steps: Step[] = [];
  const add = (list: Yaml | undefined, depth: number): void => {
    for (const item of list?.items() ?? []) {
      if (steps.length >= MOST_STEPS) return;
      const beside = item.get("parallel");
      if (beside !== undefined && depth < DEEPEST) add(beside, depth + 1);
      else steps.push(readStep(item, depth > 0));
    }
  };
  add(value, 0);
  return steps;
}

function readStep(value: Yaml, isBeside: boolean): Step {
  return {
    at: value.at,
    id: value.get("id")?.text,
    name: value.get("name")?.text,
    uses: placed(value.get("uses")),
    run: placed(value.get("run")),
    if: placed(value.get("if")),
    with: readTexts(value.get("with")),
    env: readTexts(value.get("env")),
    continueOnError: placed(value.get("continue-on-error")),
    isBeside: isBeside || value.get("background")?.text === "true",
  };
}

/** A scalar with its place; undefined for anything else. An empty one is an empty text. */
export function placed(value: Yaml | undefined): Placed | undefined {
  if (value === undefined || value.kind === "map" || value.kind === "list") return undefined;
  return { text: value.text ?? "", at: value.at };
}

/** A map of scalars; what in it is none is left out. */
export function readTexts(value: Yaml | undefined): ReadonlyMap<string, Placed> {
  return new Map(
    (value?.entries() ?? []).flatMap(([key, value]) => {
      const text = placed(value);
      return text === undefined ? [] : [[key, text] as const];
    }),
  );
}
