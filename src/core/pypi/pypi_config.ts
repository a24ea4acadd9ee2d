/**
 * Python projects in the configuration.
 *
 * @module
 */

import * as z from "zod/mini";
import { type Draft, perPackage, type Rule } from "../config/draft.ts";
import { quote } from "../config/finding.ts";
import type { KindConfig } from "../config/kind_config.ts";
import type { PackageTable } from "../config/package_table.ts";
import { cleanPath, FOLDER } from "../config/path_rules.ts";
import { described, text } from "../config/table_schema.ts";
import { targetsAreThere, targetsByBuild, targetsKey } from "../config/targets.ts";
import { judgeBy, registryName, type TextRule } from "../config/text_rules.ts";
import type { Dist, PypiPackage } from "../model/package.ts";
import { parseTarget, type TargetInput } from "../target/target.ts";
import { DISTS, PYPI } from "./pypi_kind.ts";

/** `[[package]]` of a Python project. */
type PypiTable = PackageTable & {
  readonly build: PypiPackage["build"];
  readonly targets: readonly TargetInput[];
  readonly dists: readonly Dist[];
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
  if (!Object.hasOwn(draft.table, "bundle_cli") || !hasWheels(draft)) return [];
  const { build } = draft.values;
  if (build === undefined || PER_TARGET.includes(build)) return [];
  return [{
    path: [...draft.path, "bundle_cli"],
    part: "key",
    message: `Cannot use bundle_cli of ${draft.label}: its build is ${quote(build)}`,
    hint: `bundle_cli goes with build = "maturin" and targets`,
  }];
});

/** Whether its releases have wheels; what cannot be read says nothing against it. */
function hasWheels({ values: { dists } }: Draft): boolean {
  return dists === undefined || dists.includes("wheel");
}

/** Platforms, and what is bundled for one, are matters of wheels. */
const wheelKeysHaveWheels: Rule = perPackage((draft) => {
  if (hasWheels(draft)) return [];
  return ["targets", "bundle_cli"].filter((key) => Object.hasOwn(draft.table, key)).map((key) => ({
    path: [...draft.path, key],
    part: "key",
    message: `Cannot use ${key} of ${draft.label}: its dists has no "wheel"`,
    hint: `Add "wheel" to dists, or remove ${key}`,
  }));
});

const distsAreUnique: Rule = perPackage((draft) => {
  const { values: { dists = [] }, label, path } = draft;
  return dists.flatMap((dist, index) =>
    dists.indexOf(dist) === index ? [] : [{
      path: [...path, "dists", index],
      message: `Cannot use dists ${quote(dist)} of ${label}: it is there twice`,
      hint: "Remove one of the two",
    }]
  );
});

const targetsOfWheels: Rule = (drafts) => targetsAreThere(PER_TARGET)(drafts.filter(hasWheels));

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

const dists = described(
  z.array(described(z.enum(["sdist", "wheel"]), "A wheel for each row, or the sdist."))
    .check(z.minLength(1)),
  'The kinds of files that its releases have: "sdist", "wheel" or both.',
  { uniqueItems: true },
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
    dists: z._default(dists, [...DISTS]),
    bundle_cli: z.optional(bundleCli),
  },
  keywords: {
    allOf: [{
      if: {
        properties: { dists: { type: "array", not: { contains: { const: "wheel" } } } },
        required: ["dists"],
      },
      then: { not: { anyOf: [{ required: ["targets"] }, { required: ["bundle_cli"] }] } },
      else: targetsByBuild(PER_TARGET, { without: "bundle_cli" }),
    }],
  },
  findings: [distsAreUnique, targetsOfWheels, wheelKeysHaveWheels, bundlesHaveTargets],
  toPackage: ({ build, targets, dists, bundle_cli }, base) => ({
    ...base,
    kind: "pypi",
    build,
    targets: targets.map(parseTarget),
    // In one order, whatever the file has: the rows follow from it.
    dists: DISTS.filter((dist) => dists.includes(dist)),
    ...(bundle_cli === undefined ? {} : { bundleCli: toBundleCli(bundle_cli) }),
  }),
};

function toBundleCli(
  { bin, stage_to, crate_path }: BundleCliTable,
): NonNullable<PypiPackage["bundleCli"]> {
  return { bin, stageTo: cleanPath(stage_to), cratePath: cleanPath(crate_path) };
}
