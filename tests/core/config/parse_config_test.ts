import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { parseConfig } from "../../support/parse_config.ts";
import { Failure, type Problem } from "../../../src/error.ts";
import { equalsGolden, goldenJson } from "../../support/golden.ts";

const FILE = "putitoutthere.toml";
const CASES = "tests/fixtures/config";

function failureOf(text: string | Uint8Array): Failure {
  try {
    parseConfig(text, FILE);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("the configuration was taken");
}

/** A problem as golden files hold it: the place first, and the list of all targets left out. */
function goldenProblem({ code, message, hint, location }: Problem): Record<string, unknown> {
  return {
    at: `${location?.file}:${location?.line}:${location?.column}`,
    line: location?.excerpt,
    code,
    message,
    hint: hint?.replace(/Known targets: .*/, "Known targets: …"),
  };
}

for (const name of readdirSync(CASES)) {
  const isGood = name.startsWith("ok_");
  test(`parseConfig() ${isGood ? "reads" : "refuses"} ${name.replaceAll("_", " ")}`, async () => {
    const text = await readFile(`${CASES}/${name}/${FILE}`);
    if (isGood) {
      const { cadence, packages } = parseConfig(text, FILE);
      await equalsGolden(`${CASES}/${name}/config.json`, goldenJson({ cadence, packages }));
      return;
    }
    const failure = failureOf(text);
    const { code, message, exitCode, problems } = failure;
    equal(exitCode, 2);
    const golden = goldenJson({ code, message, problems: problems.map(goldenProblem) });
    await equalsGolden(`${CASES}/${name}/problems.json`, golden);
  });
}

const CRATE = `[putitoutthere]
version = 1

[[package]]
name = "a"
kind = "crates"
path = "."
paths = ["**"]
`;

test("parseConfig() throws the problem itself when there is only one", () => {
  const failure = failureOf(`${CRATE}featurs = []\n`);
  equal(failure.code, "PIOT_CONFIG_UNKNOWN_KEY");
  equal(failure.message, 'Cannot use key "featurs" of package "a": there is no such key');
  deepEqual(failure.location, { file: FILE, line: 9, column: 1, excerpt: "featurs = []" });
  equal(failure.problems.length, 1);
});

test("parseConfig() counts the problems when there are several, in the order of the file", () => {
  const failure = failureOf(`${CRATE}featurs = []\nno_default_features = 1\n`);
  equal(failure.code, "PIOT_CONFIG_INVALID");
  equal(failure.message, "Cannot use putitoutthere.toml: 2 problems");
  deepEqual(failure.problems.map(({ location }) => location?.line), [9, 10]);
});

test("parseConfig() names the file as it is told to", () => {
  equal(
    failureOf("").problems[0]?.message,
    "Cannot use putitoutthere.toml: it has no table [putitoutthere]",
  );
  try {
    parseConfig("", "conf/other.toml");
  } catch (error) {
    ok(error instanceof Failure);
    equal(error.message, "Cannot use conf/other.toml: 2 problems");
    equal(error.problems[0]?.location?.file, "conf/other.toml");
  }
});

test("parseConfig() reads the same from CRLF, and from a file with a byte order mark", () => {
  const config = parseConfig(CRATE, FILE);
  deepEqual(parseConfig(CRATE.replaceAll("\n", "\r\n"), FILE), config);
  deepEqual(parseConfig(`\uFEFF${CRATE}`, FILE), config);
});

test("parseConfig() keeps line breaks out of what it quotes", () => {
  const text = `\uFEFF${CRATE}oops = 1\n`.replaceAll("\n", "\r\n");
  deepEqual(failureOf(text).location, { file: FILE, line: 9, column: 1, excerpt: "oops = 1" });
});

test("parseConfig() counts columns in UTF-16 units, as editors do", () => {
  const text = CRATE.replace('name = "a"', 'name = "a" # 🦀').replace(
    'paths = ["**"]',
    'paths = ["🦀", "!x"]',
  );
  equal(failureOf(text).location?.column, 16);
});

test("parseConfig() reads 2,000 packages that depend on each other in one chain", () => {
  const names = Array.from({ length: 2000 }, (_, index) => `p${index}`);
  const tables = names.map((name, index) =>
    `[[package]]\nname="${name}"\nkind="npm"\npath="${name}"\npaths=["${name}/**"]\n` +
    (index === 0 ? "" : `depends_on=["p${index - 1}"]\n`)
  );
  const text = `[putitoutthere]\nversion = 1\n${tables.join("")}`;
  equal(parseConfig(text, FILE).packages.length, 2000);
  const circle = text.replace('name="p0"', 'name="p0"\ndepends_on=["p1999"]');
  equal(failureOf(circle).code, "PIOT_CONFIG_CYCLE");
});

test("parseConfig() refuses packages that depend on each other in circles, and no others", () => {
  const names = ["a", "b", "c", "d", "e"];
  const name = fc.constantFrom(...names);
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(name, name), { selector: String }), (edges) => {
    const others = edges.filter(([from, to]) => from !== to);
    const tables = names.map((name) => {
      const needs = others.filter(([from]) => from === name).map(([, to]) => to);
      return `[[package]]\nname = "${name}"\nkind = "npm"\npath = "."\npaths = ["**"]\n` +
        `depends_on = ${JSON.stringify(needs)}\n`;
    });
    const text = `[putitoutthere]\nversion = 1\n${tables.join("")}`;
    if (!isCyclic(names, others)) {
      equal(parseConfig(text, FILE).packages.length, names.length);
      return;
    }
    for (const { code, message } of failureOf(text).problems) {
      equal(code, "PIOT_CONFIG_CYCLE");
      const round = message.slice(message.lastIndexOf(": ") + 2).split(" → ");
      equal(round[0], round.at(-1));
      for (const [index, to] of round.slice(1).entries()) {
        ok(others.some(([from, other]) => from === round[index] && other === to), message);
      }
    }
  }));
});

/** Whether taking away what waits for nothing, again and again, leaves something. */
function isCyclic(
  names: readonly string[],
  edges: readonly (readonly [string, string])[],
): boolean {
  let left = names;
  for (const _ of names) {
    left = left.filter((name) => edges.some(([from, to]) => from === name && left.includes(to)));
  }
  return left.length > 0;
}

/** Texts near to a configuration: lines of one, broken in places. */
const nearly = fc.array(
  fc.oneof(
    fc.constantFrom(
      "[putitoutthere]",
      "version = 1",
      "[[package]]",
      "[package]",
      "[[packages]]",
      "[package.trust_policy]",
      "[[package.targets]]",
      'kind = "npm"',
      'kind = "pypi"',
      'registry = "crates"',
      'name = "a"',
      'name = "b/c"',
      "name = 1979-05-27",
      'paths = ["**"]',
      'files = ["**", 1]',
      'path = "."',
      'depends_on = ["a", "b/c", "d"]',
      'tag_format = "v{version}"',
      'build = "napi"',
      'targets = ["linux-x64-gnu", {triple = "x"}, []]',
      "trust_policy.workflow = 'a.yml'",
      "bundle_cli = { bin = 'x', stage_to = 'y' }",
      "access = nan",
      "__proto__ = 1",
      "constructor.prototype = 2",
      '"" = 1',
      "a = {\n b = 1,\n}",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  ),
  { maxLength: 14 },
).map((lines) => lines.join("\n"));

test("parseConfig() throws nothing but a Failure, with each problem inside the file", () => {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string({ unit: "binary" })), (text) => {
      let failure: Failure;
      try {
        parseConfig(text, FILE);
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
      }
      const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
      for (const { location, message } of failure.problems) {
        ok(message.startsWith("Cannot "), message);
        ok(!message.endsWith("."), message);
        const { line = 0, column = 0, excerpt = "" } = location ?? {};
        equal(lines[line - 1], excerpt);
        ok(column >= 1 && column <= excerpt.length + 1, `column ${column} of ${excerpt}`);
      }
    }),
    { numRuns: 2000 },
  );
});

test("parseConfig() survives nesting of any depth", () => {
  const deep = `a = ${"[".repeat(100_000)}`;
  equal(failureOf(deep).code, "PIOT_CONFIG_SYNTAX");
});
