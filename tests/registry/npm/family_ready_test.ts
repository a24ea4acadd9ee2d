import assert from "node:assert/strict";
import { test } from "node:test";
import { packTarball } from "../../../src/registry/npm/pack.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { contentsOf, familyWorld, manifestOf, NAME, refusalOf } from "./family_world.ts";
import { manifestText } from "./world.ts";

const LINUX = makeBinary("linux-x64-gnu", "program");
const READY = "@acme/demo-linux-x64-gnu";

const manifest = (fields: Record<string, unknown> = {}): string =>
  manifestText({
    name: READY,
    version: "1.0.0",
    os: ["linux"],
    cpu: ["x64"],
    libc: ["glibc"],
    bin: { "demo-native": "bin/demo" },
    ...fields,
  });

async function tgz(
  files: Readonly<Record<string, string | Uint8Array>>,
  executables: readonly string[] = [],
): Promise<Uint8Array> {
  return await packTarball(
    Object.entries(files).map(([path, content]) => ({
      path,
      bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
      executable: executables.includes(path),
    })),
  );
}

test("a ready platform package keeps its own package.json, at the planned version", async () => {
  const folder = {
    "package.json": manifest({ version: "0.0.0", keywords: ["native"] }),
    "bin/demo": LINUX,
    "bin/data.txt": "x",
  };
  await using world = await familyWorld({ "linux-x64-gnu": folder });
  const prepared = await world.prepare(world.release);
  const { version, keywords } = await manifestOf(prepared, READY);
  assert.deepEqual([version, keywords], ["1.0.0", ["native"]]);
  assert.deepEqual(Object.keys(await contentsOf(prepared, READY)), [
    "bin/data.txt 644",
    "bin/demo 755",
    "package.json 644",
  ]);
  const main = await contentsOf(prepared, NAME);
  assert.ok(main["bin/demo.cjs 755"]!.includes('"file":"bin/demo"'));
});

test("a ready platform package gets what its package.json leaves out", async () => {
  const text = JSON.stringify({ name: READY, main: "bin/demo" });
  await using world = await familyWorld({
    "linux-x64-gnu": { "package.json": text, "bin/demo": LINUX },
  }, { main: { license: "MIT" } });
  const { os, cpu, libc, license, main, version } = await manifestOf(
    await world.prepare(world.release),
    READY,
  );
  assert.deepEqual([os, cpu, libc], [["linux"], ["x64"], ["glibc"]]);
  assert.deepEqual([license, main, version], ["MIT", "bin/demo", "1.0.0"]);
});

test("a program that only `main` names becomes executable too", async () => {
  const folder = { "package.json": manifest({ bin: undefined, main: "./demo" }), demo: LINUX };
  await using world = await familyWorld({ "linux-x64-gnu": folder });
  assert.ok("demo 755" in await contentsOf(await world.prepare(world.release), READY));
});

const launched = async (
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Parameters<typeof familyWorld>[1] = {},
): Promise<string | undefined> => {
  await using world = await familyWorld({ "linux-x64-gnu": files }, options);
  const main = await contentsOf(await world.prepare(world.release), NAME);
  return /"file":"([^"]+)"/.exec(main["bin/demo.cjs 755"] ?? "")?.[1];
};

test("of several programs the one is started that `main` names, whatever the others are called", async () => {
  const text = manifest({ bin: undefined, main: "./helper" });
  const files = { "package.json": text, demo: LINUX, helper: LINUX };
  assert.equal(await launched(files), "helper");
});

test("of several programs that package.json does not name, the one is started that is called like the package", async () => {
  const text = manifest({ bin: undefined });
  assert.equal(await launched({ "package.json": text, demo: LINUX, helper: LINUX }), "demo");
  // Its name in the configuration will do.
  const own = { package: { name: "helper" } };
  assert.equal(
    await launched({ "package.json": text, other: LINUX, helper: LINUX }, own),
    "helper",
  );
});

test("programs beside the one that is started become executable too", async () => {
  const folder = {
    "package.json": manifest(),
    "bin/demo": LINUX,
    "bin/demo-helper": LINUX,
    "lib/plugin.so": makeBinary("linux-x64-gnu", "addon"),
  };
  await using world = await familyWorld({ "linux-x64-gnu": folder });
  const contents = Object.keys(await contentsOf(await world.prepare(world.release), READY));
  assert.deepEqual(contents, [
    "bin/demo 755",
    "bin/demo-helper 755",
    "lib/plugin.so 644",
    "package.json 644",
  ]);
});

test("a ready platform package does not need the main package's ignore files", async () => {
  const folder = { "package.json": manifest(), "bin/demo": LINUX };
  await using world = await familyWorld({ "linux-x64-gnu": folder }, {
    files: { ".npmignore": "src\n", ".gitignore": "build\n" },
  });
  assert.equal((await world.prepare(world.release)).units.length, 2);
});

test("a ready tarball for Windows may have been packed there, without executable bits", async () => {
  const text = manifestText({
    name: "@acme/demo-win32-x64",
    version: "1.0.0",
    os: ["win32"],
    cpu: ["x64"],
    bin: "demo.exe",
  });
  const packed = await tgz({
    "package.json": text,
    "demo.exe": makeBinary("win32-x64", "program"),
  });
  await using world = await familyWorld({ "win32-x64": { "demo.tgz": packed } });
  assert.equal((await world.prepare(world.release)).units.length, 2);
});

test("a ready WebAssembly package is held to its module", async () => {
  const folder = {
    "package.json": manifestText({
      name: "@acme/demo-wasm32-wasi",
      version: "1.0.0",
      cpu: ["wasm32"],
      main: "demo.wasi.cjs",
    }),
    "demo.wasi.cjs": "1\n",
    "demo.wasm32-wasi.wasm": makeBinary("wasm32-wasi", "addon"),
  };
  await using world = await familyWorld({ "wasm32-wasi": folder }, { build: "napi" });
  const prepared = await world.prepare(world.release);
  assert.equal((await manifestOf(prepared, "@acme/demo-wasm32-wasi"))["main"], "demo.wasi.cjs");
});

test("a ready tarball is sent as it is", async () => {
  const packed = await tgz({ "package.json": manifest(), "bin/demo": LINUX }, ["bin/demo"]);
  await using world = await familyWorld({
    "linux-x64-gnu": { "acme-demo-linux-x64-gnu-1.0.0.tgz": packed },
  });
  const prepared = await world.prepare(world.release);
  assert.equal(prepared.units[0]!.size, packed.length);
  const main = await contentsOf(prepared, NAME);
  assert.ok(main["bin/demo.cjs 755"]!.includes('"file":"bin/demo"'));
});

test("a ready tarball may hold names that this machine's disk could not", async () => {
  const packed = await tgz({
    "package.json": manifest(),
    "bin/demo": LINUX,
    "bin/DEMO": makeBinary("linux-x64-gnu", "addon"),
    [`data/${"n".repeat(300)}`]: "x",
  }, ["bin/demo"]);
  await using world = await familyWorld({ "linux-x64-gnu": { "demo.tgz": packed } });
  assert.equal((await world.prepare(world.release)).units[0]!.size, packed.length);
});

const BAD: readonly (readonly [string, () => Promise<Uint8Array>, string])[] = [
  [
    "whose program is not executable",
    () => tgz({ "package.json": manifest(), "bin/demo": LINUX }),
    'PIOT_ARTIFACT_INVALID Cannot publish "@acme/demo-linux-x64-gnu": "bin/demo" is not executable in the tarball of the artifact "demo-linux-x64-gnu"',
  ],
  [
    "with a program for another platform",
    () =>
      tgz({ "package.json": manifest(), "bin/demo": makeBinary("darwin-x64", "program") }, [
        "bin/demo",
      ]),
    'PIOT_BINARY_MISMATCH Cannot publish "@acme/demo-linux-x64-gnu": "bin/demo" in the artifact "demo-linux-x64-gnu" is a Mach-O program for darwin x64, and linux-x64-gnu needs an ELF file for linux x64 (glibc)',
  ],
  [
    "of another version",
    () => tgz({ "package.json": manifest({ version: "1.0.1" }), "bin/demo": LINUX }, ["bin/demo"]),
    'PIOT_ARTIFACT_INVALID Cannot publish "@acme/demo-linux-x64-gnu": the tarball is of version "1.0.1", and 1.0.0 is planned',
  ],
  [
    "that holds no program",
    () => tgz({ "package.json": manifest({ bin: undefined }), "README.md": "x" }),
    'PIOT_ARTIFACT_INVALID Cannot publish "@acme/demo-linux-x64-gnu": its artifact "demo-linux-x64-gnu" holds no program',
  ],
];

for (const [name, make, problem] of BAD) {
  test(`a ready tarball is refused ${name}`, async () => {
    await using world = await familyWorld({ "linux-x64-gnu": { "demo.tgz": await make() } });
    const { problems } = await refusalOf(world.prepare(world.release));
    assert.deepEqual(problems, [problem]);
  });
}

test("a ready tarball of the main package has to pin the family itself", async () => {
  const packed = await tgz({
    "package.json": manifestText({
      name: NAME,
      version: "1.0.0",
      bin: { demo: "cli.js" },
      optionalDependencies: { [READY]: "^1.0.0" },
    }),
    "cli.js": `require("${READY}")`,
  });
  await using world = await familyWorld({
    "linux-x64-gnu": { demo: LINUX },
    main: { "acme-demo-1.0.0.tgz": packed },
  });
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    'PIOT_ARTIFACT_INVALID Cannot publish "@acme/demo": the optionalDependencies in its tarball do not pin 1.0.0: "@acme/demo-linux-x64-gnu": "^1.0.0"',
  ]);
});

test("a ready tarball of the main package cannot be given a launcher", async () => {
  const packed = await tgz({
    "package.json": manifestText({
      name: NAME,
      version: "1.0.0",
      optionalDependencies: { [READY]: "1.0.0" },
    }),
  });
  await using world = await familyWorld({
    "linux-x64-gnu": { demo: LINUX },
    main: { "acme-demo-1.0.0.tgz": packed },
  });
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    'PIOT_ARTIFACT_INVALID Cannot publish "@acme/demo": its tarball has no `bin`',
  ]);
});

test("a licence inside a ready tarball of the main package goes into the platform packages", async () => {
  const packed = await tgz({
    "package.json": manifestText({
      name: NAME,
      version: "1.0.0",
      license: "MIT",
      bin: "cli.js",
      optionalDependencies: { [READY]: "1.0.0" },
    }),
    "cli.js": `require("${READY}")`,
    LICENSE: "MIT\n",
  });
  await using world = await familyWorld({
    "linux-x64-gnu": { demo: LINUX },
    main: { "acme-demo-1.0.0.tgz": packed },
  });
  const prepared = await world.prepare(world.release);
  assert.equal((await contentsOf(prepared, READY))["LICENSE 644"], "MIT\n");
  assert.equal((await manifestOf(prepared, READY))["license"], "MIT");
});
