import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brokenSteps, walksIn } from "../../scripts/score_figures.ts";
import { readSources, roomsBelow } from "../../scripts/source_graph.ts";

test("the walks of CONTRIBUTING.md are ways that imports take", async () => {
  const walks = walksIn(await readFile("CONTRIBUTING.md", "utf8"));
  assert.deepEqual(walks.map(({ name }) => name), ["init", "plan", "publish", "rehearse"]);
  assert.deepEqual(walks.flatMap((walk) => brokenSteps(walk, readSources())), []);
});

/** A cell's folder: `src/core/`, `src/*.ts`, `cli.ts`. */
function roomsInTable(page: string, heading: string): readonly string[] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, room]) => room!);
}

test("CONTRIBUTING.md names every room of src/ and of src/core/, and no other", async () => {
  const page = await readFile("CONTRIBUTING.md", "utf8");
  const files = readSources();
  const named = roomsInTable(page, "Architecture");
  const folders = (folder: string): readonly string[] =>
    roomsBelow(files, folder).rooms.filter((room) => !room.includes(".")).map((room) =>
      `${folder}/${room}/`
    );
  const there = [...folders("src"), ...folders("src/core")].sort();
  assert.deepEqual(named.filter((room) => room.endsWith("/")).sort(), there);
  for (const entry of ["src/*.ts", "cli.ts", "mod.ts"]) assert.ok(named.includes(entry), entry);
});
