import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { rulesOf } from "../../../src/core/model/kind.ts";
import type { Kind } from "../../../src/core/model/package.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import {
  artifactNames,
  encodeName,
  forbiddenCharacter,
} from "../../../src/core/model/artifact_name.ts";

test("encodeName() keeps a plain name and spells out slashes", () => {
  equal(encodeName("my-py"), "my-py");
  equal(encodeName("@scope/pkg"), "@scope__pkg");
  equal(encodeName("a/b/c"), "a__b__c");
});

test("forbiddenCharacter() finds each character that artifact names may not hold", () => {
  for (const character of '":<>|*?\r\n\\/\0\t') {
    equal(forbiddenCharacter(`a${character}b`), character);
  }
  equal(forbiddenCharacter("@scope__pkg-x86_64+1.~ é"), undefined);
});

const OWNERS: readonly {
  name: string;
  kind: Kind;
  owner: Parameters<typeof artifactNames>[0];
  rows: readonly (readonly [string, string])[];
}[] = [
  {
    name: "a crate",
    kind: "crates",
    owner: { name: "a/b", triples: [] },
    rows: [["noarch", "a__b-crate"]],
  },
  {
    name: "a plain npm package",
    kind: "npm",
    owner: { name: "@a/b", triples: [] },
    rows: [["noarch", "@a__b-pkg"]],
  },
  {
    name: "an npm family",
    kind: "npm",
    owner: { name: "a", triples: ["linux-x64-gnu", "darwin-arm64"] },
    rows: [["linux-x64-gnu", "a-linux-x64-gnu"], ["darwin-arm64", "a-darwin-arm64"], [
      "main",
      "a-main",
    ]],
  },
  {
    name: "a wheel that fits all",
    kind: "pypi",
    owner: { name: "a", triples: [] },
    rows: [["any", "a-wheel-any"], ["sdist", "a-sdist"]],
  },
  {
    name: "a wheel for each platform",
    kind: "pypi",
    owner: { name: "a", triples: ["x86_64-apple-darwin"] },
    rows: [["x86_64-apple-darwin", "a-wheel-x86_64-apple-darwin"], ["sdist", "a-sdist"]],
  },
];

for (const { name, kind, owner, rows } of OWNERS) {
  test(`artifactNames() of ${name}`, () => {
    deepEqual(
      artifactNames(owner, rulesOf(KINDS, { kind })).map((one) => [one.target, one.name]),
      rows,
    );
  });
}
