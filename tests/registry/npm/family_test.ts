import assert from "node:assert/strict";
import { test } from "node:test";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { makeElf } from "../../../src/rehearsal/synthesise/binary_elf.ts";
import { contentsOf, familyWorld, manifestOf, NAME, refusalOf } from "./family_world.ts";
import { manifestText } from "./world.ts";

const program = (triple: string): Uint8Array => makeBinary(triple, "program");
const addon = (triple: string): Uint8Array => makeBinary(triple, "addon");

/** The artifacts of three programs. */
const PROGRAMS = {
  "linux-x64-gnu": { demo: program("linux-x64-gnu") },
  "darwin-arm64": { demo: program("darwin-arm64") },
  "win32-x64-msvc": { "demo.exe": program("win32-x64-msvc") },
};

/** The artifacts of two addons, as napi-rs names them, under Rust's names for the targets. */
const ADDONS = {
  "linux-x64-gnu": { "demo.linux-x64-gnu.node": addon("linux-x64-gnu") },
  "darwin-arm64": { "demo.darwin-arm64.node": addon("darwin-arm64") },
};

const LOADER = `module.exports = process.platform === "darwin"
  ? require("@acme/demo-darwin-arm64")
  : require("@acme/demo-linux-x64-gnu");
`;

test("a family has a package for each target, all of them before the main package", async () => {
  await using world = await familyWorld(PROGRAMS);
  const { files, units } = await world.prepare(world.release);
  assert.deepEqual(files.map(({ name, wave }) => [name, wave]), [
    ["@acme/demo-linux-x64-gnu@1.0.0", 0],
    ["@acme/demo-darwin-arm64@1.0.0", 0],
    ["@acme/demo-win32-x64-msvc@1.0.0", 0],
    ["@acme/demo@1.0.0", 1],
  ]);
  assert.deepEqual(
    units.map(({ manifest }) => manifest["gitHead"]),
    Array(4).fill(
      world.release.commit,
    ),
  );
});

test("a platform package is restricted to its platform and shares the main package's identity", async () => {
  const identity = {
    description: "Counts",
    license: "MIT",
    author: "Ada",
    homepage: "https://example.com",
    repository: { type: "git", url: "git+https://github.com/acme/demo.git", directory: "js" },
    bugs: { url: "https://github.com/acme/demo/issues" },
    engines: { node: ">=18" },
  };
  const main = { ...identity, type: "module", scripts: { postinstall: "exit 1" }, private: false };
  await using world = await familyWorld(PROGRAMS, { main, files: { LICENSE: "MIT\n" } });
  const prepared = await world.prepare(world.release);
  assert.deepEqual(await manifestOf(prepared, "@acme/demo-linux-x64-gnu"), {
    name: "@acme/demo-linux-x64-gnu",
    version: "1.0.0",
    ...identity,
    os: ["linux"],
    cpu: ["x64"],
    libc: ["glibc"],
    main: "demo",
    files: ["demo"],
    preferUnplugged: true,
  });
  const { manifest } = prepared.units[0]!;
  assert.deepEqual(manifest["os"], ["linux"]);
  assert.deepEqual(manifest["repository"], identity.repository);
});

test("a platform package holds its program, executable again, a licence and a README", async () => {
  await using world = await familyWorld(PROGRAMS, { files: { LICENSE: "MIT\n", NOTICE: "n\n" } });
  const prepared = await world.prepare(world.release);
  const contents = await contentsOf(prepared, "@acme/demo-darwin-arm64");
  assert.deepEqual(Object.keys(contents).sort(), [
    "LICENSE 644",
    // npm packs NOTICE with a package that has no `files`, and so does the platform package.
    "NOTICE 644",
    "README.md 644",
    "demo 755",
    "package.json 644",
  ]);
  assert.equal(contents["LICENSE 644"], "MIT\n");
  assert.match(contents["README.md 644"]!, /`@acme\/demo` for darwin-arm64/);
  assert.equal((await manifestOf(prepared, "@acme/demo-darwin-arm64"))["libc"], undefined);
});

test("an addon keeps the name that its loader knows, and is not executable", async () => {
  await using world = await familyWorld(ADDONS, {
    build: "napi",
    main: { main: "index.js" },
    files: { "index.js": LOADER },
  });
  const prepared = await world.prepare(world.release);
  assert.deepEqual(prepared.warnings, []);
  const { main, files, preferUnplugged } = await manifestOf(prepared, "@acme/demo-linux-x64-gnu");
  assert.deepEqual([main, files, preferUnplugged], [
    "demo.linux-x64-gnu.node",
    ["demo.linux-x64-gnu.node"],
    undefined,
  ]);
  const contents = await contentsOf(prepared, "@acme/demo-linux-x64-gnu");
  assert.ok("demo.linux-x64-gnu.node 644" in contents);
});

test("a universal addon is restricted to macOS alone", async () => {
  const universal = { "demo.darwin-universal.node": addon("darwin-universal") };
  await using world = await familyWorld({ "darwin-universal": universal }, { build: "napi" });
  const { os, cpu } = await manifestOf(
    await world.prepare(world.release),
    "@acme/demo-darwin-universal",
  );
  assert.deepEqual([os, cpu], [["darwin"], undefined]);
});

test("a Windows program gets the ending that Windows starts", async () => {
  await using world = await familyWorld({ "win32-x64": { demo: program("win32-x64") } });
  const contents = await contentsOf(await world.prepare(world.release), "@acme/demo-win32-x64");
  assert.ok("demo.exe 755" in contents);
});

test("the main package pins every platform package at exactly its own version", async () => {
  const optionalDependencies = {
    fsevents: "^2.3.0",
    "@acme/demo-linux-x64-gnu": "0.9.0",
    "@acme/demo-extras": "^1.0.0",
  };
  await using world = await familyWorld(PROGRAMS, {
    version: "1.1.0",
    main: { optionalDependencies },
  });
  const main = await manifestOf(await world.prepare(world.release), NAME);
  assert.deepEqual(main["optionalDependencies"], {
    fsevents: "^2.3.0",
    "@acme/demo-extras": "^1.0.0",
    "@acme/demo-linux-x64-gnu": "1.1.0",
    "@acme/demo-darwin-arm64": "1.1.0",
    "@acme/demo-win32-x64-msvc": "1.1.0",
  });
});

test("a package of another release is kept, even when its name looks like one of the family", async () => {
  const optionalDependencies = { "@acme/demo-linux-arm64": "^3.0.0" };
  await using world = await familyWorld(PROGRAMS, { main: { optionalDependencies } });
  const sibling = {
    package: { ...world.release.package, registryName: "@acme/demo-linux-arm64", targets: [] },
    version: "3.1.0",
  };
  const [prepared] = await world.npm.prepare([world.release], world.defer, {
    standing: [sibling],
  });
  const main = await manifestOf(prepared!, NAME) as { optionalDependencies: object };
  assert.equal("@acme/demo-linux-arm64" in main.optionalDependencies, true);
});

test("the rest of the main package.json keeps its bytes", async () => {
  const text = '{\r\n\t"name": "@acme/demo",\r\n\t"version": "0.0.0",\r\n\t"x": [1,2]\r\n}\r\n';
  await using world = await familyWorld({ "linux-x64": { demo: program("linux-x64") } }, {
    files: { "package.json": text },
  });
  const contents = await contentsOf(await world.prepare(world.release), NAME);
  assert.equal(
    contents["package.json 644"],
    text.replace("0.0.0", "1.0.0").replace(
      "[1,2]",
      '[1,2],\r\n\t"bin": {\r\n\t\t"demo": "bin/demo.cjs"\r\n\t},\r\n\t"optionalDependencies": {\r\n\t\t"@acme/demo-linux-x64": "1.0.0"\r\n\t}',
    ),
  );
});

test("a family of programs without a command gets a launcher that knows every package", async () => {
  await using world = await familyWorld(PROGRAMS, { main: { files: ["bin"] } });
  const prepared = await world.prepare(world.release);
  const contents = await contentsOf(prepared, NAME);
  assert.deepEqual(Object.keys(contents), ["bin/demo.cjs 755", "package.json 644"]);
  assert.deepEqual(prepared.units.at(-1)!.manifest["bin"], { demo: "bin/demo.cjs" });
  for (const triple of Object.keys(PROGRAMS)) {
    assert.ok(contents["bin/demo.cjs 755"]!.includes(`"name":"@acme/demo-${triple}"`));
  }
  assert.ok(contents["bin/demo.cjs 755"]!.includes('"file":"demo.exe"'));
});

test("a family of programs with a command of its own keeps it", async () => {
  const lines = PROGRAM_NAMES.map((name) => `require.resolve("${name}/demo");`);
  const script = ["#!/usr/bin/env node", ...lines].join("\n");
  await using world = await familyWorld(PROGRAMS, {
    main: { bin: { demo: "cli.js" } },
    files: { "cli.js": script },
  });
  const prepared = await world.prepare(world.release);
  assert.deepEqual(Object.keys(await contentsOf(prepared, NAME)), [
    "cli.js 755",
    "package.json 644",
  ]);
  assert.deepEqual(prepared.warnings, []);
});

const PROGRAM_NAMES = Object.keys(PROGRAMS).map((triple) => `${NAME}-${triple}`);

test("the main package is taken from its artifact when there is one", async () => {
  const main = { "package.json": manifestText({ name: NAME }), "built.js": "1\n" };
  await using world = await familyWorld({ ...PROGRAMS, main });
  assert.ok("built.js 644" in await contentsOf(await world.prepare(world.release), NAME));
});

test("preparing a family again makes the same bytes", async () => {
  await using world = await familyWorld(PROGRAMS, { files: { LICENSE: "MIT\n" } });
  const [first, second] = [
    await world.prepare(world.release),
    await world.prepare(world.release),
  ];
  assert.deepEqual(first.files, second.files);
});

test("two programs that were swapped are told of, each with the target that it fits", async () => {
  await using world = await familyWorld({
    "linux-x64-gnu": { demo: program("linux-arm64-gnu") },
    "linux-arm64-gnu": { demo: program("linux-x64-gnu") },
  });
  const { problems, hints } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    'PIOT_BINARY_MISMATCH Cannot publish "@acme/demo-linux-x64-gnu": "demo" in the artifact "demo-linux-x64-gnu" is an ELF program for linux arm64 (glibc), and linux-x64-gnu needs an ELF file for linux x64 (glibc)',
    'PIOT_BINARY_MISMATCH Cannot publish "@acme/demo-linux-arm64-gnu": "demo" in the artifact "demo-linux-arm64-gnu" is an ELF program for linux x64 (glibc), and linux-arm64-gnu needs an ELF file for linux arm64 (glibc)',
  ]);
  assert.match(hints[0]!, /^It would fit "linux-arm64-gnu"/);
  assert.match(hints[1]!, /^It would fit "linux-x64-gnu"/);
});

interface BadInput {
  readonly name: string;
  readonly artifacts: Parameters<typeof familyWorld>[0];
  readonly options?: Parameters<typeof familyWorld>[1];
  /** Each problem, as its code and a part of its message. */
  readonly problems: readonly (readonly [string, string])[];
}

const LINUX = PROGRAMS["linux-x64-gnu"];
const ready = (fields: Record<string, unknown>): string =>
  manifestText({
    name: "@acme/demo-linux-x64-gnu",
    version: "1.0.0",
    os: ["linux"],
    cpu: ["x64"],
    libc: ["glibc"],
    main: "demo",
    ...fields,
  });

const BAD: readonly BadInput[] = [
  {
    name: "a Linux program in a macOS package",
    artifacts: { "darwin-arm64": LINUX },
    problems: [["PIOT_BINARY_MISMATCH", "needs a Mach-O file for darwin arm64"]],
  },
  {
    name: "an empty program",
    artifacts: { "linux-x64-gnu": { demo: "" } },
    problems: [["PIOT_ARTIFACT_INVALID", '"demo" in the artifact "demo-linux-x64-gnu" is empty']],
  },
  {
    name: "an empty addon",
    artifacts: { "linux-x64-gnu": { "demo.node": "" } },
    options: { build: "napi" },
    problems: [[
      "PIOT_ARTIFACT_INVALID",
      '"demo.node" in the artifact "demo-linux-x64-gnu" is empty',
    ]],
  },
  {
    name: "a script in place of a program",
    artifacts: { "linux-x64-gnu": { demo: "#!/bin/sh\nexit 1\n", "README.md": "x" } },
    problems: [["PIOT_ARTIFACT_INVALID", "is a script (#!/bin/sh), and"]],
  },
  {
    name: "the wrong libc",
    artifacts: { "linux-x64-musl": { "demo.node": addon("linux-x64-gnu") } },
    options: { build: "napi" },
    problems: [["PIOT_BINARY_MISMATCH", "is an ELF library for linux x64 (glibc), and"]],
  },
  {
    name: "an addon with musl inside",
    artifacts: {
      "linux-x64-musl": {
        "demo.node": makeElf({ triple: "linux-x64-musl", use: "addon", isStatic: true }),
      },
    },
    options: { build: "napi" },
    problems: [["PIOT_BINARY_MISMATCH", "names no C library that it needs"]],
  },
  {
    name: "a program in place of an addon",
    artifacts: { "linux-x64-gnu": { "demo.node": program("linux-x64-gnu") } },
    options: { build: "napi" },
    problems: [["PIOT_BINARY_MISMATCH", "Node cannot load it as an addon"]],
  },
  {
    name: "a missing target",
    artifacts: { "linux-x64-gnu": LINUX, "darwin-arm64": undefined },
    problems: [["PIOT_ARTIFACT_MISSING", 'there is no artifact "demo-darwin-arm64"']],
  },
  {
    name: "an artifact without an addon",
    artifacts: { "linux-x64-gnu": { "libdemo.so": addon("linux-x64-gnu") } },
    options: { build: "napi" },
    problems: [["PIOT_ARTIFACT_INVALID", 'holds no addon (.node), but "libdemo.so"']],
  },
  {
    name: "two programs with other names",
    artifacts: { "linux-x64-gnu": { a: LINUX.demo, b: LINUX.demo } },
    problems: [["PIOT_ARTIFACT_INVALID", 'holds 2 files that could be the program: "a", "b"']],
  },
  {
    name: "a platform package with another name",
    artifacts: {
      "linux-x64-gnu": { ...LINUX, "package.json": ready({ name: "@acme/demo-linux-x64" }) },
    },
    problems: [["PIOT_NPM_MANIFEST", 'its package.json is named "@acme/demo-linux-x64"']],
  },
  {
    name: "a platform package of another version",
    artifacts: { "linux-x64-gnu": { ...LINUX, "package.json": ready({ version: "9.9.9" }) } },
    problems: [["PIOT_ARTIFACT_INVALID", 'its package.json says "9.9.9"']],
  },
  {
    name: "a platform package for another platform",
    artifacts: {
      "linux-x64-gnu": { ...LINUX, "package.json": ready({ os: ["darwin"], cpu: undefined }) },
    },
    problems: [
      ["PIOT_NPM_MANIFEST", 'in its package.json os is ["darwin"], and linux-x64-gnu is ["linux"]'],
    ],
  },
  {
    name: "a platform package with a file of another platform beside its own",
    artifacts: {
      "linux-x64-gnu": {
        ...LINUX,
        "package.json": ready({}),
        "libother.so": addon("linux-arm64-gnu"),
      },
    },
    problems: [["PIOT_BINARY_MISMATCH", '"libother.so" in the artifact']],
  },
  {
    name: "a platform package that hides its program from the launcher",
    artifacts: { "linux-x64-gnu": { ...LINUX, "package.json": ready({ exports: "./demo" }) } },
    problems: [["PIOT_NPM_MANIFEST", '`exports` of "@acme/demo-linux-x64-gnu" hides "demo"']],
  },
  {
    name: "a WebAssembly module without its scripts",
    artifacts: { "wasm32-wasi": { "demo.wasm": addon("wasm32-wasi") } },
    options: { build: "napi" },
    problems: [["PIOT_ARTIFACT_INVALID", 'holds no addon (.node), but "demo.wasm"']],
  },
  {
    name: "a platform package among the plain dependencies",
    artifacts: { "linux-x64-gnu": LINUX },
    options: { main: { dependencies: { "@acme/demo-linux-x64-gnu": "1.0.0" } } },
    problems: [["PIOT_NPM_MANIFEST", '"@acme/demo-linux-x64-gnu" is in its dependencies']],
  },
  {
    name: "a file where the launcher goes",
    artifacts: { "linux-x64-gnu": LINUX },
    options: { files: { "bin/demo.cjs": "1\n" } },
    problems: [["PIOT_NPM_MANIFEST", 'the launcher would replace its file "bin/demo.cjs"']],
  },
  {
    name: "a main package that is private",
    artifacts: { "linux-x64-gnu": LINUX },
    options: { main: { private: true } },
    problems: [["PIOT_NPM_PRIVATE", '"@acme/demo"']],
  },
  {
    name: "everything at once",
    artifacts: {
      "linux-x64-gnu": { demo: "" },
      "linux-arm64-gnu": undefined,
      "darwin-arm64": LINUX,
      "win32-x64": { "package.json": "{" },
    },
    options: { main: { private: true } },
    problems: [
      ["PIOT_ARTIFACT_MISSING", 'there is no artifact "demo-linux-arm64-gnu"'],
      ["PIOT_NPM_MANIFEST", "Cannot read demo-win32-x64/package.json"],
      ["PIOT_ARTIFACT_INVALID", "is empty"],
      ["PIOT_BINARY_MISMATCH", "needs a Mach-O file"],
      ["PIOT_NPM_PRIVATE", '"@acme/demo"'],
    ],
  },
];

for (const { name, artifacts, options, problems: expected } of BAD) {
  test(`a family is refused for ${name}`, async () => {
    await using world = await familyWorld(artifacts, options);
    const { problems, hints } = await refusalOf(world.prepare(world.release));
    assert.deepEqual(problems.map((text) => text.split(" ")[0]), expected.map(([code]) => code));
    expected.forEach(([, part], index) =>
      assert.ok(problems[index]!.includes(part), problems[index])
    );
    assert.ok(hints.every((hint) => hint !== ""));
    assert.deepEqual(world.server.log, []);
  });
}

interface WarnedFamily {
  readonly name: string;
  readonly artifacts: Parameters<typeof familyWorld>[0];
  readonly options?: Parameters<typeof familyWorld>[1];
  readonly warnings: readonly RegExp[];
}

const WARNED: readonly WarnedFamily[] = [
  {
    name: "a glibc that few systems have",
    artifacts: {
      "linux-x64-gnu": {
        demo: makeElf({ triple: "linux-x64-gnu", use: "program", glibc: "2.39" }),
      },
    },
    warnings: [/^"@acme\/demo-linux-x64-gnu": "demo" needs glibc 2\.39 or newer/],
  },
  {
    name: "a loader that mentions no platform package at all",
    artifacts: { "x86_64-unknown-linux-gnu": { "demo.node": addon("linux-x64-gnu") } },
    options: { build: "napi", main: { main: "index.js" }, files: { "index.js": "1\n" } },
    warnings: [/^no script of "@acme\/demo" mentions "@acme\/demo-x86_64-unknown-linux-gnu"/],
  },
  {
    name: "addons in the main package",
    artifacts: { "linux-x64-gnu": { "demo.node": addon("linux-x64-gnu") } },
    options: { build: "napi", files: { "demo.linux-x64-gnu.node": "x", "index.js": LOADER } },
    warnings: [/"demo\.linux-x64-gnu\.node" is published in the main package/],
  },
];

for (const { name, artifacts, options, warnings: expected } of WARNED) {
  test(`a family is warned of ${name}`, async () => {
    await using world = await familyWorld(artifacts, options);
    const { warnings } = await world.prepare(world.release);
    assert.equal(warnings.length, expected.length, warnings.join("\n"));
    expected.forEach((pattern, index) => assert.match(warnings[index]!, pattern));
  });
}

test("of several addons the one that is named for the target is taken", async () => {
  const all = { ...ADDONS["linux-x64-gnu"], ...ADDONS["darwin-arm64"] };
  await using world = await familyWorld({
    "x86_64-unknown-linux-gnu": all,
    "darwin-arm64": all,
  }, { build: "napi" });
  const prepared = await world.prepare(world.release);
  const linux = await manifestOf(prepared, "@acme/demo-x86_64-unknown-linux-gnu");
  const darwin = await manifestOf(prepared, "@acme/demo-darwin-arm64");
  assert.deepEqual([linux["main"], darwin["main"]], [
    "demo.linux-x64-gnu.node",
    "demo.darwin-arm64.node",
  ]);
});

test("of several programs the one that is named for the package is taken, at any depth", async () => {
  const { demo } = LINUX;
  await using world = await familyWorld({
    "linux-x64-gnu": { "release/demo": demo, "release/build/helper": demo },
  });
  const contents = await contentsOf(await world.prepare(world.release), "@acme/demo-linux-x64-gnu");
  assert.ok("release/demo 755" in contents);
  assert.ok("release/build/helper 755" in contents);
});

test("what lies beside a program is published with it, where it lay, and the launcher finds the program", async () => {
  await using world = await familyWorld({
    "linux-x64-gnu": {
      "bin/demo": LINUX.demo,
      "lib/libx.so": addon("linux-x64-gnu"),
      "demo.d": "x",
      "README.md": "# Own",
    },
  });
  const prepared = await world.prepare(world.release);
  const contents = await contentsOf(prepared, "@acme/demo-linux-x64-gnu");
  assert.deepEqual(Object.keys(contents), [
    "README.md 644",
    "bin/demo 755",
    "demo.d 644",
    "lib/libx.so 644",
    "package.json 644",
  ]);
  assert.equal(contents["README.md 644"], "# Own");
  const launcher = (await contentsOf(prepared, NAME))["bin/demo.cjs 755"]!;
  assert.ok(launcher.includes('"file":"bin/demo"'));
});

test("a package.json of the main package without anything in it is told of by its place", async () => {
  const own = { "linux-x64-gnu": { demo: makeBinary("linux-x64-gnu", "program") } };
  await using empty = await familyWorld({ ...own, main: { "package.json": "{}" } });
  assert.deepEqual((await refusalOf(empty.prepare(empty.release))).problems, [
    'PIOT_NPM_MANIFEST Cannot publish "@acme/demo": its package.json has no name',
  ]);
  await using broken = await familyWorld({ ...own, main: { "package.json": "{ // no" } });
  const [problem = ""] = (await refusalOf(broken.prepare(broken.release))).problems;
  assert.match(problem, /^PIOT_NPM_MANIFEST Cannot read demo-main\/package\.json: /);
});

test("a family that has only musl for a processor is warned of, once for each", async () => {
  await using world = await familyWorld({
    "linux-x64-musl": { demo: makeBinary("linux-x64-musl", "program") },
    "aarch64-unknown-linux-musl": { demo: makeBinary("linux-arm64-musl", "program") },
    "linux-s390x-musl": { demo: makeBinary("linux-s390x-musl", "program") },
    "linux-s390x-gnu": { demo: makeBinary("linux-s390x-gnu", "program") },
  });
  assert.deepEqual((await world.prepare(world.release)).warnings, [
    '"@acme/demo" has "linux-x64-musl", and nothing for linux x64 with glibc, which most distributions have: add "linux-x64-gnu", or name the target "linux-x64" when one static program runs on both',
    '"@acme/demo" has "aarch64-unknown-linux-musl", and nothing for linux arm64 with glibc, which most distributions have: add "aarch64-unknown-linux-gnu", or name the target "linux-arm64" when one static program runs on both',
  ]);
});
