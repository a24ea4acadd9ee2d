import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { npmCommands } from "../../../src/command/rehearse/kinds/npm_commands.ts";
import { runCommand } from "../../../src/command/rehearse/run_program.ts";
import { tempFolder } from "../../support/temp.ts";

const MAIN = { "main.js": "", "index.js": "" };

const ROWS: readonly {
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly is: readonly string[];
}[] = [
  { name: "with a main file is loaded", manifest: { main: "main" }, files: MAIN, is: ["load"] },
  { name: "with an index.js is loaded", manifest: {}, files: MAIN, is: ["load"] },
  { name: "with nothing at all is loaded, which fails", manifest: {}, is: ["load"] },
  {
    name: "with programs alone has each of them run",
    manifest: { bin: { one: "./a.js", two: "b.js" } },
    is: ["one", "two"],
  },
  {
    name: "with programs and a main file is loaded and has them run",
    manifest: { bin: "./a.js", main: "main.js" },
    files: MAIN,
    is: ["load", "demo"],
  },
  {
    name: "whose main file is its program is not loaded, which would run it",
    manifest: { bin: "./main.js", main: "main" },
    files: MAIN,
    is: ["demo"],
  },
  {
    name: "whose index.js is its program is not loaded",
    manifest: { bin: "index.js" },
    files: MAIN,
    is: ["demo"],
  },
  {
    name: "that exports itself is loaded",
    manifest: { bin: "a.js", exports: { import: "./main.js" } },
    is: ["load", "demo"],
  },
  {
    name: "that exports its package.json alone is not loaded",
    manifest: { bin: "a.js", exports: { "./package.json": "./package.json" } },
    is: ["demo"],
  },
];
for (const { name, manifest, files = {}, is } of ROWS) {
  test(`an installed package ${name}`, async () => {
    const tree = {
      "package.json": JSON.stringify({ name: "demo", version: "1.0.0", ...manifest }),
    };
    const own = Object.entries({ ...tree, ...files }).map(([path, text]) =>
      [`node_modules/demo/${path}`, text] as const
    );
    await using folder = await tempFolder(Object.fromEntries(own));
    const commands = await npmCommands("demo", folder.path);
    assert.deepEqual(
      commands.map(({ name }) => name === `import("demo")` ? "load" : name),
      is,
    );
  });
}

test("of a package that is not there nothing is run", async () => {
  await using folder = await tempFolder();
  assert.deepEqual(await npmCommands("demo", folder.path), []);
});

test("what loads and what does not is told by Node, also where it would wait for ever", async () => {
  await using folder = await tempFolder({
    "node_modules/good/package.json": JSON.stringify({ name: "good", version: "1.0.0" }),
    "node_modules/good/index.js": "setInterval(() => {}, 1000);\n",
    "node_modules/bad/package.json": JSON.stringify({ name: "bad", version: "1.0.0" }),
    "node_modules/bad/index.js": "require('bad-linux-x64-gnu');\n",
  });
  const { PATH } = process.env;
  const runs = await Promise.all(["good", "bad"].map(async (name) => {
    const [command] = await npmCommands(name, folder.path);
    return await runCommand(command!, { cwd: folder.path, env: { PATH } });
  }));
  assert.deepEqual(runs.map(({ command, status }) => [command, status]), [
    [`import("good")`, 0],
    [`import("bad")`, 1],
  ]);
  assert.match(runs[1]!.output, /^Cannot find module 'bad-linux-x64-gnu'/);
});
