import assert from "node:assert/strict";
import { test } from "node:test";
import { correctPlan } from "../../../src/command/publish/correct_plan.ts";
import type { Judged, Run } from "../../../src/command/publish/run.ts";
import type { Plan, PlannedPackage, Reason } from "../../../src/core/model/plan.ts";
import { Failure } from "../../../src/error.ts";
import { declare, HEAD, smallRegistry, smallRun } from "./small_registry.ts";

const EARLIER = "a".repeat(40);

interface Corrected {
  /** By name: what becomes of it, as `send`, `wait a b`, `refuse CODE`; and what ships next, as `send, then 1.0.1`. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** What it planned with: the tags that it took as given. */
  readonly asked: readonly (readonly [tag: string, commit: string])[][];
}

/**
 * Corrects the plan of 1.0.0 of some packages, of which `older` are known to be of {@link EARLIER}; `due` is then planned
 * anew, by name.
 */
async function correct(
  row: {
    readonly dependencies: Readonly<Record<string, readonly string[]>>;
    readonly older: readonly string[];
    /** Versions that are planned anew, or why nothing can be. */
    readonly due?: Readonly<Record<string, string>> | Error;
    /** Files that the registry has already. */
    readonly held?: readonly string[];
    readonly waves?: Readonly<Record<string, readonly number[]>>;
    readonly reason?: Reason;
    /** What else was judged already. */
    readonly refused?: readonly string[];
  },
): Promise<Corrected> {
  const npm = smallRegistry();
  for (const name of row.held ?? []) npm.held.set(name, `sha256-${name}-0`);
  const world = smallRun(declare(row.dependencies), { registries: { npm } });
  const asked: (readonly [string, string])[][] = [];
  const { due = {}, reason = "changed" } = row;
  const replan: Run["replan"] = ({ tagged = new Map() }) => {
    asked.push([...tagged]);
    if (due instanceof Error) return Promise.reject(due);
    const packages = world.run.plan.packages.flatMap((planned): PlannedPackage[] =>
      due[planned.name] === undefined ? [] : [{ ...planned, version: due[planned.name]!, reason }]
    );
    return Promise.resolve<Plan>({ ...world.run.plan, packages });
  };
  const packages = world.run.plan.packages.map((planned) => ({ ...planned, reason }));
  const run: Run = { ...world.run, replan, plan: { ...world.run.plan, packages } };
  const judged = (await world.ready(row.waves ?? {})).map((ready): Judged => {
    const { release } = ready;
    const { name } = release.package;
    if (row.refused?.includes(name) === true) {
      const failure = new Failure("PIOT_VERSION_TAKEN", "taken");
      return { ...ready, verdict: { to: "refuse", failure } };
    }
    return row.older.includes(name)
      ? { ...ready, release: { ...release, commit: EARLIER } }
      : { ...ready, release: { ...release, commit: HEAD } };
  });
  const verdicts = (await correctPlan(run, judged)).map(({ release, verdict, next }) => {
    const what = verdict.to === "send"
      ? "send"
      : verdict.to === "wait"
      ? `wait ${verdict.by.join(" ")}`
      : `refuse ${verdict.failure.code}`;
    const then = next === undefined ? "" : `, then ${next.version} (${next.reason})`;
    return [release.package.name, `${what}${then}`] as const;
  });
  const warnings = world.events.flatMap((event) =>
    event.type === "warning" ? [`${event.release?.name}: ${event.message}`] : []
  );
  return { verdicts: Object.fromEntries(verdicts), warnings, asked };
}

const ALONE = { a: [], b: [] };
const CHAIN = { a: [], b: ["a"], c: ["b"] };

test("where every release is of this commit, nothing is planned again", async () => {
  const { verdicts, asked, warnings } = await correct({ dependencies: CHAIN, older: [] });
  assert.deepEqual(verdicts, { a: "send", b: "send", c: "send" });
  assert.deepEqual([asked, warnings], [[], []]);
});

test("it is planned again as if the tags at earlier commits stood, and only those", async () => {
  const { asked } = await correct({
    ...{ dependencies: { a: [], b: [], c: [] }, older: ["a", "c"] },
    due: { b: "1.0.0" },
  });
  assert.deepEqual(asked, [[["a-v1.0.0", EARLIER], ["c-v1.0.0", EARLIER]]]);
});

const ROWS: readonly ({
  readonly name: string;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly warnings?: readonly RegExp[];
} & Parameters<typeof correct>[0])[] = [
  {
    name:
      "a release of an earlier commit that has not changed since is tagged, and all others go on",
    dependencies: ALONE,
    older: ["a"],
    due: { b: "1.0.0" },
    verdicts: { a: "send", b: "send" },
  },
  {
    name: "what has changed since the earlier commit ships in the next run, and that is told",
    dependencies: ALONE,
    older: ["a"],
    due: { a: "1.0.1", b: "1.0.0" },
    verdicts: { a: "send, then 1.0.1 (changed)", b: "send" },
    warnings: [
      /^a: a has changed since a{40}, which a 1\.0\.0 was made from: .* 1\.0\.1 in the next run$/,
    ],
  },
  {
    name: "what needs a package that ships anew waits for it, however far away",
    dependencies: CHAIN,
    older: ["a"],
    due: { a: "1.0.1", b: "1.0.0", c: "1.0.0" },
    verdicts: { a: "send, then 1.0.1 (changed)", b: "wait a", c: "wait a" },
    warnings: [
      /^b: b 1\.0\.0 is not sent: it needs a, and what has changed there ships in the next run$/,
      /^c: c 1\.0\.0 is not sent: it needs a, /,
      /^a: a has changed since/,
    ],
  },
  {
    name: "what needs a package of an earlier commit that has not changed goes on",
    dependencies: CHAIN,
    older: ["a"],
    due: { b: "1.0.0", c: "1.0.0" },
    verdicts: { a: "send", b: "send", c: "send" },
  },
  {
    name: "what the corrected plan gives another version is not sent at this one",
    dependencies: ALONE,
    older: ["a"],
    due: { b: "1.1.0" },
    verdicts: { a: "send", b: "wait a" },
    warnings: [
      /^b: b 1\.0\.0 is not sent: with a tagged at an earlier commit, the plan of this one is another$/,
    ],
  },
  {
    name: "what the corrected plan leaves out is not sent",
    dependencies: ALONE,
    older: ["a"],
    due: {},
    verdicts: { a: "send", b: "wait a" },
    warnings: [/^b: b 1\.0\.0 is not sent: with a tagged/],
  },
  {
    name: "what was asked for by name is sent, whatever the corrected plan has",
    dependencies: ALONE,
    older: ["a"],
    due: {},
    reason: "requested",
    verdicts: { a: "send", b: "send" },
  },
  {
    name: "what was asked for by name still waits for what it needs",
    dependencies: CHAIN,
    older: ["a"],
    due: { a: "1.0.1" },
    reason: "requested",
    verdicts: { a: "send, then 1.0.1 (requested)", b: "wait a", c: "wait a" },
    warnings: [/^b: /, /^c: /, /^a: /],
  },
  {
    name: "what is out in part is completed: it cannot be taken back",
    dependencies: CHAIN,
    older: ["a"],
    due: { a: "1.0.1", b: "1.0.0", c: "1.0.0" },
    held: ["b"],
    waves: { b: [0, 0] },
    verdicts: { a: "send, then 1.0.1 (changed)", b: "send", c: "wait a" },
    warnings: [/^c: /, /^a: /],
  },
  {
    name: "what was refused stays refused, and neither ships nor waits",
    dependencies: CHAIN,
    older: ["a"],
    due: { a: "1.0.1" },
    refused: ["b"],
    verdicts: { a: "send, then 1.0.1 (changed)", b: "refuse PIOT_VERSION_TAKEN", c: "wait a" },
    warnings: [/^c: /, /^a: /],
  },
  {
    name:
      "where it cannot be planned again, what is of an earlier commit is refused and the rest goes on",
    dependencies: ALONE,
    older: ["a"],
    due: new Failure("PIOT_GIT", "the disk is full"),
    verdicts: { a: "refuse PIOT_GIT", b: "send" },
  },
];
for (const { name, verdicts, warnings = [], ...row } of ROWS) {
  test(name, async () => {
    const corrected = await correct(row);
    assert.deepEqual(corrected.verdicts, verdicts);
    assert.equal(corrected.warnings.length, warnings.length, corrected.warnings.join("\n"));
    for (const [at, pattern] of warnings.entries()) assert.match(corrected.warnings[at]!, pattern);
  });
}

test("what breaks while it is planned again and is no failure of ours ends the run", async () => {
  const due = new TypeError("a bug");
  await assert.rejects(correct({ dependencies: ALONE, older: ["a"], due }), due);
});
