import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { isWorkspaceMember } from "../../../src/core/npm/workspace_members.ts";

const CASES: readonly { name: string; workspaces?: unknown; folder: string; isMember: boolean }[] =
  [
    { name: "a named folder", workspaces: ["js/a"], folder: "js/a", isMember: true },
    { name: "another folder", workspaces: ["js/a"], folder: "js/ab", isMember: false },
    { name: "one level", workspaces: ["./packages/*"], folder: "packages/a", isMember: true },
    { name: "two levels", workspaces: ["/packages/*"], folder: "packages/a/b", isMember: false },
    { name: "any level", workspaces: ["packages/**"], folder: "packages/a/b", isMember: true },
    {
      name: "a slash at the end",
      workspaces: ["packages/*/"],
      folder: "packages/a",
      isMember: true,
    },
    {
      name: "one that is taken out",
      workspaces: ["packages/*", "!packages/a"],
      folder: "packages/a",
      isMember: false,
    },
    {
      name: "one that is brought back",
      workspaces: ["packages/**", "!packages/b/**", "packages/b/a"],
      folder: "packages/b/a",
      isMember: true,
    },
    { name: "a table", workspaces: { packages: ["a"] }, folder: "a", isMember: true },
    { name: "no workspaces", folder: "a", isMember: false },
    { name: "nonsense", workspaces: "a", folder: "a", isMember: false },
    { name: "nothing", workspaces: null, folder: "a", isMember: false },
  ];

for (const { name, folder, isMember, ...fields } of CASES) {
  test(`isWorkspaceMember knows ${name}`, () => {
    assert.equal(isWorkspaceMember(parsePackageJson(JSON.stringify(fields)), folder), isMember);
  });
}
