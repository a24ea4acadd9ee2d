/** Compiled files in packages that are no family's, in folders and in tarballs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { Failure } from "../../../src/error.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { contentsOf } from "./family_world.ts";
import { manifestText, npmRelease, npmWorld } from "./world.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

interface Row {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: Files;
  readonly problem?: RegExp;
  readonly warning?: RegExp;
}

const program = (triple: string): Uint8Array => makeBinary(triple, "program");
const addon = (triple: string): Uint8Array => makeBinary(triple, "addon");
const LINUX = { os: ["linux"], cpu: ["x64"] };

const ROWS: readonly Row[] = [
  {
    name: "a program for its machine",
    fields: LINUX,
    files: { "bin/tool": program("linux-x64-gnu") },
  },
  {
    name: "an addon of another processor",
    fields: { ...LINUX, main: "tool.node" },
    files: { "tool.node": addon("linux-arm64-gnu") },
    problem:
      /PIOT_BINARY_MISMATCH Cannot publish "demo": "tool\.node" is .*arm64.*, and its package\.json says os \["linux"\], cpu \["x64"\]/,
  },
  {
    name: "an addon of the other C library",
    fields: { ...LINUX, libc: ["musl"], main: "./tool.node" },
    files: { "tool.node": addon("linux-x64-gnu") },
    problem: /"tool\.node" is .*, and its package\.json says .*libc \["musl"\]/,
  },
  {
    name: "a command of another system",
    fields: { ...LINUX, bin: { tool: "./bin/tool" } },
    files: { "bin/tool": program("darwin-arm64") },
    problem: /"bin\/tool" is .*, and its package\.json says/,
  },
  {
    name: "a file of another system that nothing reaches",
    fields: LINUX,
    files: { "index.js": "", "fixtures/a.exe": program("win32-x64-msvc") },
    warning:
      /^"demo": "fixtures\/a\.exe" is .*, and its package\.json says os \["linux"\], cpu \["x64"\]$/,
  },
  {
    name: "a program of another processor that other packages start by its path",
    fields: { os: ["linux"], cpu: ["arm64"] },
    files: { "bin/tool": program("linux-x64-gnu"), "README.md": "" },
    problem: /PIOT_BINARY_MISMATCH Cannot publish "demo": "bin\/tool" is .*, cpu \["arm64"\]/,
  },
  {
    name: "addons for each of the machines that it names",
    fields: { os: ["linux", "darwin"], cpu: ["x64", "arm64"] },
    files: {
      "a.node": addon("linux-x64-gnu"),
      "b.node": addon("darwin-arm64"),
      "c.wasm": addon("wasm32-wasi"),
    },
  },
  {
    name: "a program where all machines but one are meant",
    fields: { os: ["!win32"], bin: "tool" },
    files: { tool: program("darwin-arm64") },
  },
  {
    name: "a program for the machine that is not meant",
    fields: { os: ["!darwin"], bin: "tool" },
    files: { tool: program("darwin-arm64") },
    problem: /its package\.json says os \["!darwin"\]/,
  },
  {
    name: "a static program where a C library is named",
    fields: { ...LINUX, libc: ["musl"], bin: "tool" },
    files: { tool: program("linux-x64") },
  },
  {
    name: "a universal program where one processor is named",
    fields: { os: ["darwin"], cpu: ["arm64"], bin: "tool" },
    files: { tool: program("darwin-universal") },
  },
  {
    name: "addons of all machines in a package that names none",
    fields: { main: "a.node" },
    files: { "a.node": addon("linux-x64-gnu"), "b.node": addon("win32-x64-msvc") },
  },
];

async function tarball(files: Files): Promise<Uint8Array> {
  const entries = Object.entries(files).map(([path, body]) => ({
    header: { name: `package/${path}`, size: body.length, type: "file" as const, mode: 0o644 },
    body,
  }));
  return gzipSync(await packTar(entries));
}

for (const form of ["folder", "tarball"] as const) {
  for (const { name, fields, files, problem, warning } of ROWS) {
    test(`a ${form} is held against the machines that it names: ${name}`, async () => {
      const all = { "package.json": manifestText({ version: "1.0.0", ...fields }), ...files };
      await using world = await npmWorld(
        form === "folder"
          ? Object.fromEntries(
            Object.entries(all).map(([path, body]) => [`packages/demo/${path}`, body]),
          )
          : { "artifacts/demo-pkg/demo-1.0.0.tgz": await tarball(all) },
      );
      const folder = form === "folder" ? undefined : `${world.root}/artifacts/demo-pkg`;
      const release = npmRelease({ artifacts: [{ target: "noarch", name: "demo-pkg", folder }] });
      const prepared = await world.prepare(release).catch((error) => error);
      if (problem !== undefined) {
        assert.ok(prepared instanceof Failure, String(prepared));
        assert.match(`${prepared.code} ${prepared.message}`, problem);
        return;
      }
      assert.ok(!(prepared instanceof Error), String(prepared));
      const told = prepared.warnings.filter((one: string) => one.includes("its package.json says"));
      assert.equal(told.length, warning === undefined ? 0 : 1);
      if (warning !== undefined) assert.match(told[0], warning);
    });
  }
}

test("a program that no bin names is made executable in a folder, and told of in a tarball", async () => {
  const files = {
    "package.json": manifestText({ version: "1.0.0", ...LINUX }),
    "lib/tool": program("linux-x64-gnu"),
    "lib/notes": "text",
  };
  const below = Object.entries(files).map(([path, body]) => [`packages/demo/${path}`, body]);
  await using world = await npmWorld({
    ...Object.fromEntries(below) as Files,
    "artifacts/demo-pkg/demo-1.0.0.tgz": await tarball(files),
  });
  const packed = await world.prepare(npmRelease());
  assert.deepEqual(Object.keys(await contentsOf(packed, "demo")).sort(), [
    "lib/notes 644",
    "lib/tool 755",
    "package.json 644",
  ]);
  const folder = `${world.root}/artifacts/demo-pkg`;
  const ready = await world.prepare(
    npmRelease({ artifacts: [{ target: "noarch", name: "demo-pkg", folder }] }),
  );
  assert.deepEqual(ready.warnings.filter((one) => one.includes("executable")), [
    '"demo": the program "lib/tool" is not executable in its tarball; set the bit before it is packed, or deliver the folder',
  ]);
});
