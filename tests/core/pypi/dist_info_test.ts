import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecord, recordProblems } from "../../../src/core/pypi/dist_info.ts";
import { wheelFileProblems } from "../../../src/core/pypi/dist_info.ts";
import { parseWheelName, type WheelName } from "../../../src/core/pypi/file_name.ts";

test("parseRecord() reads paths with commas and quotes, hashes and sizes", () => {
  const text = 'a/b.py,sha256=AbC-_,12\r\n"c,""d"".py",SHA512=x=y,3\nRECORD,,\n\n';
  assert.deepEqual(parseRecord(text), [
    { path: "a/b.py", algorithm: "sha256", digest: "AbC-_", size: 12 },
    { path: 'c,"d".py', algorithm: "sha512", digest: "x=y", size: 3 },
    { path: "RECORD", algorithm: "", digest: "", size: undefined },
  ]);
});

test("recordProblems() wants every file listed and nothing else, apart from RECORD and its signatures", () => {
  const lines = parseRecord("a.py,sha256=x,1\ngone.py,sha256=x,1\n");
  const files = ["a.py", "new.py", "d-1.dist-info/RECORD", "d-1.dist-info/RECORD.jws"];
  assert.deepEqual(recordProblems(lines, files), [
    'RECORD does not list "new.py"',
    'RECORD lists "gone.py", which is not in it',
  ]);
});

function wheelName(fileName: string): WheelName {
  const name = parseWheelName(fileName);
  assert.ok(typeof name !== "string");
  return name;
}

test("wheelFileProblems() finds nothing where WHEEL spells out the tags of the file name", () => {
  const name = wheelName("demo-1.0-1-py2.py3-none-any.whl");
  const text = "Wheel-Version: 1.0\nGenerator: x\nTag: py2-none-any\nTag: py3-none-any\nBuild: 1\n";
  assert.deepEqual(wheelFileProblems(text, name), []);
  assert.deepEqual(
    wheelFileProblems("Wheel-Version: 1.0\nBuild: 1\nTag: py2.py3-none-any\n", name),
    [],
  );
});

test("wheelFileProblems() tells where WHEEL and the file name part", () => {
  const name = wheelName("demo-1.0-py3-none-win_amd64.whl");
  assert.deepEqual(wheelFileProblems("Wheel-Version: 2.0\nTag: py3-none-any\nBuild: 7\n", name), [
    'WHEEL has Wheel-Version "2.0", installers know 1.x',
    'WHEEL has build "7", the file name none',
    'WHEEL lacks the tag "py3-none-win_amd64" of the file name',
    'WHEEL has the tag "py3-none-any", the file name has not',
  ]);
  assert.deepEqual(wheelFileProblems("Tag: py3-none-win_amd64\n", name), [
    "WHEEL has no Wheel-Version",
  ]);
});

test("a RECORD of Windows lists the same files", () => {
  const lines = parseRecord("demo\\__init__.py,sha256=x,1\ndemo-1.0.dist-info\\RECORD,,\n");
  assert.deepEqual(recordProblems(lines, ["demo/__init__.py", "demo-1.0.dist-info/RECORD"]), []);
});
