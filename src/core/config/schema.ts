/**
 * The one definition of the shape of `putitoutthere.toml`, in valibot. What it says of each key goes into the JSON
 * Schema and into the hints of failures alike.
 *
 * @module
 */

import * as v from "valibot";
import type { Kind } from "../model/package.ts";
import { FOLDER, GLOB, WORKFLOW } from "./path_rules.ts";
import { table, type TableSchema, text, told } from "./schema_parts.ts";
import type { CratesTable, HeaderTable, NpmTable, PypiTable } from "./tables.ts";
import * as rules from "./text_rules.ts";

/** The schema of a target, by itself: JSON Schema defines it once. */
export const TARGET_SCHEMA: v.GenericSchema<string | { triple: string; runner: string }> = told(
  v.union([
    text(rules.TRIPLE, "A triple, Rust style or Node style."),
    table({
      triple: text(rules.TRIPLE, "A triple, Rust style or Node style."),
      runner: text(rules.TEXT, "The label of the GitHub runner that builds it."),
    }),
  ]),
  "A triple, or { triple, runner } to choose the runner that builds it.",
);

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
  paths: told(
    v.pipe(
      v.array(text(GLOB, "A glob anchored at the root of the repository: `**` crosses folders.")),
      v.nonEmpty(),
    ),
    "Globs: the files that belong to the package.",
  ),
  depends_on: v.optional(
    told(
      v.array(text(rules.TEXT, "The `name` of another package of this file.")),
      "Names of the packages of this file that must be released before it.",
    ),
    () => [],
  ),
  first_version: v.optional(text(rules.VERSION, "The version of its first release."), "0.1.0"),
  tag_format: v.optional(
    text(
      rules.TAG_FORMAT,
      "How its git tags are made: {version} exactly once, and {name} where it helps.",
    ),
    "{name}-v{version}",
  ),
  build_workflow: v.optional(
    text(
      WORKFLOW,
      "The bare file name of the workflow that builds it; copied onto its matrix rows.",
    ),
  ),
  trust_policy: v.optional(told(
    table({
      workflow: text(WORKFLOW, "The bare file name of the workflow that the registry trusts."),
      environment: v.optional(
        text(rules.TEXT, "The GitHub environment that the registry asks for."),
      ),
      repository: v.optional(text(
        rules.REPOSITORY,
        "The repository that the registry trusts, as owner/name, when it is not this one.",
      )),
    }),
    "What the registry has on file about who may publish.",
  )),
};

const crates = table({
  ...identity,
  kind: told(v.literal("crates"), KIND),
  ...common,
  crate: v.optional(
    text(rules.registryName("crates"), "Its name on crates.io, when `name` is not it."),
  ),
  features: v.optional(
    told(
      v.array(text(rules.FEATURE, "A feature of the crate.")),
      "The features that cargo's verification build turns on.",
    ),
    () => [],
  ),
  no_default_features: v.optional(
    told(v.boolean(), "Whether cargo's verification build leaves the default features out."),
    false,
  ),
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

const pypi = v.pipe(
  table({
    ...identity,
    kind: told(v.literal("pypi"), KIND),
    ...common,
    pypi: v.optional(text(rules.registryName("pypi"), "Its name on PyPI, when `name` is not it.")),
    build: v.optional(
      told(v.picklist(["setuptools", "hatch", "maturin"]), "The build backend."),
      "setuptools",
    ),
    targets: v.optional(
      told(
        v.array(TARGET_SCHEMA),
        "The platforms that get a wheel of their own; required with maturin.",
      ),
      () => [],
    ),
    bundle_cli: v.optional(told(
      table({
        bin: text(rules.BINARY, "The binary's name."),
        stage_to: text(FOLDER, "The folder that receives it, relative to the package's `path`."),
        crate_path: v.optional(
          text(
            FOLDER,
            "The folder of the crate that builds it, relative to the root of the repository.",
          ),
          ".",
        ),
      }),
      "A Rust binary that the build job stages into every wheel; for maturin only.",
    )),
  }),
  v.metadata(whenBuild(["maturin"], {
    then: SOME_TARGETS,
    otherwise: { not: { required: ["bundle_cli"] } },
  })),
);

const npm = v.pipe(
  table({
    ...identity,
    kind: told(v.literal("npm"), KIND),
    ...common,
    npm: v.optional(text(rules.registryName("npm"), "Its name on npm, when `name` is not it.")),
    access: v.optional(
      told(
        v.picklist(["public", "restricted"]),
        "Who may read it; restricted is for scoped names only.",
      ),
      "public",
    ),
    tag: v.optional(text(rules.DIST_TAG, "The dist-tag that a release moves."), "latest"),
    build: v.optional(
      told(
        v.picklist(["none", "napi", "bundled-cli"]),
        "How its platform packages come to be; none for a plain package.",
      ),
      "none",
    ),
    targets: v.optional(
      told(
        v.array(TARGET_SCHEMA),
        "The platforms of its family; required with napi and bundled-cli.",
      ),
      () => [],
    ),
  }),
  v.metadata(whenBuild(["napi", "bundled-cli"], {
    then: SOME_TARGETS,
    otherwise: { not: { required: ["targets"] } },
  })),
);

/** `[[package]]`, by kind. */
export const PACKAGE_SCHEMAS: Readonly<Record<Kind, TableSchema>> = {
  crates: crates satisfies TableSchema<CratesTable>,
  pypi: pypi satisfies TableSchema<PypiTable>,
  npm: npm satisfies TableSchema<NpmTable>,
};

const anything = v.optional(v.pipe(v.unknown(), v.transform(() => undefined)));

/**
 * `[[package]]` of a kind that is missing or unknown: what every kind has is still checked, and the rest, of which
 * nobody knows what it may be, counts as not there.
 */
export const ANY_KIND_SCHEMA: TableSchema = table({
  ...Object.fromEntries(
    Object.values(PACKAGE_SCHEMAS).flatMap(({ entries }) => Object.keys(entries))
      .map((key) => [key, anything]),
  ),
  ...identity,
  kind: told(v.picklist(["crates", "pypi", "npm"]), KIND),
  ...common,
});

const header = told(
  table({
    version: told(v.literal(1), "The version of this file's format: 1."),
    cadence: v.optional(
      told(
        v.picklist(["immediate", "scheduled"]),
        "When releases happen: at every push to the main branch, or on a schedule.",
      ),
      "immediate",
    ),
  }),
  "About the file itself.",
);

/** `[putitoutthere]`. */
export const HEADER_SCHEMA: TableSchema = header satisfies TableSchema<HeaderTable>;

/** The keys of the file itself. */
export const ROOT_KEYS: readonly string[] = ["putitoutthere", "package"];

/** The whole file. */
export const FILE_SCHEMA: TableSchema = told(
  table({
    putitoutthere: header,
    package: told(
      v.pipe(v.array(v.variant("kind", [crates, pypi, npm])), v.nonEmpty()),
      "The packages, each under its own [[package]].",
    ),
  }),
  "The packages of a repository.",
  { title: "putitoutthere.toml" },
);
