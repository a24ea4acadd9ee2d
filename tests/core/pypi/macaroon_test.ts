import assert from "node:assert/strict";
import { test } from "node:test";
import { readPypiToken } from "../../../src/core/pypi/macaroon.ts";
import fc from "../../support/property.ts";
import { pypiToken } from "../../support/pypi_token.ts";

test("a token of an account names no project and no end", () => {
  const token = pypiToken({ caveats: [[3, "user-uuid"]] });
  assert.match(token, /^pypi-AgEIcHlwaS5vcmc/);
  assert.deepEqual(readPypiToken(token), {
    location: "pypi.org",
    projects: undefined,
    expires: undefined,
  });
});

test("a token of a project names it", () => {
  const token = pypiToken({ location: "test.pypi.org", caveats: [[1, ["demo"]], [2, ["uuid"]]] });
  assert.deepEqual(readPypiToken(token), {
    location: "test.pypi.org",
    projects: ["demo"],
    expires: undefined,
  });
});

test("every restriction counts: the projects of all lists, and the earliest end", () => {
  const caveats = [[1, ["demo", "other"]], [0, 2_000_000_000, 0], [1, ["demo"]], [
    0,
    1_900_000_000,
    0,
  ]];
  assert.deepEqual(readPypiToken(pypiToken({ caveats })), {
    location: "pypi.org",
    projects: ["demo"],
    expires: 1_900_000_000,
  });
});

test("tokens of before 2022 hold objects", () => {
  const caveats = [{ version: 1, permissions: { projects: ["demo"] } }, { nbf: 0, exp: 5 }];
  assert.deepEqual(readPypiToken(pypiToken({ caveats })), {
    location: "pypi.org",
    projects: ["demo"],
    expires: 5,
  });
  const user = pypiToken({ caveats: [{ version: 1, permissions: "user" }] });
  assert.equal(readPypiToken(user)?.projects, undefined);
});

for (const token of ["", "pypi-", "pypi-!!!", "secret", "pypi-AgEI", `pypi-${"A".repeat(90)}`]) {
  test(`"${token.slice(0, 12)}" is no token that can be read`, () => {
    assert.equal(readPypiToken(token), undefined);
  });
}

test("no text makes the reader throw", () => {
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) =>
    `pypi-${btoa(String.fromCharCode(2, ...bytes)).replaceAll("+", "-").replaceAll("/", "_")}`
  );
  fc.assert(fc.property(fc.oneof(fc.string(), noise), (text) => void readPypiToken(text)));
});
