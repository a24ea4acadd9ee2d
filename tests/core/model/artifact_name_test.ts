import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
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
  owner: Parameters<typeof artifactNames>[0];
  rows: readonly (readonly [string, string])[];
}[] = [
  {
    name: "a crate",
    owner: { name: "a/b", kind: "crates", triples: [] },
    rows: [["noarch", "a__b-crate"]],
  },
  {
    name: "a plain npm package",
    owner: { name: "@a/b", kind: "npm", triples: [] },
    rows: [["noarch", "@a__b-pkg"]],
  },
  {
    name: "an npm family",
    owner: { name: "a", kind: "npm", triples: ["linux-x64-gnu", "darwin-arm64"] },
    rows: [["linux-x64-gnu", "a-linux-x64-gnu"], ["darwin-arm64", "a-darwin-arm64"], [
      "main",
      "a-main",
    ]],
  },
  {
    name: "a wheel that fits all",
    owner: { name: "a", kind: "pypi", triples: [] },
    rows: [["any", "a-wheel-any"], ["sdist", "a-sdist"]],
  },
  {
    name: "a wheel for each platform",
    owner: { name: "a", kind: "pypi", triples: ["x86_64-apple-darwin"] },
    rows: [["x86_64-apple-darwin", "a-wheel-x86_64-apple-darwin"], ["sdist", "a-sdist"]],
  },
];

for (const { name, owner, rows } of OWNERS) {
  test(`artifactNames() of ${name}`, () => {
    deepEqual(artifactNames(owner).map((one) => [one.target, one.name]), rows);
  });
}
