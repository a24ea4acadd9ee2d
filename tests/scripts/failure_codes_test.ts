import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type CodesTwice, FAILURE_CODES, FAILURE_TABLES } from "../../src/failure_codes.ts";
import { walkFiles } from "../../src/host/files.ts";

/** Every text file below a folder that a filter takes, as one text. */
async function textBelow(folder: string, takes: (path: string) => boolean): Promise<string> {
  const files = (await walkFiles(folder)).filter(takes);
  return (await Promise.all(files.map((path) => readFile(join(folder, path), "utf8")))).join("\n");
}

test("every code is thrown somewhere, and tripped by a test", async () => {
  const source = await textBelow(
    "src",
    (path) => path.endsWith(".ts") && !path.startsWith("failure_codes"),
  );
  const tests = await textBelow("tests", (path) => /\.(ts|json)$/.test(path));
  const codes = Object.keys(FAILURE_CODES);
  assert.deepEqual(codes.filter((code) => !source.includes(`"${code}"`)), [], "thrown nowhere");
  assert.deepEqual(
    codes.filter((code) => !new RegExp(`${code}\\b`).test(tests)),
    [],
    "tripped by no test",
  );
});

test("every code stands in one table, and the compiler tells of a second", () => {
  const all = Object.values(FAILURE_TABLES).flatMap((table) => Object.keys(table));
  assert.deepEqual(all.sort(), Object.keys(FAILURE_CODES).sort());
  const doc = { exit: 1, trips: "It happened.", mend: "Do so." } as const;
  const [a, b] = [{ PIOT_A: doc, PIOT_BOTH: doc }, { PIOT_B: doc, PIOT_BOTH: doc }];
  const twice: Record<CodesTwice<{ a: typeof a; b: typeof b }>, string> = { PIOT_BOTH: "twice" };
  assert.deepEqual(Object.keys(twice), Object.keys(a).filter((code) => code in b));
});
