/**
 * What kinds share that are built once for each of some platforms: the key `targets`, and what it must hold to.
 *
 * @module
 */

import * as z from "zod/mini";
import { canonicalTriple, type TargetInput } from "../target/target.ts";
import { perPackage, type Rule, triplesOf } from "./draft.ts";
import { type Finding, quote } from "./finding.ts";
import { described, text } from "./table_schema.ts";
import { TEXT, type TextRule, TRIPLE } from "./text_rules.ts";

const OWN_KEYS = {
  triple: text(TRIPLE, "A triple, Rust style or Node style."),
  runner: z.optional(text(TEXT, "The label of the GitHub runner that builds it.")),
};

/** JSON Schema defines each once, by its `id`. */
const target: z.ZodMiniType<TargetInput> = described(
  z.union([text(TRIPLE, "A triple, Rust style or Node style."), z.strictObject(OWN_KEYS)]),
  "A triple, or { triple, runner } to choose the runner that builds it.",
  { id: "target" },
);

/** The key `targets`. */
export function targetsKey(description: string): z.ZodMiniType<readonly TargetInput[]> {
  return z._default(described(z.array(target), description), []);
}

/** The key `targets` of families of packages, each with a name of its own; `name` is what that must be. */
export function familyTargetsKey(
  description: string,
  name: TextRule,
): z.ZodMiniType<readonly TargetInput[]> {
  const member: z.ZodMiniType<TargetInput> = described(
    z.union([
      text(TRIPLE, "A triple, Rust style or Node style."),
      z.strictObject({
        ...OWN_KEYS,
        package: z.optional(text(name, "The whole name of its platform package.")),
      }),
    ]),
    "A triple, or { triple, runner, package } to choose the runner that builds it and its package's name.",
    { id: "familyTarget" },
  );
  return z._default(described(z.array(member), description), []);
}

/** For editors: some values of `build` need targets, and with the others another key is not there. */
export function targetsByBuild(
  builds: readonly string[],
  { without }: { readonly without: string },
): { readonly allOf: readonly object[] } {
  return {
    allOf: [{
      if: { properties: { build: { enum: builds } }, required: ["build"] },
      then: { required: ["targets"], properties: { targets: { minItems: 1 } } },
      else: { not: { required: [without] } },
    }],
  };
}

/** Some values of `build` need targets. */
export function targetsAreThere(builds: readonly string[]): Rule {
  return perPackage((draft) => {
    const { build, targets } = draft.values;
    if (build === undefined || !builds.includes(build)) return [];
    const given = Object.hasOwn(draft.table, "targets");
    if (given && targets?.length !== 0) return [];
    const message = given
      ? `Cannot use targets of ${draft.label}: it is empty, and build is ${quote(build)}`
      : `Cannot use ${draft.label}: it has no targets, and build is ${quote(build)}`;
    return [{
      path: given ? [...draft.path, "targets"] : draft.path,
      part: given ? "value" : "key",
      message,
      hint: `Add targets, such as ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]`,
    }];
  });
}

/** No target is there twice, in whatever spelling. */
export const targetsAreUnique: Rule = perPackage((draft) => {
  const first = new Map<string, string>();
  return triplesOf(draft).flatMap(({ path, value }): Finding[] => {
    const canonical = canonicalTriple(value);
    const before = first.get(canonical);
    if (before === undefined) {
      first.set(canonical, value);
      return [];
    }
    const found = before === value ? "it is there twice" : `it is the same as ${quote(before)}`;
    const message = `Cannot use targets ${quote(value)} of ${draft.label}: ${found}`;
    return [{ path, message, hint: "Remove one of the two" }];
  });
});
