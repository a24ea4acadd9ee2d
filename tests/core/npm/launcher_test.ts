import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type LauncherPackage, launcherText } from "../../../src/core/npm/launcher.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withNode = await needs("node");
const onPosix = process.platform === "win32" ? { skip: "Windows has no such signals" } : withNode;

/** The package that fits the machine that the tests run on. */
const HERE: LauncherPackage = {
  name: "@acme/demo-here",
  file: "demo",
  os: process.platform,
  cpu: process.arch,
  libc: undefined,
};
const THERE: LauncherPackage = { ...HERE, name: "@acme/demo-there", os: "haiku", cpu: "x64" };

interface Installed extends AsyncDisposable {
  /** Starts the launcher, behind a script that may change what it sees of the machine. */
  readonly start: (args?: readonly string[], preload?: string) => Promise<ChildProcess>;
}

/** A node_modules folder with the main package, and with programs, by the name of their package. */
async function install(
  packages: readonly LauncherPackage[],
  programs: Readonly<Record<string, string>>,
  manifest: { readonly type?: string } = {},
): Promise<Installed> {
  const main = "node_modules/@acme/demo";
  const folder = await tempFolder({
    [`${main}/package.json`]: JSON.stringify({ name: "@acme/demo", ...manifest }),
    [`${main}/bin/demo.cjs`]: launcherText({ name: "@acme/demo", packages }),
  });
  for (const [name, body] of Object.entries(programs)) {
    // A program that is started by its first line, as a compiled one is by its header.
    await writeTree(join(folder.path, "node_modules", name), {
      demo: body.startsWith("#!") ? body : `#!/usr/bin/env node\n${body}\n`,
    });
    await chmod(join(folder.path, "node_modules", name, "demo"), 0o755);
  }
  return {
    start: async (args = [], preload = "") => {
      await writeTree(folder.path, { "preload.cjs": preload });
      return spawn("node", ["--require", "./preload.cjs", `${main}/bin/demo.cjs`, ...args], {
        cwd: folder.path,
        env: { PATH: process.env.PATH ?? "" },
        stdio: "pipe",
      });
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end; `onOutput` is called with everything that was printed so far. */
async function ended(
  child: ChildProcess,
  onOutput: (text: string) => void = () => {},
): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk) => onOutput(texts.stdout += chunk));
  child.stderr!.on("data", (chunk) => void (texts.stderr += chunk));
  const [code, signal] = await once(child, "close") as [number | null, string | null];
  return { code, signal, ...texts };
}

test(
  "the launcher hands on arguments as they are, and what the program prints",
  withNode,
  async () => {
    const body = "console.log(JSON.stringify(process.argv.slice(2))); console.error('aside');";
    await using main = await install([THERE, HERE], { [HERE.name]: body });
    const args = ["a b", "", "--flag=x y", "'\"$HOME`", "ünï", "*"];
    const { code, stdout, stderr } = await ended(await main.start(args));
    assert.deepEqual(JSON.parse(stdout), args);
    assert.deepEqual([code, stderr], [0, "aside\n"]);
  },
);

test("the launcher leaves standard input to the program, bytes and all", withNode, async () => {
  const body = "process.stdin.on('data', (chunk) => process.stdout.write(chunk.toString('hex')));";
  await using main = await install([HERE], { [HERE.name]: body });
  const child = await main.start();
  child.stdin!.end(new Uint8Array([0, 255, 10, 13, 128]));
  assert.equal((await ended(child)).stdout, "00ff0a0d80");
});

for (const status of [0, 1, 3, 255]) {
  test(`the launcher ends with ${status} when the program does`, withNode, async () => {
    await using main = await install([HERE], { [HERE.name]: `process.exit(${status})` });
    assert.equal((await ended(await main.start())).code, status);
  });
}

test("the launcher works in a package of ES modules", withNode, async () => {
  await using main = await install([HERE], { [HERE.name]: "console.log('ran')" }, {
    type: "module",
  });
  assert.equal((await ended(await main.start())).stdout, "ran\n");
});

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

for (const signal of FORWARDED) {
  test(
    `the launcher hands ${signal} on, and waits for the program's own end`,
    onPosix,
    async () => {
      const body = `process.on("${signal}", () => { console.log("heard"); process.exit(7); });
setInterval(() => {}, 1000);
console.log("ready");`;
      await using main = await install([HERE], { [HERE.name]: body });
      const child = await main.start();
      const { code, stdout } = await ended(child, (text) => {
        if (text === "ready\n") process.kill(child.pid!, signal);
      });
      assert.deepEqual([code, stdout], [7, "ready\nheard\n"]);
    },
  );
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const) {
  test(`the launcher dies of ${signal} when the program does`, onPosix, async () => {
    const body = 'setInterval(() => {}, 1000); console.log("ready");';
    await using main = await install([HERE], { [HERE.name]: body });
    const child = await main.start();
    const { code, signal: diedOf } = await ended(child, () => process.kill(child.pid!, signal));
    assert.deepEqual([code, diedOf], [null, signal]);
  });
}

test("the launcher dies of the signal that the program died of by itself", onPosix, async () => {
  const body = "process.kill(process.pid, 'SIGKILL')";
  await using main = await install([HERE], { [HERE.name]: body });
  assert.equal((await ended(await main.start())).signal, "SIGKILL");
});

/** Node cannot die of these: it ignores one and opens its debugger at the other. */
for (const signal of ["SIGPIPE", "SIGUSR1"] as const) {
  test(
    `the launcher ends as a shell does when the program died of ${signal}`,
    onPosix,
    async () => {
      const body = `#!/bin/sh\nkill -s ${signal.slice(3)} $$\n`;
      await using main = await install([HERE], { [HERE.name]: body });
      const { code, signal: diedOf, stderr } = await ended(await main.start());
      assert.deepEqual([code, diedOf, stderr], [128 + constants.signals[signal], null, ""]);
    },
  );
}

test("the launcher leaves a pipe that nobody reads any more to the program", onPosix, async () => {
  // A socket that is closed with something unread in it is reset: then there is an error, and no SIGPIPE (unix(7)).
  const body = "#!/bin/sh\nwhile :; do echo line || exit 3; done\n";
  await using main = await install([HERE], { [HERE.name]: body });
  const child = await main.start();
  child.stdout!.once("data", () => child.stdout!.destroy());
  const [code, signal] = await once(child, "exit") as [number | null, string | null];
  const ends = [3, 128 + constants.signals.SIGPIPE];
  assert.ok(ends.includes(code!) && signal === null, `${code} ${signal}`);
});

test(
  "the launcher names the package that is not installed, and what leaves it out",
  withNode,
  async () => {
    await using main = await install([THERE, HERE], {});
    const { code, stdout, stderr } = await ended(await main.start(["--version"]));
    assert.deepEqual([code, stdout], [1, ""]);
    const platform = `${process.platform} ${process.arch}`;
    const start =
      `@acme/demo: cannot find the program for this platform (${platform}): "@acme/demo-here" is not installed.`;
    assert.ok(stderr.startsWith(start), stderr);
    assert.match(stderr, /--no-optional, --omit=optional/);
  },
);

test("the launcher lists the platforms that there are programs for", withNode, async () => {
  const musl: LauncherPackage = { ...THERE, os: "linux", cpu: "arm64", libc: "musl" };
  await using main = await install([THERE, musl], {});
  const { code, stderr } = await ended(await main.start());
  assert.equal(code, 1);
  assert.match(stderr, /^@acme\/demo: there is no program for this platform \(/);
  assert.match(stderr, /There is one for: haiku x64, linux arm64 musl\.\n$/);
});

test("the launcher takes a universal program on any processor", withNode, async () => {
  const universal = { ...HERE, cpu: undefined };
  await using main = await install([universal], { [HERE.name]: "console.log('ran')" });
  assert.equal((await ended(await main.start())).stdout, "ran\n");
});

/** Scripts that make Node look as it does on other Linux systems. */
const GLIBC = `Object.defineProperty(process, "platform", { value: "linux" });
process.report.getReport = () => ({ header: { glibcVersionRuntime: "2.36" }, sharedObjects: [] });`;
const MUSL = `Object.defineProperty(process, "platform", { value: "linux" });
process.report.getReport = () => ({ header: {}, sharedObjects: ["/lib/ld-musl-x86_64.so.1"] });`;

const BOTH: readonly LauncherPackage[] = [
  { ...HERE, name: "@acme/demo-gnu", os: "linux", libc: "glibc" },
  { ...HERE, name: "@acme/demo-musl", os: "linux", libc: "musl" },
];
const BOTH_PROGRAMS = {
  "@acme/demo-gnu": "console.log('gnu')",
  "@acme/demo-musl": "console.log('musl')",
};

for (const [name, preload] of [["gnu", GLIBC], ["musl", MUSL]] as const) {
  test(
    `the launcher takes the ${name} program where that libc is, though both are installed`,
    onPosix,
    async () => {
      await using main = await install(BOTH, BOTH_PROGRAMS);
      assert.equal((await ended(await main.start([], preload))).stdout, `${name}\n`);
    },
  );
}

test("the launcher does not start a program that was built for another libc", onPosix, async () => {
  await using main = await install(BOTH.slice(0, 1), BOTH_PROGRAMS);
  const { code, stdout, stderr } = await ended(await main.start([], MUSL));
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /there is no program for this platform \(linux \S+ musl\)/);
});

test("the launcher says why a program that is there cannot be run", onPosix, async () => {
  await using main = await install([HERE], {});
  const place = "node_modules/@acme/demo-here";
  const strip = `const fs = require("node:fs");
fs.mkdirSync("${place}", { recursive: true });
fs.writeFileSync("${place}/demo", "", { mode: 0o644 });`;
  const { code, stderr } = await ended(await main.start([], strip));
  assert.equal(code, 1);
  assert.match(stderr, /^@acme\/demo: cannot run .*EACCES/);
  assert.match(stderr, /\nIts executable bit is missing, or its disk is mounted with noexec\.\n$/);
});

test("the launcher says it when the system throws a program back at once", onPosix, async () => {
  await using main = await install([HERE], { [HERE.name]: "console.log('ran')" });
  // What Node throws on macOS for a program of another processor, rather than telling by an event.
  const thrower = `require("node:child_process").spawn = () => {
  throw Object.assign(new Error("spawn Unknown system error -86"), { errno: -86 });
};`;
  const { code, stderr } = await ended(await main.start([], thrower));
  assert.equal(code, 1);
  assert.match(stderr, /^@acme\/demo: cannot run \S+demo: spawn Unknown system error -86\n/);
  assert.doesNotMatch(stderr, /at main/);
});

test(
  "the launcher tells a package without its program from one that is not there",
  withNode,
  async () => {
    await using main = await install([HERE], {});
    const place = "node_modules/@acme/demo-here";
    const strip = `const fs = require("node:fs");
fs.mkdirSync("${place}", { recursive: true });
fs.writeFileSync("${place}/package.json", "{}");`;
    const { code, stderr } = await ended(await main.start([], strip));
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^@acme\/demo: "@acme\/demo-here" is installed, and its program "demo" is gone\./,
    );
    assert.match(stderr, /virus scanner/);
  },
);

test("launcherText gives the same text for the same input, whatever names hold", () => {
  const input = { name: "@acme/$&-demo", packages: [{ ...HERE, name: "@acme/$1", file: "a$`b" }] };
  assert.equal(launcherText(input), launcherText(structuredClone(input)));
  assert.ok(launcherText(input).includes('const NAME = "@acme/$&-demo";'));
  assert.ok(launcherText(input).includes('"file":"a$`b"'));
});
