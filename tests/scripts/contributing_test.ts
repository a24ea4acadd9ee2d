import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brokenSteps, walksIn } from "../../scripts/score_figures.ts";
import { readSources, roomsBelow } from "../../scripts/source_graph.ts";
import { ROOMS } from "../../scripts/walls.ts";

test("the walks of CONTRIBUTING.md are ways that imports take", async () => {
  const walks = walksIn(await readFile("CONTRIBUTING.md", "utf8"));
  assert.deepEqual(walks.map(({ name }) => name), [
    "init",
    "plan",
    "publish",
    "rehearse",
    "set-version",
  ]);
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

test("what CONTRIBUTING.md lets a room import is what the walls let it import", async () => {
  const page = await readFile("CONTRIBUTING.md", "utf8");
  const table = page.split("\n## Architecture\n")[1]!.split("\n\n").find((part) =>
    /may import/.test(part)
  )!;
  const above: string[] = ["error"];
  const said = table.split("\n").flatMap((line) => {
    const [, name, , imports] = line.split("|").map((cell) => cell.trim());
    const room = /^`src\/(\w+)\/`$/.exec(name!)?.[1];
    if (room === undefined || room === "failure_codes") return [];
    const rooms = imports === "everything above" ? [...above] : imports!.split(", ");
    above.push(room);
    return [[room, rooms.sort()] as const];
  });
  // The page tells of the local servers, a part of rehearsal, in a sentence of their own.
  const built = Object.entries(ROOMS).filter(([room]) => room !== "error" && room !== "server")
    .map(([room, below]) => [room, below.filter((one) => one !== "server").sort()] as const);
  assert.deepEqual(Object.fromEntries(said), Object.fromEntries(built));
  assert.match(page, /They may import error and\nhost alone/);
  assert.deepEqual(ROOMS.server, ["error", "host"]);
});
