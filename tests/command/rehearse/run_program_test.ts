import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  lastWords,
  programTrouble,
  runCommand,
} from "../../../src/command/rehearse/run_program.ts";
import { tempFolder } from "../../support/temp.ts";

const onUnix = { skip: process.platform === "win32" ? "no sh here" : false };

/** Runs something with a program `tool` on PATH, whose text this is. */
async function withTool<T>(
  script: string,
  use: (place: { readonly cwd: string; readonly env: { readonly PATH: string } }) => Promise<T>,
): Promise<T> {
  await using folder = await tempFolder({ "bin/tool": script });
  await chmod(join(folder.path, "bin/tool"), 0o755);
  const PATH = `${join(folder.path, "bin")}:/usr/bin:/bin`;
  return await use({ cwd: folder.path, env: { PATH } });
}

const TROUBLES: readonly (readonly [string, string, string | undefined])[] = [
  ["that tells its version can be used", '#!/bin/sh\n[ "$1" = --version ]\n', undefined],
  [
    "that does not tell its version counts as absent, with its last words",
    "#!/bin/sh\necho 'no default toolchain' >&2\nexit 1\n",
    "tool is on PATH and cannot run: no default toolchain",
  ],
  [
    "that fails without a word counts as absent, with its status",
    "#!/bin/sh\nexit 3\n",
    "tool is on PATH and cannot run: it ended with 3",
  ],
];
for (const [name, script, trouble] of TROUBLES) {
  test(`a program ${name}`, onUnix, async () => {
    assert.equal(await withTool(script, (place) => programTrouble("tool", place)), trouble);
  });
}

test(
  "a program that is nowhere is said to be, and one that is none has the machine's words",
  onUnix,
  async () => {
    const [none, broken] = await withTool("#!/no/such/interpreter\n", async (place) => [
      await programTrouble("no-such-tool", place),
      await programTrouble("tool", place),
    ]);
    assert.equal(none, "there is no no-such-tool on PATH");
    assert.match(broken ?? "", /^tool is on PATH and cannot run: ./);
  },
);

const COMMANDS: readonly (readonly [string, string, readonly [string, number, string]])[] = [
  ["tells its version", 'echo "tool 1.0"; [ "$2" = --version ]', [
    "piot-tool --version",
    0,
    "tool 1.0",
  ]],
  [
    "knows no --version and has a --help",
    'echo "$2"; [ "$2" = --help ]',
    ["piot-tool --help", 0, "--help"],
  ],
  [
    "knows neither is told by the first",
    'echo "$2" >&2; [ "$2" = --help ] && exit 2; exit 1',
    ["piot-tool --version", 1, "--version"],
  ],
];
for (const [name, script, [command, status, output]] of COMMANDS) {
  test(`a command that ${name}`, onUnix, async () => {
    const ran = await withTool(`#!/bin/sh\n${script}\n`, (place) => {
      const installed = {
        name: "piot-tool",
        program: "tool",
        args: ["run"],
        tries: ["--version", "--help"],
      };
      return runCommand(installed, place);
    });
    assert.deepEqual(ran, { command, status, output });
  });
}

test("last words are the last five lines", () => {
  assert.equal(lastWords("1\n2\n3\n4\n5\n6\n\n"), "2\n3\n4\n5\n6");
});

test("the last words of Node start where it names the error that nobody caught", () => {
  const trace = ["    at a.js:1", "    at b.js:2", "{", "  code: 'MODULE_NOT_FOUND',", "}"];
  const said = ["node:internal/loader:1", "  throw err;", "  ^", "", "Error: no '@a/b'"];
  const text = [...said, "Require stack:", "- /a.js", ...trace, "", "Node.js v20.20.2"].join("\n");
  assert.equal(
    lastWords(text),
    "Error: no '@a/b'\nRequire stack:\n- /a.js\n    at a.js:1\n    at b.js:2",
  );
  const coded = "x\nTypeError [ERR_X]: no\n    at a\n\nNode.js v22.1.0\n";
  assert.equal(lastWords(coded), "TypeError [ERR_X]: no\n    at a\n\nNode.js v22.1.0");
  assert.equal(lastWords("1\n2\n3\n4\n5\nNode.js v20.0.0"), "2\n3\n4\n5\nNode.js v20.0.0");
});
