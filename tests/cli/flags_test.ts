import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import fc from "fast-check";
import { commandFirst, commonFlags } from "../../src/cli/flags.ts";
import { registerCommands } from "../../src/cli/register_commands.ts";

for (
  const { name, argv, becomes } of [
    {
      name: "a switch",
      argv: ["--json", "plan", "--at", "x"],
      becomes: ["plan", "--json", "--at", "x"],
    },
    {
      name: "a flag with its value",
      argv: ["--cwd", "there", "--quiet", "plan"],
      becomes: ["plan", "--cwd", "there", "--quiet"],
    },
    {
      name: "a value behind =",
      argv: ["--config=a.toml", "check"],
      becomes: ["check", "--config=a.toml"],
    },
    {
      name: "a value that is called as a command is",
      argv: ["--cwd", "plan", "publish"],
      becomes: ["publish", "--cwd", "plan"],
    },
    { name: "no flag", argv: ["plan", "--json"], becomes: ["plan", "--json"] },
    { name: "no command", argv: ["--json", "--help"], becomes: ["--json", "--help"] },
    { name: "a value that is missing", argv: ["--cwd"], becomes: ["--cwd"] },
    {
      name: "a flag of one command alone",
      argv: ["--matrix", "plan"],
      becomes: ["--matrix", "plan"],
    },
    { name: "nothing", argv: [], becomes: [] },
  ]
) {
  test(`flags before the command are read as if they stood behind it: ${name}`, () => {
    assert.deepEqual(commandFirst(argv), becomes);
  });
}

test("no word of a command line is lost when flags move behind the command", () => {
  const words = fc.constantFrom("plan", "x", "--json", "--cwd", "--cwd=x", "--matrix", "-", "");
  fc.assert(fc.property(fc.array(words), (argv) => {
    assert.deepEqual([...commandFirst(argv)].sort(), [...argv].sort());
  }));
});

/** The command line alone: what it was called with, as `plan {"json":true}`. */
async function read(argv: readonly string[]): Promise<string> {
  let read = "";
  const program = new Command("putitoutthere").exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {}, outputError: () => {} });
  registerCommands(program, (options) => {
    read = JSON.stringify(options);
    return Promise.resolve();
  });
  let name = "";
  program.hook("preAction", (_program, called) => {
    name = called.name();
  });
  await program.parseAsync([...argv], { from: "user" });
  return `${name} ${read}`.trim();
}

function helpOf(name: string): string {
  const program = new Command("putitoutthere");
  registerCommands(program, () => Promise.resolve());
  let help = "";
  const command = program.commands.find((found) => found.name() === name)!;
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}

for (const name of ["init", "check", "plan", "publish", "rehearse", "set-version", "schema"]) {
  test(`the examples in the help of ${name} are command lines that it takes`, async () => {
    const [, examples = ""] = helpOf(name).split("\nExamples:\n");
    const lines = examples.trim().split("\n").map((line) => line.trim());
    assert.ok(lines.length > 0);
    for (const line of lines) {
      const [program, ...words] = line.split(" ");
      assert.equal(program, "putitoutthere");
      assert.match(await read(words), new RegExp(`^${name} \\{`), line);
    }
  });
}

test("a value that is given twice has to be the same", async () => {
  assert.equal(await read(["plan", "--at", "a", "--at", "a"]), 'plan {"color":true,"at":"a"}');
  await assert.rejects(read(["plan", "--at", "a", "--at", "b"]), /given before, as 'a'/);
  assert.match(await read(["plan", "--release", "a", "--release", "b"]), /"release":\["a","b"\]/);
});

test("every flag that every command takes stands in the help of each", () => {
  for (const { long } of commonFlags()) assert.match(helpOf("plan"), new RegExp(`${long}\\b`));
});
