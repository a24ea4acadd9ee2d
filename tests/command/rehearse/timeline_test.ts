import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rehearsal } from "../../../src/command/rehearse.ts";
import type { SeenRequest } from "../../../src/command/rehearse/rehearsed_run.ts";
import { timeline } from "../../../src/command/rehearse/timeline.ts";

const read = (path: string, status = 200): SeenRequest => ({
  ...{ service: "npm" as const, method: "GET", path, status, bytes: 0 },
});
const WRITE: SeenRequest = { ...read("/@ada%2fdemo"), method: "PUT", bytes: 120 };

function linesOf(...runs: readonly (readonly SeenRequest[])[]): readonly string[] {
  const rehearsal = {
    ...{ repository: "ada/engine", replanned: [], ok: true, problems: [] },
    runs: runs.map((requests) => ({
      ...{ requests, writes: [], uploads: [], outcomes: [], tags: [], releases: [] },
    })),
  } as unknown as Rehearsal;
  return timeline(rehearsal).split("\n").slice(2, -3);
}

test("the timeline has every request of every run in its order, reads too", () => {
  assert.deepEqual(linesOf([read("/@ada%2fdemo", 404), WRITE], [read("/@ada%2fdemo")]), [
    "Run 1",
    "  npm        GET  /@ada/demo  404",
    "  npm        PUT  /@ada/demo  200  120 bytes",
    "Run 2",
    "  npm        GET  /@ada/demo  200",
  ]);
});

test("what is asked again and again is one line, as long as nothing stands between and the answer is the same", () => {
  const waiting = read("/demo", 404);
  assert.deepEqual(linesOf([waiting, waiting, waiting, read("/demo"), waiting]), [
    "Run 1",
    "  npm        GET  /demo  404  (3 times)",
    "  npm        GET  /demo  200",
    "  npm        GET  /demo  404",
  ]);
});

test("a path that is not encoded rightly is shown as it came", () => {
  assert.deepEqual(linesOf([read("/%zz")]), ["Run 1", "  npm        GET  /%zz  200"]);
});
