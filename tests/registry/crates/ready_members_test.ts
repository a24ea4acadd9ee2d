/** Files of a crate that a build job delivers, held against the commit as a checkout shows it: filters, links, submodules. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Release } from "../../../src/registry/registry.ts";
import { type GitRepo, gitRepo } from "../../support/git_repo.ts";
import { writeTree } from "../../support/temp.ts";
import {
  type CratesWorld,
  cratesWorld,
  failureOf,
  inside,
  LONE,
  NO_CARGO,
} from "./crates_world.ts";
import { build, withCrates } from "./ready_world.ts";

const skip = { skip: NO_CARGO };

const CONTENT = "a big one\n";

/** What Git LFS commits in place of a content. */
async function pointerOf(content: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  const oid = Buffer.from(digest).toString("hex");
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
}

interface Everything extends AsyncDisposable {
  readonly world: CratesWorld;
  readonly inner: GitRepo;
  readonly release: Release;
}

/** A crate with a file of every kind that is not in the commit as it lies in a checkout. */
async function everything(): Promise<Everything> {
  const inner = await gitRepo({ "in.txt": "in\n" });
  const world = await cratesWorld({
    ...LONE,
    ...inside("lone", {
      ".gitattributes": [
        "*.lines text eol=crlf",
        "*.wide text working-tree-encoding=UTF-16LE",
        "*.loud filter=shout",
        "*.big filter=lfs",
      ].join("\n") + "\n",
      "a.lines": "one\r\ntwo\r\n",
      "quiet.txt": "one\ntwo\n",
      "a.big": await pointerOf(CONTENT),
    }),
    "lone/a.wide": Buffer.from("wide\n", "utf16le"),
    "shared/deep/a.txt": "a\n",
  });
  const { git, path } = world.repo;
  await git("config", "filter.shout.clean", "tr A-Z a-z");
  await git("config", "filter.shout.smudge", "tr a-z A-Z");
  await writeFile(join(path, "lone/a.loud"), "LOUD\n");
  await symlink("../../shared", join(path, "lone/src/shared"));
  await symlink("lib.rs", join(path, "lone/src/again.rs"));
  const add = ["submodule", "--quiet", "add", inner.path, "lone/vendor"];
  await git("-c", "protocol.file.allow=always", ...add);
  await world.repo.commit("Everything");
  return {
    world,
    inner,
    release: await world.release("lone", "0.1.0"),
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await inner[Symbol.asyncDispose]();
    },
  };
}

test(
  "a crate of everything that git checks out otherwise than it commits is the commit's",
  skip,
  async () => {
    await using all = await everything();
    const { world, release } = all;
    const folder = await build(world, [release], {
      at: "lone",
      // A checkout with LFS, on a machine whose lines end otherwise.
      before: (checkout) =>
        writeTree(checkout, { "lone/a.big": CONTENT, "lone/quiet.txt": "one\r\ntwo\r\n" }),
    });
    const registry = world.registry();
    const [prepared] = await world.prepare(registry, withCrates([release], folder));
    assert.equal(prepared!.way.by, "ready");
  },
);

test(
  "what a build job packaged otherwise than the commit is named, all at once",
  skip,
  async () => {
    await using all = await everything();
    const { world, release } = all;
    const folder = await build(world, [release], {
      at: "lone",
      before: async (checkout) => {
        const at = (path: string): string => join(checkout, "lone", path);
        await writeTree(checkout, {
          "lone/a.lines": "one\r\nthree\r\n",
          "lone/a.loud": "LOUDER\n",
          "lone/a.wide": "wider\n",
          "lone/vendor/in.txt": "changed\n",
          "lone/vendor/more.txt": "",
          "shared/deep/a.txt": "b\n",
          "elsewhere.txt": "x",
        });
        await rm(at("src/again.rs"));
        await symlink("../../elsewhere.txt", at("src/again.rs"));
        await rename(at("quiet.txt"), at("Quiet.txt"));
      },
    });
    const registry = world.registry();
    const failure = await failureOf(world.prepare(registry, withCrates([release], folder)));
    const said = failure.problems.map(({ message }) => message).join("\n");
    assert.match(
      said,
      /it holds "Quiet\.txt" \(the commit has "quiet\.txt"\), "vendor\/more\.txt", which the commit does not have/,
    );
    assert.match(
      said,
      /it has "a\.lines", "a\.loud", "a\.wide", "src\/again\.rs", "src\/shared\/deep\/a\.txt", "vendor\/in\.txt" otherwise than the commit/,
    );
    assert.match(said, /it has pointers of Git LFS in place of "a\.big"/);
  },
);

test("files of a submodule that is not checked out here are not taken on trust", skip, async () => {
  await using all = await everything();
  const { world, release } = all;
  const folder = await build(world, [release], { at: "lone" });
  await world.repo.git("submodule", "--quiet", "deinit", "--force", "lone/vendor");
  const registry = world.registry();
  const failure = await failureOf(world.prepare(registry, withCrates([release], folder)));
  const said = failure.problems.map(({ message }) => message).join("\n");
  assert.match(
    said,
    /it holds files of the submodule "lone\/vendor", which is not checked out here/,
  );
});
