import { deepEqual, match } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  differences,
  licenceProblems,
  packageProblems,
  trimTypes,
  typeProblems,
} from "../../scripts/npm_checks.ts";
import { walkFiles } from "../../src/host/files.ts";
import { tempFolder } from "../support/temp.ts";

const BINS = { piot: "x.js", putitoutthere: "x.js" };

test("a package that needs others, runs scripts, lacks a command or is too large is not fit", async () => {
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{ bin: BINS }, []],
    [{ bin: BINS, optionalDependencies: {} }, ["package.json has optionalDependencies"]],
    [{ bin: BINS, scripts: { postinstall: "x" } }, ["package.json has the script postinstall"]],
    [{ bin: { piot: "x.js" } }, ["other bins"]],
  ];
  for (const [manifest, expected] of cases) {
    await using folder = await tempFolder({ "package.json": JSON.stringify(manifest), tgz: "" });
    deepEqual(await packageProblems(folder.path, join(folder.path, "tgz")), expected);
  }
  await using folder = await tempFolder({
    "package.json": JSON.stringify({ bin: BINS }),
    tgz: new Uint8Array(3_000_001),
  });
  deepEqual(await packageProblems(folder.path, join(folder.path, "tgz")), ["it has 3000001 bytes"]);
});

test("a bundled package is named with its licence, which lets it be given on", () => {
  deepEqual(licenceProblems([{ id: "a@1.0.0", license: "MIT" }], "a@1.0.0\n=======\n\nMIT\n"), []);
  deepEqual(licenceProblems([{ id: "a@1.0.0", license: "MIT" }], ""), [
    "a@1.0.0 is not in THIRD_PARTY.txt",
  ]);
  for (const license of ["GPL-3.0-only", undefined, { type: "MIT" }, "UNLICENSED"]) {
    const found = licenceProblems([{ id: "a@1.0.0", license }], "a@1.0.0\n=======\n");
    match(found.join(), /^a@1\.0\.0 has the licence/);
  }
});

test("two builds differ by what one has and the other has not, or has otherwise", async () => {
  await using one = await tempFolder({ same: "1", "in/other": "1", mine: "1" });
  await using other = await tempFolder({ same: "1", "in/other": "2", yours: "1" });
  deepEqual([...await differences(one.path, other.path)].sort(), ["in/other", "mine", "yours"]);
  deepEqual(await differences(one.path, one.path), []);
});

const TYPES = {
  "package.json": JSON.stringify({
    ...{ name: "putitoutthere", type: "module" },
    exports: { ".": { types: "./types/mod.d.ts", default: "./mod.js" } },
  }),
  "types/mod.d.ts": `import type { Plan } from "./plan.js";
export type { Plan };
export declare class Failure extends Error { constructor(code: "PIOT_NO_WORK", message: string) }
export declare function createHost(): object;
export declare function plan(host: object): Promise<Plan>;
export declare function publish(host: object, options: object): Promise<{ outcomes: object[] }>;
`,
  "types/plan.d.ts": "export interface Plan { readonly head: string }\n",
  "types/unreached.d.ts": "export {};\n",
};

function installed(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    "package.json": '{ "type": "module" }',
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`node_modules/putitoutthere/${path}`, text]),
    ),
  };
}

test("types resolve for Node and for bundlers, or it is told what does not", async () => {
  await using good = await tempFolder(installed(TYPES));
  deepEqual(await typeProblems(good.path), []);
  const missing = {
    ...TYPES,
    "types/mod.d.ts": TYPES["types/mod.d.ts"].replace("./plan", "./gone"),
  };
  await using bad = await tempFolder(installed(missing));
  match((await typeProblems(bad.path)).join(), /Cannot find module '\.\/gone\.js'/);
});

test("declarations that nobody can reach are left out", async () => {
  await using folder = await tempFolder(TYPES);
  await trimTypes(join(folder.path, "types"));
  deepEqual([...await walkFiles(join(folder.path, "types"))].sort(), ["mod.d.ts", "plan.d.ts"]);
});
