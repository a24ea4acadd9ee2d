import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { parseConfig } from "../support/parse_config.ts";
import { FAILURE_CODES } from "../../src/failure_codes.ts";
import { kindOfPath, walkFiles } from "../../src/host/files.ts";
import { testHost } from "../support/test_host.ts";

/** The pages for people, by their paths from the root of the repository. */
const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...(await walkFiles("docs")).map((path) => `docs/${path}`),
];

async function textsOf(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  return new Map(paths.map((path, index) => [path, texts[index]!]));
}

/** Every match's first group, as `file: group`. */
function found(texts: ReadonlyMap<string, string>, pattern: RegExp): [string, string][] {
  return [...texts].flatMap(([path, text]) =>
    [...text.matchAll(pattern)].map(([, group = ""]): [string, string] => [path, group])
  );
}

async function commandNames(): Promise<readonly string[]> {
  const host = testHost({});
  await main({ argv: ["--help"], makeHost: () => host, isTTY: false });
  const list = host.written.stdout.split("Commands:\n")[1] ?? "";
  return [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = ""]) => name);
}

test("every command that a page or a message names is there", async () => {
  const commands = await commandNames();
  assert.ok(commands.includes("publish"), "the list of commands is read from --help");
  const sources = (await walkFiles("src")).map((path) => `src/${path}`);
  const named = found(
    await textsOf([...PAGES, ...sources]),
    /\\?`(?:putitoutthere|piot) ([a-z][a-z-]+)/g,
  );
  assert.deepEqual(named.filter(([, name]) => !commands.includes(name)), []);
});

test("every code that a page names is one of the closed set", async () => {
  const named = found(await textsOf(PAGES), /`(PIOT_[A-Z0-9_]+)`/g);
  const variables = /^PIOT_(.+_URL|PATIENCE|TEST_SEED)$/;
  const unknown = named.filter(([, name]) => !variables.test(name) && !(name in FAILURE_CODES));
  assert.deepEqual(unknown, []);
});

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

test("every link of a page leads to a file, and to a heading in it", async () => {
  const pages = await textsOf(PAGES);
  const broken: string[] = [];
  for (const [page, link] of found(pages, /\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    const headings = [...(pages.get(target) ?? "").matchAll(/^#+ (.+)$/gm)].map(([, one]) =>
      anchorOf(one!)
    );
    if (await kindOfPath(target) === undefined) broken.push(`${page}: ${link}`);
    else if (anchor !== undefined && !headings.includes(anchor)) broken.push(`${page}: ${link}`);
  }
  assert.deepEqual(broken, []);
});

test("the configuration that the README shows is one", async () => {
  const [, text = ""] = /```toml\n(.*?)```/s.exec(await readFile("README.md", "utf8")) ?? [];
  const { packages } = parseConfig(text, "putitoutthere.toml");
  assert.deepEqual(packages.map(({ kind }) => kind), ["crates", "pypi", "npm"]);
});
