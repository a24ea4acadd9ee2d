import { KNOWN_KINDS } from "../../support/parse_config.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Ajv } from "ajv";
import fc from "../../support/property.ts";
import { parse } from "smol-toml";
import { configJsonSchema } from "../../../src/core/config/json_schema.ts";
import * as paths from "../../../src/core/config/path_rules.ts";
import { SCHEMA_LINE } from "../../../src/core/config/schema.ts";
import { FEATURE } from "../../../src/core/crates/crates_config.ts";
import { DIST_TAG } from "../../../src/core/npm/npm_config.ts";
import { BINARY } from "../../../src/core/pypi/pypi_config.ts";
import * as texts from "../../../src/core/config/text_rules.ts";

const CASES = "tests/fixtures/config";

/** As strict as editors are: an unknown keyword of the schema is an error. */
function validator(schema: object): (value: unknown) => boolean {
  return new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false })
    .compile(schema);
}

test("schema/putitoutthere.schema.json is what the code says", async () => {
  const text = await readFile("schema/putitoutthere.schema.json", "utf8");
  equal(
    text,
    `${JSON.stringify(configJsonSchema(KNOWN_KINDS), null, 2)}\n`,
    "deno run -A scripts/write_schema.ts",
  );
});

test("SCHEMA_LINE is a comment that leads editors to the schema", () => {
  deepEqual(Object.keys(parse(`${SCHEMA_LINE}\n`)), []);
  equal(SCHEMA_LINE, `#:schema ${configJsonSchema(KNOWN_KINDS).$id}`);
});

test("configJsonSchema(KNOWN_KINDS) describes every key", () => {
  const silent: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      const isKey = path.endsWith("/properties") && !path.includes("/allOf/");
      if (isKey && !("description" in value)) silent.push(`${path}/${key}`);
      visit(value, `${path}/${key}`);
    }
  };
  visit(configJsonSchema(KNOWN_KINDS), "");
  deepEqual(silent, []);
});

/** What no schema can see: what holds between packages, and what a pattern cannot say. */
const UNSEEN = [
  "artifacts_that_meet",
  "cycle_of_three_and_another",
  "cycle_of_two",
  "dependency_is_unknown",
  "dependency_on_itself_or_twice",
  "first_version_that_python_misreads",
  "names_that_are_taken_on_a_registry",
  "names_that_meet",
  "non_goal_one_tag_for_several_packages",
  "platform_name_is_too_long",
  "tag_in_the_folder_of_another",
  "tag_of_a_named_package",
  "tag_prefix_trap",
  "tag_shared_by_two",
  "target_is_there_twice",
];

test("configJsonSchema(KNOWN_KINDS) takes every good file, and refuses the bad ones that a schema can see", async () => {
  const isValid = validator(configJsonSchema(KNOWN_KINDS));
  const taken: string[] = [];
  for (const name of readdirSync(CASES).sort()) {
    if (name.startsWith("broken_")) continue;
    const text = await readFile(`${CASES}/${name}/putitoutthere.toml`, "utf8");
    if (isValid(JSON.parse(JSON.stringify(parse(text))))) taken.push(name);
  }
  const good = taken.filter((name) => name.startsWith("ok_"));
  deepEqual(good, readdirSync(CASES).filter((name) => name.startsWith("ok_")).sort());
  deepEqual(taken.filter((name) => !name.startsWith("ok_")), UNSEEN);
});

const RULES: readonly (readonly [string, texts.TextRule])[] = [
  ...Object.entries(texts).filter((entry): entry is [string, texts.TextRule] =>
    typeof entry[1] === "object" && "judge" in entry[1]
  ),
  ["FOLDER", paths.FOLDER],
  ["GLOB", paths.GLOB],
  ["WORKFLOW", paths.WORKFLOW],
  ["FEATURE", FEATURE],
  ["BINARY", BINARY],
  ["DIST_TAG", DIST_TAG],
  ...[...KNOWN_KINDS.kinds].map(([kind, { names }]) => [kind, texts.registryName(names)] as const),
];

const words = fc.array(
  fc.constantFrom(
    ..."@ / \\ . .. - _ __ + * ** ? ! ( [ ] { } a B 0 1.2.3 -rc.1 : ~ é 🦀 , | .yml .yaml".split(
      " ",
    ),
    "{version}",
    "{name}",
    " ",
    "\n",
    "linux-x64-gnu",
    "node_modules",
    "latest",
  ),
  { maxLength: 6 },
).map((parts) => parts.join(""));

for (const [name, rule] of RULES) {
  test(`The pattern of ${name} lets through whatever its judge does`, () => {
    const isValid = validator({ type: "string", ...rule.schema });
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: "binary" })), (value) => {
        if (rule.judge(value) === undefined) ok(isValid(value), JSON.stringify(value));
      }),
      { numRuns: 1000 },
    );
  });
}
