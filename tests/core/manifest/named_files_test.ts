import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  namedByCargo,
  namedByPython,
  namedInWheel,
} from "../../../src/core/manifest/named_files.ts";

test("a Cargo.toml names what its include lists", () => {
  deepEqual(namedByCargo('[package]\ninclude = ["/src", "certs/ca.pem"]\n'), [
    "/src",
    "certs/ca.pem",
  ]);
  for (const text of ["", "[package]", "[package]\ninclude = true", "[package", "include = [1]"]) {
    deepEqual(namedByCargo(text), []);
  }
});

for (
  const { name, pyproject = "", manifestIn } of [
    { name: "hatch", pyproject: '[tool.hatch.build.targets.sdist]\ninclude = ["/demo/ca.pem"]' },
    {
      name: "hatch's force-include",
      pyproject: '[tool.hatch.build.targets.wheel.force-include]\n"x/ca.pem" = "demo/ca.pem"',
    },
    { name: "setuptools", pyproject: '[tool.setuptools.package-data]\ndemo = ["ca.pem"]' },
    {
      name: "maturin",
      pyproject: '[tool.maturin]\ninclude = [{ path = "demo/ca.pem", format = "sdist" }]',
    },
    { name: "flit", pyproject: '[tool.flit.sdist]\ninclude = ["demo/ca.pem"]' },
    { name: "uv", pyproject: '[tool.uv.build-backend]\nsource-include = ["demo/ca.pem"]' },
    { name: "MANIFEST.in", manifestIn: "graft docs\ninclude README demo/ca.pem\r\n" },
  ]
) {
  test(`a Python project names a file as ${name} does`, () => {
    const names = namedByPython({ pyproject, manifestIn });
    equal([...names].some((one) => /^\/?demo\/ca\.pem$/.test(one)), true, [...names].join(" "));
  });
}

test("a Python project names nothing by what is no list of files", () => {
  deepEqual([...namedByPython({ pyproject: undefined, manifestIn: undefined })], []);
  deepEqual([...namedByPython({ pyproject: "[tool", manifestIn: "exclude demo/ca.pem" })], []);
  deepEqual(
    [...namedByPython({ pyproject: '[project]\nname = "demo/ca.pem"', manifestIn: "" })],
    [],
  );
});

test("a file of a package in a source folder lies at the wheel's top", () => {
  const names = new Set(["src/demo/ca.pem"]);
  deepEqual(namedInWheel(names, ["demo/ca.pem", "mo/ca.pem"]), ["src/demo/ca.pem", "demo/ca.pem"]);
});
