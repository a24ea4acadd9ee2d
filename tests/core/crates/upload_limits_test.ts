import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import {
  forecastUploads,
  tellForecast,
  type UploadKind,
} from "../../../src/core/crates/upload_limits.ts";
import { takeFromBucket } from "../../../src/rehearsal/crates/callers.ts";
import { createCratesState } from "../../../src/rehearsal/crates/crates_state.ts";
import { Refusal } from "../../../src/rehearsal/server/messages.ts";

function some(kind: UploadKind, many: number): UploadKind[] {
  return Array.from({ length: many }, () => kind);
}

for (
  const { uploads, told } of [
    { uploads: [], told: undefined },
    { uploads: some("update", 30), told: undefined },
    { uploads: some("new", 5), told: undefined },
    { uploads: [...some("update", 30), ...some("new", 5)], told: undefined },
    { uploads: some("update", 38), told: "38 crates: 30 now, 8 over 8 minutes" },
    { uploads: some("update", 31), told: "31 crates: 30 now, 1 over 1 minute" },
    { uploads: some("new", 7), told: "7 crates (7 new): 5 now, 2 over 20 minutes" },
    {
      uploads: [...some("new", 6), ...some("update", 32)],
      told: "38 crates (6 new): 5 now, 33 over 12 minutes",
    },
  ]
) {
  test(`limits of uploads: ${told ?? `${uploads.length} uploads wait for nothing`}`, () => {
    const sentence = "crates.io takes so many uploads of one user at a time: ";
    equal(tellForecast(uploads), told === undefined ? undefined : `${sentence}${told}`);
  });
}

test("limits of uploads: the end is told where the beginning is known", () => {
  const begin = new Date("2026-12-31T23:59:30Z");
  match(tellForecast(some("update", 32), begin)!, /, the last at about 2027-01-01 00:01 UTC$/);
  equal(tellForecast(some("update", 30), begin), undefined);
});

/** What the local crates.io, which counts by crates.io's own source, makes of the same uploads, each sent when it may be. */
function counted(uploads: readonly UploadKind[]): ReturnType<typeof forecastUploads> {
  const state = createCratesState();
  state.rateLimit = true;
  const begin = Date.UTC(2026, 0, 1);
  let time = begin;
  let now = 0;
  for (const action of uploads) {
    for (;;) {
      try {
        takeFromBucket(state, { user: "ada", action, now: new Date(time) });
        break;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        time = Date.parse(error.headers["retry-after"]!);
      }
    }
    if (time === begin) now++;
  }
  return { now, later: uploads.length - now, minutes: (time - begin) / 60_000 };
}

test("the forecast is what a server that counts comes to, for one kind of uploads or the other", () => {
  fc.assert(
    fc.property(fc.constantFrom<UploadKind>("new", "update"), fc.nat({ max: 70 }), (kind, many) => {
      deepEqual(forecastUploads(some(kind, many)), counted(some(kind, many)));
    }),
    { numRuns: 100 },
  );
});

test("the forecast of mixed uploads is what a server that counts comes to", () => {
  const uploads = fc.array(fc.constantFrom<UploadKind>("new", "update"), { maxLength: 60 });
  fc.assert(
    fc.property(uploads, (kinds) => deepEqual(forecastUploads(kinds), counted(kinds))),
    { numRuns: 200 },
  );
});
