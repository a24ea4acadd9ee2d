import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import {
  confusableName,
  fileNamePart,
  isProjectName,
  normaliseName,
} from "../../../src/core/pypi/name.ts";
import { parseSdistName, sdistName } from "../../../src/core/pypi/sdist_name.ts";
import { parseWheelName } from "../../../src/core/pypi/wheel_name.ts";

for (
  const [name, normal] of [
    ["Demo", "demo"],
    ["my.cool_pkg", "my-cool-pkg"],
    ["a--.__b", "a-b"],
    ["zope.interface", "zope-interface"],
  ] as const
) {
  test(`normaliseName() makes ${normal} of ${name}`, () => {
    assert.equal(normaliseName(name), normal);
    assert.equal(fileNamePart(name), normal.replaceAll("-", "_"));
  });
}

test("normaliseName() changes nothing the second time", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."aZ09-_."), minLength: 1 });
  fc.assert(fc.property(letters, (name) => {
    const once = normaliseName(name);
    assert.equal(normaliseName(once), once);
    assert.equal(normaliseName(fileNamePart(name)), once);
  }));
});

test("isProjectName() wants letters or digits at both ends", () => {
  for (const name of ["a", "A1", "a.b-c_d", "0"]) assert.ok(isProjectName(name), name);
  for (const name of ["", "-a", "a.", "a b", "ä", "a/b", "_a"]) {
    assert.ok(!isProjectName(name), name);
  }
});

test("confusableName() is the same for names that look alike", () => {
  assert.equal(confusableName("Ill-o.0"), confusableName("1l1O0"));
  assert.notEqual(confusableName("demo"), confusableName("dem1"));
});

test("parseWheelName() takes a wheel's name apart", () => {
  assert.deepEqual(
    parseWheelName("my_demo-1.0-2b-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
    {
      fileName: "my_demo-1.0-2b-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      name: "my_demo",
      version: "1.0",
      build: "2b",
      pythons: ["py2", "py3"],
      abis: ["none"],
      platforms: ["manylinux_2_17_x86_64", "manylinux2014_x86_64"],
      pythonTag: "py2.py3",
    },
  );
});

for (
  const { name, why } of [
    { name: "demo-1.0.tar.gz", why: /does not end in \.whl/ },
    { name: "demo-1.0-py3-none.whl", why: /it is not \{name\}/ },
    { name: "demo-1.0-1-2-py3-none-any.whl", why: /it is not \{name\}/ },
    { name: "my__demo-1.0-py3-none-any.whl", why: /no project name/ },
    { name: "_demo-1.0-py3-none-any.whl", why: /no project name/ },
    { name: "demo-next-py3-none-any.whl", why: /no version/ },
    { name: "demo-1.0-b1-py3-none-any.whl", why: /build number/ },
    { name: "demo-1.0-py3--any.whl", why: /no tag/ },
    { name: "demo-1.0-py3-none-any..x.whl", why: /no tag/ },
  ]
) {
  test(`parseWheelName() refuses ${name}`, () => assert.match(String(parseWheelName(name)), why));
}

test("sdistName() is the one name that PyPI takes", () => {
  assert.equal(sdistName("My.Cool-Pkg", "1.0.0-rc.1"), "my_cool_pkg-1.0.0rc1.tar.gz");
});

test("parseSdistName() splits at the last dash, so that old names are read too", () => {
  assert.deepEqual(parseSdistName("my-demo-1.0.tar.gz"), {
    fileName: "my-demo-1.0.tar.gz",
    name: "my-demo",
    version: "1.0",
  });
  assert.match(String(parseSdistName("demo.tar.gz")), /it is not/);
  assert.match(String(parseSdistName("demo-next.tar.gz")), /no version/);
});
