import { KNOWN_KINDS } from "../../support/parse_config.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { TARGET_ROWS } from "../../../src/core/target/target_rows.ts";
import { parseConfig } from "../../support/parse_config.ts";
import { configJsonSchema } from "../../../src/core/config/json_schema.ts";
import { Failure } from "../../../src/error.ts";
import { renderFailure } from "../../../src/report/render_problem.ts";
import { equalsGolden } from "../../support/golden.ts";

const PAGE = "docs/configuration.md";
const page = await readFile(PAGE, "utf8");

interface Block {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

const blocks: readonly Block[] = [...page.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map((match) => ({
  info: match[1]!,
  text: match[2]!,
  line: page.slice(0, match.index).split("\n").length,
}));

test(`${PAGE} holds examples of both sorts, and nothing that is not tried`, () => {
  deepEqual(new Set(blocks.map(({ info }) => info)), new Set(["toml", "toml fails", "text error"]));
});

for (const { info, text, line } of blocks) {
  if (info === "toml") {
    test(`${PAGE}:${line} is a configuration`, () => {
      ok(parseConfig(text, "putitoutthere.toml").packages.length > 0);
    });
  }
}

/** The error that a broken example gives, as it is shown to people. */
function shownError(example: string): string {
  try {
    parseConfig(example, "putitoutthere.toml");
  } catch (error) {
    if (error instanceof Failure) return `${renderFailure(error)}\n`;
    throw error;
  }
  throw new Error(`This example does not fail:\n${example}`);
}

test(`${PAGE} shows under each broken example what is said of it`, async () => {
  const failing = /(^```toml fails\n)([\s\S]*?)(^```\n\n```text error\n)[\s\S]*?(^```$)/gm;
  const shown = page.replace(
    failing,
    (_, open, example, between, close) =>
      `${open}${example}${between}${shownError(example)}${close}`,
  );
  equal(page.match(failing)?.length, blocks.filter(({ info }) => info === "toml fails").length);
  await equalsGolden(PAGE, shown);
});

test(`${PAGE} has every target, spellings of one in one row`, () => {
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  for (const { os, cpu, spellings } of TARGET_ROWS) {
    const row = rows.find((line) =>
      line.includes(spellings.map((spelling) => `\`${spelling}\``).join(", "))
    );
    const [, shownOs, shownCpu] = row?.split("|").map((cell) => cell.trim()) ?? [];
    deepEqual([shownOs, shownCpu], [os ?? "any", cpu ?? "any"], spellings.join(", "));
  }
});

test(`${PAGE} has a row for every key of the schema, with its default`, () => {
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const missing: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "allOf" || key === "definitions") continue;
      if (key === "properties") {
        for (const [name, schema] of Object.entries<Record<string, unknown>>(value)) {
          const shown = "default" in schema ? `\`${JSON.stringify(schema.default)}\`` : undefined;
          const row = rows.find(([, cell, given]) =>
            cell === `\`${name}\`` && (shown === undefined || given === shown)
          );
          if (row === undefined) missing.push(`${name} = ${shown}`);
        }
      }
      visit(value);
    }
  };
  visit(configJsonSchema(KNOWN_KINDS));
  deepEqual(new Set(missing), new Set(["putitoutthere = undefined", "package = undefined"]));
});
