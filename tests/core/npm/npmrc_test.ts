import assert from "node:assert/strict";
import { test } from "node:test";
import { readNpmrc } from "../../../src/core/npm/npmrc.ts";

const TEXT = [
  "; registry=https://no.example/",
  "# registry=https://no.example/",
  "save-exact=true",
  "  registry = https://a.example/npm/ ",
  "@acme:registry='https://b.example'",
  "//a.example/:_authToken=${NPM_TOKEN}",
  "@acme:registry=https://${HOST}/${UNSET}/${GONE?}",
  "[section]",
  "xregistry=https://no.example/",
  "registry",
].join("\r\n");

test("readNpmrc() finds the registries, with their lines, and the last of a key", () => {
  const found = [...readNpmrc(TEXT, { HOST: "c.example", NPM_TOKEN: "secret" }).values()];
  assert.deepEqual(
    found.map(({ key, value, written, line }) => ({ key, value, written, line })),
    [
      {
        key: "registry",
        value: "https://a.example/npm/",
        written: "https://a.example/npm/",
        line: 4,
      },
      {
        key: "@acme:registry",
        value: "https://c.example/${UNSET}/",
        written: "https://${HOST}/${UNSET}/${GONE?}",
        line: 7,
      },
    ],
  );
  assert.equal(JSON.stringify(found).includes("secret"), false);
});

test("readNpmrc() of an empty file, or one of another kind, finds nothing", () => {
  assert.equal(readNpmrc("", {}).size, 0);
  assert.equal(readNpmrc("\u0000\u0001{]=\n=\n==", {}).size, 0);
});
