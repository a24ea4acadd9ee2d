/**
 * The one definition of the shape of `putitoutthere.toml`, in zod. What it says of each key goes into the JSON
 * Schema and into the hints of failures alike.
 *
 * @module
 */

import * as z from "zod/mini";
import type { HeaderTable } from "./package_table.ts";
import { FOLDER, GLOB, WORKFLOW } from "./path_rules.ts";
import { described, keyworded, type TableSchema, text } from "./table_schema.ts";
import * as rules from "./text_rules.ts";

function kindIs(words: readonly string[]): string {
  return `The registry that it is published to: ${words.slice(0, -1).join(", ")} or ${
    words.at(-1)
  }.`;
}

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
    "The folder of its manifest, relative to the folder that piot runs in and inside it.",
  ),
  paths: described(
    z.array(text(GLOB, "A glob anchored at the folder that piot runs in: `**` crosses folders."))
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
  github_release: z._default(
    described(
      z.boolean(),
      "Whether its releases get a GitHub Release besides their tag; false: the tag alone.",
    ),
    true,
  ),
  build_workflow: z.optional(
    text(
      WORKFLOW,
      "The bare file name of the workflow that builds it; copied onto its matrix rows.",
    ),
  ),
  lockstep: z.optional(
    text(
      rules.TEXT,
      "A word: packages that share it ship together whenever one of them does, at one version.",
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

/** The schema of `[[package]]` of one kind; `words` are those of all kinds. */
export function packageSchema(
  { words, kind, keys, keywords }: {
    readonly words: readonly string[];
    readonly kind: string;
    readonly keys: TableSchema["shape"];
    readonly keywords: object;
  },
): TableSchema {
  const shape = {
    ...identity,
    kind: described(z.literal(kind), kindIs(words)),
    ...common,
    ...keys,
  };
  return keyworded(z.strictObject(shape), keywords);
}

const anything = z.optional(z.pipe(z.unknown(), z.transform(() => undefined)));

/**
 * `[[package]]` of a kind that is missing or unknown: what every kind has is still checked, and the rest, of which
 * nobody knows what it may be, counts as not there.
 */
export function anyPackageSchema(
  words: readonly string[],
  keys: readonly string[],
): TableSchema {
  return z.strictObject({
    ...identity,
    kind: described(z.enum(words), kindIs(words)),
    ...common,
    ...Object.fromEntries(keys.map((key) => [key, anything])),
  });
}

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
