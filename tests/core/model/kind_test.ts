import { equal } from "node:assert/strict";
import { test } from "node:test";
import { registryNameProblem, rulesOf } from "../../../src/core/model/kind.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import type { Kind } from "../../../src/core/model/package.ts";

const UNFIT = "names there do not start or end so";

const NAMES: readonly (readonly [kind: Kind, name: string, problem: string | undefined])[] = [
  ["crates", "my-crate", undefined],
  ["crates", "My_Crate2", undefined],
  ["crates", "x".repeat(64), undefined],
  ["crates", "x".repeat(65), "it is longer than 64 characters"],
  ["crates", "", "it is empty"],
  ["crates", "2x", UNFIT],
  ["crates", "_x", UNFIT],
  ["crates", "a.b", 'it holds "."'],
  ["crates", "é", 'it holds "é"'],
  ["pypi", "My.Project_x-2", undefined],
  ["pypi", "2", undefined],
  ["pypi", "-a", UNFIT],
  ["pypi", "a.", UNFIT],
  ["pypi", "a/b", 'it holds "/"'],
  ["pypi", "a b", 'it holds " "'],
  ["npm", "left-pad", undefined],
  ["npm", "@scope/pkg.js", undefined],
  ["npm", "@-x/_y", undefined],
  ["npm", "7zip", undefined],
  ["npm", "x".repeat(214), undefined],
  ["npm", "x".repeat(215), "it is longer than 214 characters"],
  ["npm", "Left-Pad", "it has capital letters"],
  ["npm", ".a", UNFIT],
  ["npm", "_a", UNFIT],
  ["npm", "-a", UNFIT],
  ["npm", "@scope/.a", UNFIT],
  ["npm", "@scope", 'it holds "@"'],
  ["npm", "a/b", 'it holds "/"'],
  ["npm", "@a/b/c", 'it holds "/"'],
  ["npm", "a'b", `it holds "'"`],
  ["npm", "a b", 'it holds " "'],
  ["npm", "node_modules", "the registry keeps it for itself"],
  ["npm", "favicon.ico", "the registry keeps it for itself"],
  ["npm", "favicon-ico", undefined],
];

for (const [kind, name, problem] of NAMES) {
  test(`registryNameProblem() of ${JSON.stringify(name.slice(0, 20))} on ${kind}`, () => {
    equal(registryNameProblem(rulesOf(KINDS, { kind }).names, name), problem);
  });
}

test("canonical() folds what each registry holds for one name", () => {
  equal(rulesOf(KINDS, { kind: "crates" }).names.canonical("My_Crate"), "my-crate");
  equal(rulesOf(KINDS, { kind: "pypi" }).names.canonical("My.__Project"), "my-project");
  equal(rulesOf(KINDS, { kind: "npm" }).names.canonical("@a/b_c"), "@a/b_c");
});
