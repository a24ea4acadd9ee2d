/**
 * The first place in which two documents differ.
 *
 * @module
 */

/** A place, and what stands there. */
export interface Difference {
  /** `artifacts[0].artifact_name`; empty for the whole. */
  readonly path: string;
  /** Undefined for nothing. */
  readonly given: unknown;
  readonly expected: unknown;
}

/** Finds the first difference, in the order of the expected keys; undefined for equal documents. */
export function differenceOf(given: unknown, expected: unknown, path = ""): Difference | undefined {
  for (const step of stepsInto(given, expected)) {
    const [a, b] = [given, expected].map((value) =>
      (value as Record<string | number, unknown>)[step]
    );
    const found = differenceOf(a, b, wayInto(path, step));
    if (found !== undefined) return found;
  }
  const areSame = kindOf(given) === kindOf(expected) &&
    (kindOf(given) !== "value" || given === expected);
  return areSame ? undefined : { path, given, expected };
}

function kindOf(value: unknown): "list" | "object" | "value" {
  if (Array.isArray(value)) return "list";
  return typeof value === "object" && value !== null ? "object" : "value";
}

/** What both have in them, when both are lists or both are objects. */
function stepsInto(given: unknown, expected: unknown): readonly (string | number)[] {
  if (Array.isArray(given) && Array.isArray(expected)) {
    return [...Array(Math.max(given.length, expected.length)).keys()];
  }
  if (kindOf(given) !== "object" || kindOf(expected) !== "object") return [];
  return [...new Set([...Object.keys(expected as object), ...Object.keys(given as object)])];
}

function wayInto(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  return path === "" ? step : `${path}.${step}`;
}
