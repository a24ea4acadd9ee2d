import { equal } from "node:assert/strict";
import { test } from "node:test";
import { hasVersion, isVersionEdit } from "../../../src/core/manifest/version_edit.ts";

const LOCK = (own: string, other: string, dependency = own): string =>
  `version = 4

[[package]]
name = "high"
version = "${own}"
dependencies = [
 "low ${dependency}",
 "serde",
]

[[package]]
name = "low"
version = "${own}"

[[package]]
name = "serde"
version = "${other}"
source = "registry+https://github.com/rust-lang/crates.io-index"
`;

for (
  const { name, path, committed, now, isEdit } of [
    {
      name: "a version in Cargo.toml",
      path: "a/Cargo.toml",
      committed:
        '[package]\nname = "a"\nversion = "0.0.0"\n[dependencies]\nb = { version = "1", path = "../b" }\n',
      now:
        '[package]\nname = "a"\nversion = "1.2.0"\n[dependencies]\nb = { version = "2", path = "../b" }\n',
      isEdit: true,
    },
    {
      name: "a dependency in Cargo.toml",
      path: "Cargo.toml",
      committed: '[package]\nversion = "0.0.0"\n[dependencies]\nserde = "1"\n',
      now: '[package]\nversion = "0.0.0"\n[dependencies]\nserde = "2"\n',
      isEdit: false,
    },
    {
      name: "own versions in Cargo.lock",
      path: "Cargo.lock",
      committed: LOCK("0.0.0", "1.0.0"),
      now: LOCK("1.2.0", "1.0.0"),
      isEdit: true,
    },
    {
      name: "another crate in Cargo.lock",
      path: "Cargo.lock",
      committed: LOCK("0.0.0", "1.0.0"),
      now: LOCK("0.0.0", "1.0.1"),
      isEdit: false,
    },
    {
      name: "a crate more in Cargo.lock",
      path: "Cargo.lock",
      committed: LOCK("0.0.0", "1.0.0"),
      now: `${
        LOCK("0.0.0", "1.0.0")
      }\n[[package]]\nname = "new"\nversion = "1.0.0"\nsource = "x"\n`,
      isEdit: false,
    },
    {
      name: "the version in package.json, set anew",
      path: "js/package.json",
      committed: '{"name":"a","version":"0.0.0","files":["x"]}',
      now: '{\n  "name": "a",\n  "version": "1.0.0",\n  "files": [\n    "x"\n  ]\n}\n',
      isEdit: true,
    },
    {
      name: "a script in package.json",
      path: "package.json",
      committed: '{"name":"a","version":"0.0.0"}',
      now: '{"name":"a","version":"0.0.0","scripts":{"install":"x"}}',
      isEdit: false,
    },
    {
      name: "a version that package.json did not have",
      path: "package.json",
      committed: '{"name":"a","main":"x"}',
      now: '{"name":"a","version":"1.0.0","main":"x"}',
      isEdit: true,
    },
    {
      name: "the version in pyproject.toml",
      path: "py/pyproject.toml",
      committed: '[project]\nname = "a"\nversion = "0"\n',
      now: '[project]\nname = "a"\nversion = "1.0rc1"\n',
      isEdit: true,
    },
    {
      name: "a dependency in pyproject.toml",
      path: "pyproject.toml",
      committed: '[project]\nname = "a"\nversion = "0"\n',
      now: '[project]\nname = "a"\nversion = "0"\ndependencies = ["x"]\n',
      isEdit: false,
    },
    {
      name: "what cannot be read any more",
      path: "package.json",
      committed: '{"name":"a"}',
      now: "{",
      isEdit: false,
    },
    {
      name: "a file without a version",
      path: "src/version.ts",
      committed: 'export const VERSION = "0.0.0"',
      now: 'export const VERSION = "1.0.0"',
      isEdit: false,
    },
  ]
) {
  test(`${name} is ${isEdit ? "nothing but a version" : "somebody's work"}`, () => {
    equal(isVersionEdit(path, { committed, now }), isEdit);
    equal(isVersionEdit(path, { committed: now, now: committed }), isEdit);
  });
}

test("files that releases write versions into are known by their bare names", () => {
  for (const path of ["Cargo.toml", "a/b/Cargo.lock", "package.json", "x/pyproject.toml"]) {
    equal(hasVersion(path), true);
  }
  for (const path of ["cargo.toml", "Cargo.toml.orig", "toString", "package-lock.json"]) {
    equal(hasVersion(path), false);
  }
});
