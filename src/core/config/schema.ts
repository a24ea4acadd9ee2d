/**
 * The one definition of the shape of `putitoutthere.toml`, in zod. What it says of each key goes into the JSON
 * Schema and into the hints of failures alike.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Kind } from "../model/package.ts";
import type { CratesTable, HeaderTable, NpmTable, PypiTable } from "./package_table.ts";
import { FOLDER, GLOB, WORKFLOW } from "./path_rules.ts";
import { described, keyworded, type TableSchema, text } from "./table_schema.ts";
import * as rules from "./text_rules.ts";

/** JSON Schema defines it once, by its `id`. */
const target = described(
  z.union([
    text(rules.TRIPLE, "A triple, Rust style or Node style."),
    z.strictObject({
      triple: text(rules.TRIPLE, "A triple, Rust style or Node style."),
      runner: text(rules.TEXT, "The label of the GitHub runner that builds it."),
    }),
  ]),
  "A triple, or { triple, runner } to choose the runner that builds it.",
  { id: "target" },
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
  paths: described(
    z.array(text(GLOB, "A glob anchored at the root of the repository: `**` crosses folders."))
      .check(z.minLength(1)),
    "Globs: the files that belong to the package.",
  ),
  depends_on: z._default(
    described(
      z.array(text(rules.TEXT, "The `name` of another package of this file.")),
      "Names of the packages of this file that must be released before it.",
    ),
    [],
  ),
  first_version: z._default(text(rules.VERSION, "The version of its first release."), "0.1.0"),
  tag_format: z._default(
    text(
      rules.TAG_FORMAT,
      "How its git tags are made: {version} exactly once, and {name} where it helps.",
    ),
    "{name}-v{version}",
  ),
  build_workflow: z.optional(
    text(
      WORKFLOW,
      "The bare file name of the workflow that builds it; copied onto its matrix rows.",
    ),
  ),
  trust_policy: z.optional(described(
    z.strictObject({
      workflow: text(WORKFLOW, "The bare file name of the workflow that the registry trusts."),
      environment: z.optional(
        text(rules.TEXT, "The GitHub environment that the registry asks for."),
      ),
      repository: z.optional(text(
        rules.REPOSITORY,
        "The repository that the registry trusts, as owner/name, when it is not this one.",
      )),
    }),
    "What the registry has on file about who may publish.",
  )),
};

const crates = z.strictObject({
  ...identity,
  kind: described(z.literal("crates"), KIND),
  ...common,
  crate: z.optional(
    text(rules.registryName("crates"), "Its name on crates.io, when `name` is not it."),
  ),
  features: z._default(
    described(
      z.array(text(rules.FEATURE, "A feature of the crate.")),
      "The features that cargo's verification build turns on.",
    ),
    [],
  ),
  no_default_features: z._default(
    described(z.boolean(), "Whether cargo's verification build leaves the default features out."),
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

const pypi = keyworded(
  z.strictObject({
    ...identity,
    kind: described(z.literal("pypi"), KIND),
    ...common,
    pypi: z.optional(text(rules.registryName("pypi"), "Its name on PyPI, when `name` is not it.")),
    build: z._default(
      described(z.enum(["setuptools", "hatch", "maturin"]), "The build backend."),
      "setuptools",
    ),
    targets: z._default(
      described(
        z.array(target),
        "The platforms that get a wheel of their own; required with maturin.",
      ),
      [],
    ),
    bundle_cli: z.optional(described(
      z.strictObject({
        bin: text(rules.BINARY, "The binary's name."),
        stage_to: text(FOLDER, "The folder that receives it, relative to the package's `path`."),
        crate_path: z._default(
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
  whenBuild(["maturin"], {
    then: SOME_TARGETS,
    otherwise: { not: { required: ["bundle_cli"] } },
  }),
);

const npm = keyworded(
  z.strictObject({
    ...identity,
    kind: described(z.literal("npm"), KIND),
    ...common,
    npm: z.optional(text(rules.registryName("npm"), "Its name on npm, when `name` is not it.")),
    access: z._default(
      described(
        z.enum(["public", "restricted"]),
        "Who may read it; restricted is for scoped names only.",
      ),
      "public",
    ),
    tag: z._default(text(rules.DIST_TAG, "The dist-tag that a release moves."), "latest"),
    build: z._default(
      described(
        z.enum(["none", "napi", "bundled-cli"]),
        "How its platform packages come to be; none for a plain package.",
      ),
      "none",
    ),
    targets: z._default(
      described(
        z.array(target),
        "The platforms of its family; required with napi and bundled-cli.",
      ),
      [],
    ),
  }),
  whenBuild(["napi", "bundled-cli"], {
    then: SOME_TARGETS,
    otherwise: { not: { required: ["targets"] } },
  }),
);

/** `[[package]]`, by kind. */
export const PACKAGE_SCHEMAS: Readonly<Record<Kind, TableSchema>> = {
  crates: crates satisfies TableSchema<CratesTable>,
  pypi: pypi satisfies TableSchema<PypiTable>,
  npm: npm satisfies TableSchema<NpmTable>,
};

/** `[[package]]` of any kind. */
export const PACKAGE_SCHEMA: z.ZodMiniType = z.discriminatedUnion("kind", [crates, pypi, npm]);

const anything = z.optional(z.pipe(z.unknown(), z.transform(() => undefined)));

/**
 * `[[package]]` of a kind that is missing or unknown: what every kind has is still checked, and the rest, of which
 * nobody knows what it may be, counts as not there.
 */
export const ANY_KIND_SCHEMA: TableSchema = z.strictObject({
  ...Object.fromEntries(
    Object.values(PACKAGE_SCHEMAS).flatMap(({ shape }) => Object.keys(shape))
      .map((key) => [key, anything]),
  ),
  ...identity,
  kind: described(z.enum(["crates", "pypi", "npm"]), KIND),
  ...common,
});

/** `[putitoutthere]`. */
export const HEADER_SCHEMA: TableSchema<HeaderTable> = described(
  z.strictObject({
    version: described(z.literal(1), "The version of this file's format: 1."),
    cadence: z._default(
      described(
        z.enum(["immediate", "scheduled"]),
        "When releases happen: at every push to the main branch, or on a schedule.",
      ),
      "immediate",
    ),
  }),
  "About the file itself.",
);

/** The keys of the file itself. */
export const ROOT_KEYS: readonly string[] = ["putitoutthere", "package"];

/** Where the JSON Schema is published. */
export const SCHEMA_URL: string =
  "https://raw.githubusercontent.com/putitoutthere/putitoutthere/main/schema/putitoutthere.schema.json";

/** The first line of a configuration that editors complete (taplo, Even Better TOML). */
export const SCHEMA_LINE: string = `#:schema ${SCHEMA_URL}`;
