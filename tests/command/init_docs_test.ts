import { deepEqual, equal } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { equalsGolden } from "../support/golden.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const PAGE = "docs/init.md";
const page = await readFile(PAGE, "utf8");
const withGit = await needs("git");

/** Blocks with a file's name: ```` ```toml crates/pebble/Cargo.toml ````. */
const BLOCK = /^```(?:toml|json) (\S+)\n([\s\S]*?)^```$/gm;

test(
  `${PAGE} shows what init writes for the manifests above, and what it says`,
  withGit,
  async () => {
    const blocks = [...page.matchAll(BLOCK)].map(([, path = "", text = ""]) =>
      [path, text] as const
    );
    deepEqual(blocks.at(-1)?.[0], "putitoutthere.toml");
    await using repository = await gitRepo(Object.fromEntries(blocks.slice(0, -1)));
    const host = testHost({ cwd: repository.path, env: GIT_ENV });
    equal(await main({ argv: ["init"], makeHost: () => host, isTTY: false }), 0);
    const written = await readFile(join(repository.path, "putitoutthere.toml"), "utf8");
    const shown = page
      .replace(
        /(^```toml putitoutthere\.toml\n)[\s\S]*?(^```$)/m,
        (_, open, end) => open + written + end,
      )
      .replace(
        /(^```text says\n)[\s\S]*?(^```$)/m,
        (_, open, end) => open + host.written.stderr + end,
      );
    await equalsGolden(PAGE, shown);
  },
);
