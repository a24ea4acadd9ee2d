import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { test } from "node:test";
import { walkFiles } from "../../src/host/files.ts";
import { releaseWorld } from "../support/release_world.ts";
import { bundleScripts, type ScriptRun } from "../support/run_script.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

async function exampleTexts(): Promise<Record<string, string>> {
  const names = (await readdir("examples")).sort();
  const texts = names.map(async (name) =>
    [basename(name, ".ts"), await readFile(join("examples", name), "utf8")] as const
  );
  return Object.fromEntries(await Promise.all(texts));
}

test("examples are short, say both names of the package, and reach inside nothing", async () => {
  const texts = await exampleTexts();
  equal(Object.keys(texts).length, 5);
  for (const [name, text] of Object.entries(texts)) {
    ok(text.split("\n").length <= 36, name);
    match(text, /On npm the package is called `putitoutthere`\./);
    deepEqual(
      [...text.matchAll(/ from "([^"]+)"/g)].map(([, from]) => from)
        .filter((from) => !from!.startsWith("node:")),
      ["@piot/cli"],
    );
  }
});

test(
  "the examples do what they say: a release is planned, gated, published, told of and looked at",
  withGit,
  async () => {
    await using scripts = await bundleScripts(await exampleTexts());
    await using world = await releaseWorld();
    const told: string[] = [];
    const chat = createServer((request, response) => {
      request.on("data", (chunk) => told.push(`${chunk}`)).on("end", () => response.end());
    });
    await new Promise<void>((done) => chat.listen(0, "127.0.0.1", done));
    const { port } = chat.address() as { port: number };
    const env = { ...world.env, ANNOUNCE_URL: `http://127.0.0.1:${port}/` };
    const run = (name: string, ...argv: readonly string[]): Promise<ScriptRun> =>
      scripts.run(name, { cwd: world.root, env, argv });
    try {
      const comment = await run("comment_plan");
      equal(comment.status, 0, comment.stderr);
      match(comment.stdout, /^\| \S+ \| none \| 0\.1\.0 \| first-release \|$/m);

      const missing = await run("gate_release", "nowhere");
      equal(missing.status, 1);
      match(missing.stdout, /PIOT_/);
      const gate = await run("gate_release", world.artifacts);
      equal(gate.status, 0, gate.stderr + gate.stdout);
      match(gate.stdout, /^built: .* 0\.1\.0, 1 files, \d+ bytes$/m);
      match(gate.stdout, /^upload: /m);
      match(gate.stdout, /^ {2}absent /m);
      deepEqual(world.writes(), [], "nothing was written by looking");

      const release = await run("release_and_announce", world.artifacts);
      equal(release.status, 0, release.stderr + release.stdout);
      match(release.stdout, /^sent /m);
      equal((await world.tags()).length, 2);
      match(told.join(), /0\.1\.0: http/);

      const drift = await run("report_drift");
      deepEqual([drift.status, drift.stdout], [0, ""], drift.stderr);

      const [tag = ""] = await world.tags();
      await world.git.run(["tag", "--delete", tag]);
      const odd = await run("report_drift");
      equal(odd.status, 1, odd.stderr);
      match(odd.stdout, /untagged/);

      const config = await readFile(join(world.root, "putitoutthere.toml"), "utf8");
      const [, path = ""] = /^path = "(.*)"$/m.exec(config) ?? [];
      const what = await run("what_if", `${path}/new.txt`);
      equal(what.status, 0, what.stderr);
      match(what.stdout, /: patch, changed$/m);
      equal((await run("what_if", "nobody/knows.txt")).stdout, "");
    } finally {
      chat.close();
    }
  },
);

/** The blocks of TypeScript in comments of what is exported, and in the library's page. */
async function documentedBlocks(): Promise<Record<string, string>> {
  const files = [
    "mod.ts",
    "docs/library.md",
    ...(await walkFiles("src")).map((path) => `src/${path}`),
  ];
  const found: Record<string, string> = {};
  for (const file of files) {
    const text = await readFile(file, "utf8");
    const plain = file.endsWith(".ts") ? text.replaceAll(/^ *\* ?/gm, "") : text;
    for (const [, info = "", block = ""] of plain.matchAll(/^```ts(.*)\n([\s\S]*?)^```$/gm)) {
      equal(info, "", `${file} has an example that does not run`);
      found[`${file.replaceAll(/\W/g, "_")}_${Object.keys(found).length}`] = block;
    }
  }
  return found;
}

test(
  "every example in the documentation of an export runs, and prints what it says",
  withGit,
  async () => {
    const blocks = await documentedBlocks();
    ok(Object.keys(blocks).length >= 4);
    await using scripts = await bundleScripts(blocks);
    await using world = await releaseWorld();
    const place = { cwd: world.root, env: world.env };
    await Promise.all(
      Object.entries(blocks).map(async ([name, text]) => {
        const { status, stdout, stderr } = await scripts.run(name, place);
        equal(status, 0, `${name}: ${stderr}`);
        const said = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, value]) =>
          value
        );
        if (said.length > 0) deepEqual(stdout.trimEnd().split("\n"), said, name);
      }),
    );
    deepEqual(world.writes(), []);
  },
);
