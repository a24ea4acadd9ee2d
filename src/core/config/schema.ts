/**
 * The one definition of the shape of `putitoutthere.toml`, in zod. What it says of each key goes into the JSON Schema
 * and into the hints of failures alike.
 *
 * @module
 */

import * as z from "zod";
import type { Kind } from "../package.ts";
import { FOLDER, GLOB, WORKFLOW } from "./path_rules.ts";
import type { CratesTable, NpmTable, PypiTable } from "./tables.ts";
import type { TextRule } from "./text_rule.ts";
import * as rules from "./text_rules.ts";

/** A string under a rule. Its description is also the hint of a value that breaks the rule. */
function text(rule: TextRule, description: string): z.ZodString {
  const judged = z.string().check((context) => {
    const verdict = rule.judge(context.value);
    if (verdict === undefined) return;
    const { found, ...params } = verdict;
    context.issues.push({ code: "custom", input: context.value, message: found, params });
  });
  return judged.meta({ ...rule.schema, description });
}

const target = z.union([
  text(rules.TRIPLE, "A triple, Rust style or Node style."),
  z.strictObject({
    triple: text(rules.TRIPLE, "A triple, Rust style or Node style."),
    runner: text(rules.TEXT, "The label of the GitHub runner that builds it."),
  }),
]).meta({
  id: "target",
  description: "A triple, or { triple, runner } to choose the runner that builds it.",
});

const targets = z.array(target);

const KIND = "The registry that it is published to: crates, pypi or npm.";

const identity = {
  name: text(
    rules.PACKAGE_NAME,
    "The name that this repository knows the package by, unique in the file: letters, digits, " +
      "`.`, `_`, `+`, `-`, and `/` and a leading `@` as in `@scope/name`.",
  ),
};

const common = {
  path: text(
    FOLDER,
    "The folder of its manifest, relative to the root of the repository and inside it.",
  ),
  paths: z.array(text(GLOB, "A glob anchored at the root of the repository: `**` crosses folders."))
    .min(1).meta({ description: "Globs: the files that belong to the package." }),
  depends_on: z.array(text(rules.TEXT, "The `name` of another package of this file.")).default([])
    .meta({ description: "Names of the packages of this file that must be released before it." }),
  first_version: text(rules.VERSION, "The version of its first release.").default("0.1.0"),
  tag_format: text(
    rules.TAG_FORMAT,
    "How its git tags are made: {version} exactly once, and {name} where it helps.",
  ).default("{name}-v{version}"),
  build_workflow: text(
    WORKFLOW,
    "The bare file name of the workflow that builds it; copied onto its matrix rows.",
  ).optional(),
  trust_policy: z.strictObject({
    workflow: text(WORKFLOW, "The bare file name of the workflow that the registry trusts."),
    environment: text(rules.TEXT, "The GitHub environment that the registry asks for.").optional(),
    repository: text(
      rules.REPOSITORY,
      "The repository that the registry trusts, as owner/name, when it is not this one.",
    ).optional(),
  }).optional().meta({ description: "What the registry has on file about who may publish." }),
};

const crates = z.strictObject({
  ...identity,
  kind: z.literal("crates").meta({ description: KIND }),
  ...common,
  crate: text(rules.registryName("crates"), "Its name on crates.io, when `name` is not it.")
    .optional(),
  features: z.array(text(rules.FEATURE, "A feature of the crate.")).default([]).meta({
    description: "The features that cargo's verification build turns on.",
  }),
  no_default_features: z.boolean().default(false).meta({
    description: "Whether cargo's verification build leaves the default features out.",
  }),
});

/** For editors: with some values of `build` a key is there, with the others another one is not. */
function whenBuild(
  values: readonly string[],
  branches: { readonly then: object; readonly otherwise: object },
): { readonly allOf: readonly object[] } {
  const condition = { properties: { build: { enum: values } }, required: ["build"] };
  return { allOf: [{ if: condition, then: branches.then, else: branches.otherwise }] };
}

const SOME_TARGETS = { required: ["targets"], properties: { targets: { minItems: 1 } } };

const pypi = z.strictObject({
  ...identity,
  kind: z.literal("pypi").meta({ description: KIND }),
  ...common,
  pypi: text(rules.registryName("pypi"), "Its name on PyPI, when `name` is not it.").optional(),
  build: z.enum(["setuptools", "hatch", "maturin"]).default("setuptools").meta({
    description: "The build backend.",
  }),
  targets: targets.default([]).meta({
    description: "The platforms that get a wheel of their own; required with maturin.",
  }),
  bundle_cli: z.strictObject({
    bin: text(rules.BINARY, "The binary's name."),
    stage_to: text(FOLDER, "The folder that receives it, relative to the package's `path`."),
    crate_path: text(
      FOLDER,
      "The folder of the crate that builds it, relative to the root of the repository.",
    ).default("."),
  }).optional().meta({
    description: "A Rust binary that the build job stages into every wheel; for maturin only.",
  }),
}).meta(whenBuild(["maturin"], {
  then: SOME_TARGETS,
  otherwise: { not: { required: ["bundle_cli"] } },
}));

const npm = z.strictObject({
  ...identity,
  kind: z.literal("npm").meta({ description: KIND }),
  ...common,
  npm: text(rules.registryName("npm"), "Its name on npm, when `name` is not it.").optional(),
  access: z.enum(["public", "restricted"]).default("public").meta({
    description: "Who may read it; restricted is for scoped names only.",
  }),
  tag: text(rules.DIST_TAG, "The dist-tag that a release moves.").default("latest"),
  build: z.enum(["none", "napi", "bundled-cli"]).default("none").meta({
    description: "How its platform packages come to be; none for a plain package.",
  }),
  targets: targets.default([]).meta({
    description: "The platforms of its family; required with napi and bundled-cli.",
  }),
}).meta(whenBuild(["napi", "bundled-cli"], {
  then: SOME_TARGETS,
  otherwise: { not: { required: ["targets"] } },
}));

/** `[[package]]`, by kind. */
export const PACKAGE_SCHEMAS: Readonly<Record<Kind, z.ZodObject>> = {
  crates: crates satisfies z.ZodType<CratesTable>,
  pypi: pypi satisfies z.ZodType<PypiTable>,
  npm: npm satisfies z.ZodType<NpmTable>,
};

/**
 * `[[package]]` of a kind that is missing or unknown: what every kind has is still checked, and the rest, of which
 * nobody knows what it may be, counts as not there.
 */
export const ANY_KIND_SCHEMA: z.ZodObject = z.strictObject({
  ...Object.fromEntries(
    Object.values(PACKAGE_SCHEMAS).flatMap(({ shape }) => Object.keys(shape))
      .map((key) => [key, z.unknown().transform(() => undefined).optional()]),
  ),
  ...identity,
  kind: z.enum(["crates", "pypi", "npm"]).meta({ description: KIND }),
  ...common,
});

/** `[putitoutthere]`. */
export const HEADER_SCHEMA: z.ZodObject = z.strictObject({
  version: z.literal(1).meta({ description: "The version of this file's format: 1." }),
  cadence: z.enum(["immediate", "scheduled"]).default("immediate").meta({
    description: "When releases happen: at every push to the main branch, or on a schedule.",
  }),
}).meta({ description: "About the file itself." });

/** The keys of the file itself. */
export const ROOT_KEYS: readonly string[] = ["putitoutthere", "package"];

/** The whole file. */
export const FILE_SCHEMA: z.ZodObject = z.strictObject({
  putitoutthere: HEADER_SCHEMA,
  package: z.array(z.discriminatedUnion("kind", [crates, pypi, npm])).min(1).meta({
    description: "The packages, each under its own [[package]].",
  }),
}).meta({ title: "putitoutthere.toml", description: "The packages of a repository." });
