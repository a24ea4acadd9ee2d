import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { test } from "node:test";
import { declareBytes } from "../../src/command/declare_bytes.ts";
import { parseConfig } from "../support/parse_config.ts";
import { Failure } from "../../src/error.ts";

const FILE = "putitoutthere.toml";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const table = (name: string, more = ""): string =>
  `[[package]]\nname = "${name}"\nkind = "npm"\npath = "${name}"\npaths = ["${name}/**"]\n${more}`;
const HEADER = "[putitoutthere]\nversion = 1\n";
const TWO = `${HEADER}${table("a")}${table("b", 'depends_on = ["a"]\n')}`;

/** At the line of its key. */
function standsAt(line: number, code: string): (error: unknown) => true {
  return (error) => {
    ok(error instanceof Failure);
    equal(error.code, code);
    deepEqual([error.location?.file, error.location?.line], [FILE, line]);
    return true;
  };
}

test("declareBytes() reads what parseConfig() reads", async () => {
  const { config, check } = await declareBytes(bytes(TWO), { file: FILE });
  await check();
  deepEqual(config, parseConfig(TWO, FILE));
});

test("declareBytes() tells at once, with its line, what is wrong with a table", async () => {
  const text = `${HEADER}${table("a", "oops = 1\n")}`;
  await rejects(declareBytes(bytes(text), { file: FILE }), standsAt(8, "PIOT_CONFIG_UNKNOWN_KEY"));
});

test("declareBytes() tells at once, with its line, what is no TOML", async () => {
  await rejects(
    declareBytes(bytes(`${HEADER}a = \n`), { file: FILE }),
    standsAt(3, "PIOT_CONFIG_SYNTAX"),
  );
});

test("check() tells, with its line, what is wrong between packages", async () => {
  const text = `${HEADER}${table("a", 'depends_on = ["b"]\n')}${
    table("b", 'depends_on = ["a"]\n')
  }`;
  const { config, check } = await declareBytes(bytes(text), { file: FILE });
  equal(config.packages.length, 2);
  await rejects(check(), standsAt(8, "PIOT_CONFIG_CYCLE"));
});
