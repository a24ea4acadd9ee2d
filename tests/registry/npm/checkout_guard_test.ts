import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { createNpm } from "../../../src/registry/npm/create_npm.ts";
import type { Release } from "../../../src/registry/registry.ts";
import type { NpmPackage } from "../../../src/core/model/package.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";
import { contentsOf, familyWorld, type Files, refusalOf } from "./family_world.ts";
import {
  manifestText,
  npmRelease,
  npmWorld,
  TOKEN,
  type World,
  type WorldOptions,
} from "./world.ts";

const ENV = { ...GIT_ENV, NODE_AUTH_TOKEN: TOKEN };
const run = promisify(execFile);

async function git(root: string, ...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: root, env: { ...GIT_ENV } })).stdout.trim();
}

/** Makes the checkout one of git, with everything in it committed. */
async function commitAll<W extends World>(world: W): Promise<W> {
  await git(world.root, "init", "--quiet", "--initial-branch=main");
  await git(world.root, "add", "--all");
  await git(world.root, "commit", "--quiet", "--message", "All");
  return world;
}

const FILES: Files = {
  ".gitignore": "dist/\n",
  "README.md": "root",
  "packages/demo/package.json": manifestText({ main: "index.js" }),
  "packages/demo/index.js": "exports.a = 1;\n",
  "packages/demo/lib/b.js": "exports.b = 2;\n",
  "packages/demo/README.md": "read me",
  "packages/demo/test/t.js": "test\n",
  "packages/demo/.npmignore": "test/\n",
  "other/file": "x",
};

async function demoWorld(files: Files = {}, options: WorldOptions = {}): Promise<World> {
  return await commitAll(await npmWorld({ ...FILES, ...files }, { env: ENV, ...options }));
}

/** What is refused, without its beginning; nothing when nothing is. */
async function refused(world: World, release: Release<NpmPackage> = npmRelease()): Promise<string> {
  try {
    await world.prepare(release);
    return "";
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    assert.equal(code, "PIOT_DIRTY_TREE", message);
    const start = 'Cannot pack "demo": the work tree differs from the commit in ';
    assert.ok(message.startsWith(start), message);
    return message.slice(start.length);
  }
}

interface Case {
  readonly name: string;
  readonly change: (at: (path: string) => string) => Promise<unknown>;
  /** What is said; empty when nothing is refused. */
  readonly said: string;
}

const CASES: readonly Case[] = [
  { name: "nothing changed", change: () => Promise.resolve(), said: "" },
  {
    name: "a tracked file changed that is packed",
    change: (at) => writeFile(at("index.js"), "evil"),
    said: '"packages/demo/index.js" (changed)',
  },
  {
    name: "the README changed",
    change: (at) => writeFile(at("README.md"), "other"),
    said: '"packages/demo/README.md" (changed)',
  },
  {
    name: "a tracked file changed that is not packed",
    change: (at) => writeFile(at("test/t.js"), "other"),
    said: "",
  },
  {
    name: "a file changed that is of no package",
    change: (at) => writeFile(at("../../other/file"), "y"),
    said: "",
  },
  {
    name: "a file was added that is packed",
    change: (at) => writeFile(at("lib/added.js"), ""),
    said: '"packages/demo/lib/added.js" (not committed)',
  },
  {
    name: "a file was added that is not packed",
    change: (at) => writeFile(at("test/added.js"), ""),
    said: "",
  },
  {
    name: "a build left files that git ignores",
    change: (at) => writeTree(at("."), { "dist/index.js": "built" }),
    said: "",
  },
  {
    name: "a file is missing that would be packed",
    change: (at) => rm(at("lib/b.js")),
    said: '"packages/demo/lib/b.js" (missing)',
  },
  {
    name: "a file is missing that would not be packed",
    change: (at) => rm(at("test/t.js")),
    said: "",
  },
  {
    name: "several things are the matter",
    change: async (at) => {
      await writeFile(at("lib/c.js"), "");
      await rm(at("lib/b.js"));
      await writeFile(at("index.js"), "x");
    },
    said:
      '"packages/demo/index.js" (changed), "packages/demo/lib/b.js" (missing), "packages/demo/lib/c.js" (not committed)',
  },
  {
    name: "the planned version was written",
    change: (at) =>
      writeFile(at("package.json"), manifestText({ version: "1.0.0", main: "index.js" })),
    said: "",
  },
  {
    name: "a version was written by a tool that sets the rest anew",
    change: (at) =>
      writeFile(at("package.json"), '{"name":"demo","version":"9.9.9","main":"index.js"}'),
    said: "",
  },
  {
    name: "package.json says more than another version",
    change: (at) =>
      writeFile(at("package.json"), manifestText({ main: "index.js", scripts: { install: "x" } })),
    said: '"packages/demo/package.json" (changed)',
  },
  {
    name: "package.json packs other files",
    change: (at) =>
      writeFile(at("package.json"), manifestText({ main: "index.js", files: ["test"] })),
    said: '"packages/demo/package.json" (changed)',
  },
  {
    name: "an ignore file of the package changed",
    change: (at) => writeFile(at(".npmignore"), ""),
    said: '"packages/demo/.npmignore" (changed)',
  },
  {
    name: "an ignore file of the package is missing",
    change: (at) => rm(at(".npmignore")),
    said: '"packages/demo/.npmignore" (changed)',
  },
  {
    name: "an ignore file was added in the package",
    change: (at) => writeFile(at("lib/.npmignore"), "b.js"),
    said: '"packages/demo/lib/.npmignore" (not committed)',
  },
  {
    name: "an ignore file above the package changed",
    change: (at) => writeFile(at("../../.gitignore"), "dist/\nlib/\n"),
    said: '".gitignore" (changed)',
  },
  {
    name: "an ignore file of nobody changed",
    change: (at) => writeFile(at("../../other/.gitignore"), "x"),
    said: "",
  },
  {
    name: "a committed file became a link",
    change: async (at) => {
      await rm(at("lib/b.js"));
      await symlink("../index.js", at("lib/b.js"));
    },
    said: '"packages/demo/lib/b.js" (missing)',
  },
  {
    name: "a committed link leads elsewhere, since npm packs none",
    change: async (at) => {
      await rm(at("lib/link"));
      await symlink("../README.md", at("lib/link"));
    },
    said: "",
  },
  {
    name: "a committed link became a file",
    change: async (at) => {
      await rm(at("lib/link"));
      await writeFile(at("lib/link"), "");
    },
    said: '"packages/demo/lib/link" (changed)',
  },
  {
    name: "a folder was replaced by a link to another",
    change: async (at) => {
      await rename(at("lib"), at("test/lib"));
      await symlink("test/lib", at("lib"));
    },
    said: '"packages/demo/lib/b.js" (missing)',
  },
  {
    name: "a file became executable",
    change: (at) => chmod(at("lib/b.js"), 0o755),
    said: '"packages/demo/lib/b.js" (changed)',
  },
];

const POSIX = { skip: process.platform === "win32" ? "links and modes of POSIX" : false };

for (const { name, change, said } of CASES) {
  test(
    `a package of the checkout is ${said === "" ? "packed" : "refused"} when ${name}`,
    POSIX,
    async () => {
      await using world = await npmWorld(FILES, { env: ENV });
      await symlink("b.js", join(world.root, "packages/demo/lib/link"));
      await commitAll(world);
      await change((path) => join(world.root, "packages/demo", path));
      assert.equal(await refused(world), said);
    },
  );
}

test("a change that git was told to pass over is found", async () => {
  await using world = await demoWorld();
  await git(world.root, "update-index", "--assume-unchanged", "packages/demo/index.js");
  await git(world.root, "update-index", "--skip-worktree", "packages/demo/lib/b.js");
  await writeFile(join(world.root, "packages/demo/index.js"), "evil");
  await rm(join(world.root, "packages/demo/lib/b.js"));
  assert.equal(await git(world.root, "status", "--porcelain"), "");
  assert.equal(
    await refused(world),
    '"packages/demo/index.js" (changed), "packages/demo/lib/b.js" (missing)',
  );
});

test("a file that Git LFS has not fetched is refused, and one that only looks so is packed", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${
    "a".repeat(64)
  }\nsize 9\n`;
  const files = { "packages/demo/lib/w.bin": pointer, "packages/demo/lib/w.txt": pointer };
  await using world = await demoWorld({ ".gitattributes": "*.bin filter=lfs -text\n", ...files });
  assert.equal(await refused(world), '"packages/demo/lib/w.bin" (a pointer of Git LFS)');
  await assert.rejects(world.prepare(npmRelease()), { hint: /^Fetch what Git LFS keeps/ });
});

test("the way out is said: to commit, to restore, to deliver or to ignore", async () => {
  await using world = await demoWorld();
  await writeFile(join(world.root, "packages/demo/index.js"), "evil");
  const { hints } = await refusalOf(world.prepare(npmRelease()));
  assert.deepEqual(hints, [
    'Commit or restore the files that are listed; what a build makes is delivered as the artifact "demo-pkg", or named in .gitignore',
  ]);
});

test("line ends as git checks them out are the commit's, and are packed so", async () => {
  await using world = await demoWorld({ ".gitattributes": "*.js text eol=crlf\n" });
  await rm(join(world.root, "packages/demo/index.js"));
  await git(world.root, "checkout", "--", "packages/demo/index.js");
  const prepared = await world.prepare(npmRelease());
  assert.equal((await contentsOf(prepared, "demo"))["index.js 644"], "exports.a = 1;\r\n");
});

test("outside a git work tree there is no commit to differ from", async () => {
  await using world = await npmWorld(FILES, { env: ENV });
  assert.equal(await refused(world), "");
  await using other = await demoWorld();
  await writeFile(join(other.root, "packages/demo/index.js"), "other");
  assert.equal(await refused(other, npmRelease({ commit: undefined } as never)), "");
});

test(
  "a package whose folder is a link out of the work tree is refused; inside it is followed",
  POSIX,
  async () => {
    await using elsewhere = await tempFolder({ "package.json": manifestText(), "index.js": "" });
    await using world = await demoWorld();
    await symlink(elsewhere.path, join(world.root, "packages/away"));
    await symlink("demo", join(world.root, "packages/alias"));
    await git(world.root, "add", "--all");
    await git(world.root, "commit", "--quiet", "--message", "Links");
    const at = (path: string): Release<NpmPackage> => npmRelease({ package: { path } });
    assert.equal(await refused(world, at("packages/alias")), "");
    assert.equal(
      await refused(world, at("packages/away")),
      `"${join(world.root, "packages/away")}" (outside)`,
    );
    await writeFile(join(world.root, "packages/demo/index.js"), "evil");
    assert.equal(await refused(world, at("packages/alias")), '"packages/demo/index.js" (changed)');
  },
);

test("a submodule in the package has to be the commit's, and to be there", async () => {
  await using world = await demoWorld();
  await using inner = await tempFolder({ "in.js": "" });
  await git(inner.path, "init", "--quiet");
  await git(inner.path, "add", "--all");
  await git(inner.path, "commit", "--quiet", "--message", "In");
  const sub = "packages/demo/vendor";
  await git(
    world.root,
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    inner.path,
    sub,
  );
  await git(world.root, "commit", "--quiet", "--message", "Vendor");
  assert.equal(await refused(world), "");
  await writeTree(world.root, { [`${sub}/in.js`]: "changed", [`${sub}/new.js`]: "" });
  assert.equal(await refused(world), `"${sub}/in.js" (changed), "${sub}/new.js" (not committed)`);
  await git(join(world.root, sub), "checkout", "--quiet", "--", ".");
  await rm(join(world.root, sub, "new.js"));
  await git(join(world.root, sub), "commit", "--quiet", "--allow-empty", "--message", "Next");
  assert.equal(await refused(world), `"${sub}/" (another commit), "${sub}/" (missing)`);
  await git(world.root, "submodule", "--quiet", "deinit", "--force", sub);
  assert.equal(await refused(world), `"${sub}/" (missing)`);
});

test("a member of a workspace obeys the ignore files above it, for what is missing too", async () => {
  await using world = await demoWorld({
    "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }),
    "packages/.npmignore": "lib/\n",
  });
  await rm(join(world.root, "packages/demo/lib/b.js"));
  assert.equal(await refused(world), "");
  await rm(join(world.root, "packages/demo/index.js"));
  const { problems } = await refusalOf(world.prepare(npmRelease()));
  assert.match(problems[0]!, /^PIOT_ARTIFACT_MISSING /);
});

test("what was delivered is no commit's; what is tracked there has to be", async () => {
  await using world = await demoWorld({
    "artifacts/demo-pkg/package.json": manifestText({ version: "0.0.0" }),
    "artifacts/demo-pkg/kept.js": "kept\n",
    "artifacts/demo-pkg/.npmignore": "test/\n",
  });
  const folder = join(world.root, "artifacts/demo-pkg");
  const release = npmRelease({ artifacts: [{ target: "noarch", name: "demo-pkg", folder }] });
  await writeFile(join(folder, "built.js"), "");
  await writeFile(join(folder, "package.json"), manifestText({ version: "1.0.0" }));
  assert.equal(await refused(world, release), "");
  await writeFile(join(folder, "kept.js"), "changed");
  assert.equal(await refused(world, release), '"artifacts/demo-pkg/kept.js" (changed)');
});

test("the run's own folders are kept out of a package at the root", async () => {
  await using world = await npmWorld({
    "package.json": manifestText({ main: "index.js" }),
    "index.js": "",
    ".npmignore": "notes\n",
  }, { env: ENV });
  await commitAll(world);
  await writeTree(world.root, { "artifacts/other-wheel/a.whl": "wheel", "notes": "" });
  const npm = createNpm({
    host: world.host,
    root: world.root,
    endpoints: { npm: world.server.url, fulcio: "http://127.0.0.1:9", rekor: "http://127.0.0.1:9" },
    ownFolders: [join(world.root, "artifacts")],
  });
  const release = npmRelease({ package: { path: "." } });
  const [prepared] = await npm.prepare([release], world.defer);
  assert.deepEqual(Object.keys(await contentsOf(prepared!, "demo")), [
    "index.js 644",
    "package.json 644",
  ]);
  assert.equal(await refused(world, release), '"artifacts/other-wheel/a.whl" (not committed)');
});

const LINUX = makeBinary("linux-x64-gnu", "program");
const PLATFORM = "@acme/demo-linux-x64-gnu";

test("the main package of a family is the commit's; pins of its platform packages are written anew", async () => {
  await using world = await familyWorld({ "linux-x64-gnu": { demo: LINUX } }, {
    env: ENV,
    files: { "LICENSE": "MIT\n", "notes.txt": "" },
  });
  await commitAll(world);
  const at = (path: string): string => join(world.root, "packages/demo", path);
  const text = await readFile(at("package.json"), "utf8");
  const pinned = {
    ...JSON.parse(text),
    version: "1.0.0",
    optionalDependencies: { [PLATFORM]: "1.0.0" },
  };
  await writeFile(at("package.json"), JSON.stringify(pinned));
  await world.prepare(world.release);
  await writeFile(at("LICENSE"), "all rights reserved\n");
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    'PIOT_DIRTY_TREE Cannot pack "@acme/demo": the work tree differs from the commit in "packages/demo/LICENSE" (changed)',
  ]);
});

test("a platform folder that is tracked has to be the commit's, and what a build added was delivered", async () => {
  const ready = manifestText({
    ...{ name: PLATFORM, version: "0.0.0", main: "demo" },
    ...{ os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  });
  await using world = await familyWorld({
    "linux-x64-gnu": { "package.json": ready, "README.md": "platform" },
  }, { env: ENV });
  await commitAll(world);
  const folder = join(world.root, "artifacts/demo-linux-x64-gnu");
  await writeFile(join(folder, "demo"), LINUX);
  await writeFile(join(folder, "package.json"), ready.replace("0.0.0", "1.0.0"));
  await world.prepare(world.release);
  await writeFile(join(folder, "README.md"), "changed");
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    `PIOT_DIRTY_TREE Cannot pack "${PLATFORM}": the work tree differs from the commit in "artifacts/demo-linux-x64-gnu/README.md" (changed)`,
  ]);
});

test("a lone program that is tracked and changed is refused under its platform package's name", async () => {
  await using world = await familyWorld({ "linux-x64-gnu": { demo: LINUX } }, { env: ENV });
  await commitAll(world);
  const path = join(world.root, "artifacts/demo-linux-x64-gnu/demo");
  await writeFile(path, new Uint8Array([...LINUX, 0]));
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    `PIOT_DIRTY_TREE Cannot pack "${PLATFORM}": the work tree differs from the commit in "artifacts/demo-linux-x64-gnu/demo" (changed)`,
  ]);
});

test("every package that differs is told in one go", async () => {
  await using world = await demoWorld({
    "packages/other/package.json": manifestText({ name: "other" }),
    "packages/other/index.js": "",
  });
  await writeTree(world.root, { "packages/demo/index.js": "x", "packages/other/index.js": "y" });
  const other = npmRelease({
    package: { name: "other", registryName: "other", path: "packages/other" },
  });
  const { problems } = await refusalOf(world.npm.prepare([npmRelease(), other], world.defer));
  assert.deepEqual(problems.map((problem) => problem.split(":")[0]), [
    'PIOT_DIRTY_TREE Cannot pack "demo"',
    'PIOT_DIRTY_TREE Cannot pack "other"',
  ]);
});
