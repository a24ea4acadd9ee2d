/**
 * A release that is killed anywhere leaves the user's tree as it was, and the next run from the same commit ends where one
 * ends that nobody killed. `deno task kills` goes through every request, before and after it is heard, with and without what
 * the run had started, and through every call that changes the disk; the suite has one of these.
 */

import { deepEqual, equal } from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import pLimit from "p-limit";
import { bundleDeadly } from "../support/bundle.ts";
import { type KilledRelease, type KillPoint, killRelease } from "../support/killed_release.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const isWhole = process.env.PIOT_KILLS === "all";
const AT_ONCE = Number(process.env.PIOT_KILLS_AT_ONCE ?? 1);
const KINDS = ["before", "after", "orphaned", "write"] as const;

const { skip: noPrograms } = await needs("git", "cargo");
const skip = noPrograms || (existsSync("/proc/self/environ") ? false : "no /proc");

describe("a release that is killed", { skip }, () => {
  let program: TempFolder;
  let bundle: string;
  before(async () => {
    program = await tempFolder();
    bundle = bundleDeadly("deadly_cli", program.path);
  });
  after(() => program[Symbol.asyncDispose]());

  if (!isWhole) {
    // `tests/command/killed_run_test.ts` has some of the writes.
    it("after the crate was taken is completed by the next run, which sends it no second time", async () => {
      const killed = await killRelease(bundle, { on: "after", at: 0, where: "^crates.io PUT " });
      equal(killed.place, "after crates.io PUT /api/v1/crates/new");
      equal(killed.status, 0, killed.said);
      equal(killed.end.tree, killed.between.tree);
      deepEqual(killed.end.uploads, [
        "PyPI POST /legacy/ 200",
        "PyPI POST /legacy/ 200",
        "crates.io PUT /api/v1/crates/new 200",
        "npm PUT /@putitoutthere%2fpebble 200",
      ]);
      deepEqual(killed.end.tags, ["pebble-core-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"]);
      deepEqual(killed.end.left, []);
    });
    return;
  }

  /** The end of a release that nobody kills. */
  let whole: KilledRelease["end"];
  before(async () => {
    const { place, end, status, said } = await killRelease(bundle, { on: "before", at: 100_000 });
    deepEqual({ place, status }, { place: undefined, status: 0 }, said);
    whole = end;
  });

  function judge({ on }: KillPoint, { between, status, said, end }: KilledRelease): void {
    equal(between.tree, whole.tree, "the user's tree was changed");
    equal(status, 0, said);
    // A cargo that lives on makes its folder anew where the next run has removed it.
    deepEqual(on === "orphaned" ? { ...end, left: [] } : end, whole);
  }

  for (const on of KINDS) {
    it(`at every place is completed by the next: ${on}`, async () => {
      const limit = pLimit(AT_ONCE);
      const lines: string[] = [];
      let last = Infinity;
      const tryAt = async (at: number): Promise<void> => {
        if (at >= last) return;
        const killed = await killRelease(bundle, { on, at });
        if (killed.place === undefined) {
          last = Math.min(last, at);
          return;
        }
        lines.push(tell(at, killed, () => judge({ on, at }, killed)));
        process.stderr.write(`${lines.at(-1)}\n`);
      };
      for (let from = 0; last === Infinity; from += 10) {
        const batch = Array.from({ length: 10 }, (_, step) => from + step);
        await Promise.all(batch.map((at) => limit(() => tryAt(at))));
      }
      const wrong = lines.filter((line) => !line.includes("| as if nobody had"));
      deepEqual(wrong, []);
      process.stderr.write(`${on}: ${lines.length} places\n`);
    });
  }
});

function tell(
  at: number,
  { between: { uploads, tags, left }, place }: KilledRelease,
  judge: () => void,
): string {
  const state = `${uploads.length} uploads, ${tags.length} tags, ${left.length} left`;
  try {
    judge();
    return `${at} | ${place} | ${state} | as if nobody had`;
  } catch (error) {
    return `${at} | ${place} | ${state} | ${error instanceof Error ? error.message : error}`;
  }
}
