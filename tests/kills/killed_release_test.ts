/**
 * A release that is killed anywhere leaves the user's tree as it was, and the next run from the same commit ends where one
 * ends that nobody killed. `deno task kills` goes through every request, before and after it is heard, with and without what
 * the run had started, and through every call that changes the disk; the suite has two of these.
 */

import { deepEqual, equal, ok } from "node:assert/strict";
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

/** What the suite tries: where something goes up, and amid the files of a run. */
const SAMPLE: readonly KillPoint[] = [
  { on: "after", at: 12 },
  { on: "write", at: 30 },
];

const { skip: noPrograms } = await needs("git", "cargo");
const skip = noPrograms || (existsSync("/proc/self/environ") ? false : "no /proc");

describe("a release that is killed", { skip }, () => {
  let program: TempFolder;
  let bundle: string;
  /** The end of a release that nobody kills. */
  let whole: KilledRelease["end"];
  before(async () => {
    program = await tempFolder();
    bundle = bundleDeadly("deadly_cli", program.path);
    const { place, end, status, said } = await killRelease(bundle, { on: "before", at: 100_000 });
    deepEqual({ place, status }, { place: undefined, status: 0 }, said);
    whole = end;
  });
  after(() => program[Symbol.asyncDispose]());

  function judge({ on }: KillPoint, { between, status, said, end }: KilledRelease): void {
    equal(between.tree, whole.tree, "the user's tree was changed");
    equal(status, 0, said);
    // A cargo that lives on makes its folder anew where the next run has removed it.
    deepEqual(on === "orphaned" ? { ...end, left: [] } : end, whole);
  }

  if (!isWhole) {
    for (const point of SAMPLE) {
      it(`${point.on === "write" ? "at a write" : `${point.on} a request`} is completed by the next`, async () => {
        const killed = await killRelease(bundle, point);
        ok(killed.place !== undefined, "the release came to its end");
        judge(point, killed);
      });
    }
    return;
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
