/**
 * Python projects in the configuration.
 *
 * @module
 */

import * as z from "zod/mini";
import { perPackage, type Rule } from "../config/draft.ts";
import { quote } from "../config/finding.ts";
import type { KindConfig } from "../config/kind_config.ts";
import type { PackageTable } from "../config/package_table.ts";
import { cleanPath, FOLDER } from "../config/path_rules.ts";
import { described, text } from "../config/table_schema.ts";
import { targetsAreThere, targetsByBuild, targetsKey } from "../config/targets.ts";
import { judgeBy, registryName, type TextRule } from "../config/text_rules.ts";
import type { PypiPackage } from "../model/package.ts";
import { parseTarget, type TargetInput } from "../target/target.ts";
import { PYPI } from "./pypi_kind.ts";

/** `[[package]]` of a Python project. */
type PypiTable = PackageTable & {
  readonly build: PypiPackage["build"];
  readonly targets: readonly TargetInput[];
  readonly bundle_cli?: BundleCliTable | undefined;
};

/** `[package.bundle_cli]`. */
interface BundleCliTable {
  readonly bin: string;
  readonly stage_to: string;
  readonly crate_path: string;
}

/** The name of a binary. */
export const BINARY: TextRule = {
  schema: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*$" },
  judge: judgeBy([[
    (value) => !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(value),
    "it is not the name of a binary",
    "Write its name as Cargo.toml has it, without folder and extension",
  ]]),
};

/** Backends that build a wheel for each platform. */
const PER_TARGET: readonly string[] = ["maturin"];

/** Binaries are bundled where a wheel is built for one platform. */
const bundlesHaveTargets: Rule = perPackage((draft) => {
  if (!Object.hasOwn(draft.table, "bundle_cli")) return [];
  const { build } = draft.values;
  if (build === undefined || PER_TARGET.includes(build)) return [];
  return [{
    path: [...draft.path, "bundle_cli"],
    part: "key",
    message: `Cannot use bundle_cli of ${draft.label}: its build is ${quote(build)}`,
    hint: `bundle_cli goes with build = "maturin" and targets`,
  }];
});

const bundleCli = described(
  z.strictObject({
    bin: text(BINARY, "The binary's name."),
    stage_to: text(FOLDER, "The folder that receives it, relative to the package's `path`."),
    crate_path: z._default(
      text(
        FOLDER,
        "The folder of the crate that builds it, relative to the folder that piot runs in.",
      ),
      ".",
    ),
  }),
  "A Rust binary that the build job stages into every wheel; for maturin only.",
);

/** A Python project's keys: its name there, its backend, and what it is built for. */
export const PYPI_CONFIG: KindConfig<PypiTable> = {
  rules: PYPI,
  keys: {
    pypi: z.optional(text(registryName(PYPI.names), "Its name on PyPI, when `name` is not it.")),
    build: z._default(
      described(z.enum(["setuptools", "hatch", "maturin"]), "The build backend."),
      "setuptools",
    ),
    targets: targetsKey("The platforms that get a wheel of their own; required with maturin."),
    bundle_cli: z.optional(bundleCli),
  },
  keywords: targetsByBuild(PER_TARGET, { without: "bundle_cli" }),
  findings: [targetsAreThere(PER_TARGET), bundlesHaveTargets],
  toPackage: ({ build, targets, bundle_cli }, base) => ({
    ...base,
    kind: "pypi",
    build,
    targets: targets.map(parseTarget),
    ...(bundle_cli === undefined ? {} : { bundleCli: toBundleCli(bundle_cli) }),
  }),
};

function toBundleCli(
  { bin, stage_to, crate_path }: BundleCliTable,
): NonNullable<PypiPackage["bundleCli"]> {
  return { bin, stageTo: cleanPath(stage_to), cratePath: cleanPath(crate_path) };
}
