/**
 * What the keys of one package must hold to among themselves.
 *
 * @module
 */

import { Failure } from "../../../error.ts";
import { pypiVersion } from "../../pypi/spelling.ts";
import { canonicalTriple } from "../../target/target.ts";
import { type Draft, perPackage, registryNameOf, type Rule, triplesOf } from "../draft.ts";
import { type Finding, quote } from "../finding.ts";

/** A first version on PyPI has a spelling in PEP 440 that means the same. */
export const pypiVersionsMap: Rule = perPackage((draft) => {
  const version = draft.kind === "pypi" ? draft.values.first_version : undefined;
  if (version === undefined) return [];
  try {
    pypiVersion(version);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint = "" } = error;
    return [{ code, message, hint, path: [...draft.path, "first_version"] }];
  }
});

/** Whether a package is built once for each of its targets; undefined when that cannot be told. */
function needsTargets({ kind, values: { build } }: Draft): boolean | undefined {
  if (kind === "crates") return false;
  if (kind === undefined || build === undefined) return undefined;
  return kind === "pypi" ? build === "maturin" : build !== "none";
}

/** maturin and npm families have targets. */
export const targetsAreThere: Rule = perPackage((draft) => {
  if (needsTargets(draft) !== true) return [];
  const given = Object.hasOwn(draft.table, "targets");
  if (given && draft.values.targets?.length !== 0) return [];
  const message = given
    ? `Cannot use targets of ${draft.label}: it is empty, and build is ${quote(draft.values.build)}`
    : `Cannot use ${draft.label}: it has no targets, and build is ${quote(draft.values.build)}`;
  return [{
    path: given ? [...draft.path, "targets"] : draft.path,
    part: given ? "value" : "key",
    message,
    hint: `Add targets, such as ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]`,
  }];
});

/** A plain npm package has no platforms. */
export const targetsMeanSomething: Rule = perPackage((draft) => {
  if (draft.kind !== "npm" || draft.values.build !== "none") return [];
  if (!Object.hasOwn(draft.table, "targets")) return [];
  return [{
    path: [...draft.path, "targets"],
    part: "key",
    message: `Cannot use targets of ${draft.label}: without build it has no platform packages`,
    hint: `Add build = "napi" or "bundled-cli", or remove targets`,
  }];
});

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

/** Binaries are bundled where a wheel is built for one platform. */
export const bundlesHaveTargets: Rule = perPackage((draft) => {
  if (draft.kind !== "pypi" || !Object.hasOwn(draft.table, "bundle_cli")) return [];
  const { build } = draft.values;
  if (build === undefined || build === "maturin") return [];
  return [{
    path: [...draft.path, "bundle_cli"],
    part: "key",
    message: `Cannot use bundle_cli of ${draft.label}: its build is ${quote(build)}`,
    hint: `bundle_cli goes with build = "maturin" and targets`,
  }];
});

/** npm restricts scoped names only. */
export const restrictedIsScoped: Rule = perPackage((draft) => {
  const name = registryNameOf(draft)?.value;
  if (draft.values.access !== "restricted" || draft.kind !== "npm") return [];
  if (name === undefined || name.startsWith("@")) return [];
  return [{
    path: [...draft.path, "access"],
    message: `Cannot use access "restricted" of ${draft.label}: ` +
      `npm restricts scoped packages only, and ${quote(name)} has no scope`,
    hint: `Use a name such as @scope/${name}, or access = "public"`,
  }];
});
