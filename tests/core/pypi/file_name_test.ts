import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSdistName, parseWheelName, sdistName } from "../../../src/core/pypi/file_name.ts";

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
