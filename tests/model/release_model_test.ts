/** Every way in which two runners, each of which may be killed at any step, can get into each other's way. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  A,
  B,
  PACKAGES,
  type Setup,
  type Shared,
  startOf,
  type State,
  stepsFrom,
} from "./release_model.ts";

interface Explored {
  readonly states: number;
  /** What everybody sees at the end of some way, with the steps that lead there. */
  readonly shared: ReadonlyMap<
    string,
    { readonly shared: Shared; readonly way: readonly string[] }
  >;
}

/** Walks through every state once; `check` sees each of them. */
async function explore(
  setup: Setup,
  check: (state: State, way: () => readonly string[]) => void,
): Promise<Explored> {
  const seen = new Map<string, { readonly before: string; readonly label: string }>();
  const shared = new Map<string, { shared: Shared; way: readonly string[] }>();
  const start = startOf(setup);
  const queue: State[] = [start];
  seen.set(keyOf(start), { before: "", label: "" });
  const wayTo = (key: string): readonly string[] => {
    const labels: string[] = [];
    for (let at = key; at !== ""; at = seen.get(at)!.before) labels.unshift(seen.get(at)!.label);
    return labels.slice(1);
  };
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const key = keyOf(state);
    check(state, () => wayTo(key));
    const visible = JSON.stringify(state.shared);
    if (!shared.has(visible)) shared.set(visible, { shared: state.shared, way: wayTo(key) });
    for (const { label, state: next } of await stepsFrom(setup, state)) {
      const nextKey = keyOf(next);
      if (seen.has(nextKey)) continue;
      seen.set(nextKey, { before: key, label });
      queue.push(next);
    }
  }
  return { states: seen.size, shared };
}

function keyOf({ shared, locals }: State): string {
  const all = locals.map(({ judged, ...local }) => [
    local,
    judged.map((one) => one && [one.release.commit, one.verdict, [...one.look.files]]),
  ]);
  const sorted = (record: object): unknown => Object.entries(record).toSorted();
  return JSON.stringify([shared.last, sorted(shared.held), sorted(shared.tags), all]);
}

/** One more runner, whom nobody disturbs. Gives what everybody sees once it is through. */
async function runAlone(setup: Setup, commit: string, shared: Shared): Promise<State> {
  const alone: Setup = { ...setup, commits: [commit], hasLag: false, restarts: 0 };
  const [local] = startOf(alone).locals;
  // No build is one that somebody has made before.
  let state: State = { shared, locals: [{ ...local!, attempt: 9 }] };
  for (;;) {
    const [step] = await stepsFrom(alone, state);
    if (step === undefined) return state;
    state = step.state;
  }
}

/** The lie that a tag tells, if any does: a file is missing, or is of another commit than the tag's. */
function lieOf(setup: Setup, { held, tags }: Shared): string | undefined {
  for (const [name, commit] of Object.entries(tags)) {
    for (const file of [`${name}-0`, `${name}-1`]) {
      const found = held[file];
      if (found === undefined) return `${name} is tagged without ${file}`;
      // The very same bytes are both commits' where nothing says whose they are.
      const isBoth = setup.builds === "same bytes" && !setup.hasRecords;
      if (found.from !== commit && !isBoth) {
        return `${name} is tagged at ${commit}, ${file} is of ${found.from}`;
      }
    }
  }
  return undefined;
}

const isDone = ({ tags }: Shared): boolean => PACKAGES.every((name) => tags[name] !== undefined);

/** Where no run comes further: bytes that nobody can show to be a commit's, or parts of two commits. */
const OUT_OF_REACH = /^(PIOT_VERSION_TAKEN|PIOT_RELEASE_MIXED|PIOT_COMMIT_ELSEWHERE)$/;

const BUILDS = ["same bytes", "bytes of their commit", "other bytes each time"] as const;
const ALL: readonly Setup[] = ([[A, A], [A, B]] as const).flatMap((commits) =>
  // Of one commit the first two are the same.
  BUILDS.slice(commits[1] === A ? 1 : 0).flatMap((builds) =>
    [true, false].flatMap((hasRecords) =>
      [true, false].map((hasWaves): Setup => ({
        ...{ commits, builds, hasRecords, hasWaves },
        // Two runs of one commit meet most often, and what they see is told apart by their bytes alone.
        ...{ hasLag: builds === "bytes of their commit", restarts: hasWaves ? 1 : 0 },
      }))
    )
  )
);

for (const setup of ALL) {
  const { commits, builds, hasRecords, hasWaves, hasLag, restarts } = setup;
  const isOne = commits[0] === commits[1];
  const title = [
    `two runners of ${isOne ? "one commit" : "a commit and its successor"}`,
    ...[builds, hasRecords ? "records that name them" : "silent records"],
    ...[`files ${hasWaves ? "one after the other" : "side by side"}`, `${restarts} kills each`],
    ...(hasLag ? ["looks that lag"] : []),
  ].join(", ");
  test(`no tag lies, and a run alone ends what is to be ended: ${title}`, async () => {
    const { shared } = await explore(setup, (state, way) => {
      const lie = lieOf(setup, state.shared);
      assert.equal(lie, undefined, `${lie}:\n${way().join("\n")}`);
    });
    // Nothing tells of two builds with other bytes that they are of one commit; nothing undoes two uploads of two commits.
    const isHopeless = builds === "other bytes each time" && !hasRecords || !isOne && !hasWaves;
    for (const { shared: seen, way } of shared.values()) {
      const ends = await Promise.all(
        [...new Set(commits)].map((commit) => runAlone(setup, commit, seen)),
      );
      for (const end of ends) assert.equal(lieOf(setup, end.shared), undefined);
      if (ends.some((end) => isDone(end.shared))) continue;
      assert.ok(isHopeless, `nobody can end it:\n${way.join("\n")}`);
      const endings = ends.flatMap(({ locals }) => locals[0]!.endings);
      assert.ok(endings.some((ending) => OUT_OF_REACH.test(ending)), endings.join(", "));
    }
  });
}
