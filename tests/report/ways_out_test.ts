import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { FAILURE_CODES, type FailureCode } from "../../src/failure_codes.ts";
import { renderEndReport } from "../../src/report/end_report.ts";
import type { Outcome } from "../../src/report/outcome.ts";
import { SITUATION_OF, situationOf } from "../../src/report/situations.ts";
import { askedFor } from "../../src/report/asked.ts";
import { waysOut, waysOutOf } from "../../src/report/ways_out.ts";
import { CORE, WHEEL } from "../support/outcomes.ts";

const CODES = Object.keys(FAILURE_CODES) as FailureCode[];
const page = await readFile("docs/recovery.md", "utf8");

test("every code that a run can end with is in one situation", () => {
  const unsorted = CODES.filter((code) => !SITUATION_OF.has(code));
  assert.deepEqual(unsorted, ["PIOT_SEVERAL_PROBLEMS"], "its problems are sorted one by one");
});

test("no code is sorted that there is not", () => {
  const known = new Set<string>(CODES);
  assert.deepEqual([...SITUATION_OF.keys()].filter((code) => !known.has(code)), []);
});

test("docs/recovery.md has a section for each situation, and each code in its row", () => {
  const sections = [...page.matchAll(/^## ([\w-]+)$/gm)].map(([, name]) => name);
  const situations = new Set([...SITUATION_OF.values(), "unconfirmed"]);
  assert.deepEqual(new Set(sections), situations);
  for (const [code, situation] of SITUATION_OF) {
    const row = page.split("\n").find((line) => line.startsWith(`| [${situation}](`));
    assert.ok(row?.includes(`\`${code}\``), `${code} in the row of ${situation}`);
  }
});

test("docs/recovery.md shows the commands of each situation under its heading", () => {
  for (const code of CODES.filter((code) => SITUATION_OF.has(code))) {
    const [way] = waysOutOf(new Failure(code, "Cannot go on"));
    const section = page.split(/^## /m).find((text) => text.startsWith(`${situationOf(code)}\n`))!;
    for (const command of way!.commands) {
      // Flags that stand for a package are left out where there is none.
      assert.ok(section.includes(command), `${command} under ${situationOf(code)}`);
    }
  }
});

function failed(name: string, code: FailureCode): Outcome {
  return { ...CORE, name, status: "failed", failure: new Failure(code, "Cannot") };
}

test("each situation is told once, with the packages that are in it", () => {
  const ways = waysOut([
    failed("a", "PIOT_NETWORK"),
    failed("b", "PIOT_REGISTRY_BUSY"),
    failed("c", "PIOT_VERSION_TAKEN"),
    { ...WHEEL, name: "d", status: "unconfirmed", unseen: ["d.whl"], why: "not shown" },
    { ...WHEEL, name: "e", status: "blocked", by: ["a"] },
    { ...WHEEL, name: "f", status: "blocked", by: [] },
    { ...CORE, name: "g", status: "published" },
  ]);
  assert.deepEqual(ways.map(({ situation, codes, packages }) => ({ situation, codes, packages })), [
    {
      situation: "run-again",
      codes: ["PIOT_NETWORK", "PIOT_REGISTRY_BUSY"],
      packages: ["a", "b"],
    },
    { situation: "version-taken", codes: ["PIOT_VERSION_TAKEN"], packages: ["c"] },
    { situation: "unconfirmed", codes: [], packages: ["d"] },
    { situation: "interrupted", codes: [], packages: ["f"] },
  ]);
});

test("a version that cannot be gets a higher one in its commands, for all packages at once", () => {
  const [way] = waysOut([failed("a", "PIOT_VERSION_TAKEN"), failed("@b/c", "PIOT_RELEASE_CLOSED")]);
  assert.deepEqual(way!.commands, [
    "gh workflow run release.yml -f release=a@1.3.1,@b/c@1.3.1",
    "putitoutthere publish --release a@1.3.1,@b/c@1.3.1",
  ]);
});

test("a downgrade is let pass by name", () => {
  const [way] = waysOut([failed("a", "PIOT_TRUST_DOWNGRADE"), failed("b", "PIOT_TRUST_DOWNGRADE")]);
  assert.equal(
    way!.commands.at(-1),
    "putitoutthere publish --allow-downgrade a --allow-downgrade b",
  );
});

test("a failure of several problems leads to the ways out of each", () => {
  const problems = (["PIOT_TRAILER_INVALID", "PIOT_TAG_ELSEWHERE", "PIOT_TAG_BLOCKED"] as const)
    .map((code) => ({ code, message: "Cannot" }));
  const failure = new Failure("PIOT_SEVERAL_PROBLEMS", "Cannot go on", { problems });
  assert.deepEqual(waysOutOf(failure).map(({ situation }) => situation), [
    "commit",
    "tag-elsewhere",
  ]);
});

test("people read what to do behind the failures; nobody does where all went well", () => {
  const text = renderEndReport([failed("a", "PIOT_NETWORK")], { mode: "release" });
  assert.match(
    text,
    /\nWhat to do:\n {2}- a \(PIOT_NETWORK\): Mend .*\n {6}gh run rerun RUN --failed\n/,
  );
  assert.match(text, /recovery\.md#run-again$/);
  const good = renderEndReport([{ ...CORE, status: "published" }], { mode: "release" });
  assert.ok(!good.includes("What to do"));
});

test("a command that runs again has the words of the run, quoted for a shell", () => {
  const asked = askedFor({
    config: "release/my files.toml",
    artifacts: "out",
    release: ["a@1.4.0,b"],
    oidcOnly: true,
    allowDowngrade: ["@b/c"],
    dryRun: true,
  });
  const flags =
    "--config 'release/my files.toml' --artifacts out --dry-run --oidc-only --allow-downgrade @b/c";
  const [lost] = waysOut([failed("a", "PIOT_NETWORK")], asked);
  assert.equal(lost?.commands.at(-1), `putitoutthere publish ${flags} --release a@1.4.0,b`);
  const [taken] = waysOut([failed("a", "PIOT_VERSION_TAKEN")], asked);
  assert.match(taken!.commands.at(-1)!, /--allow-downgrade @b\/c --release a@\d+\.\d+\.\d+$/);
  const [late] = waysOutOf(new Failure("PIOT_GIT", "Cannot"), askedFor({ plan: '{"schema":1}' }));
  assert.equal(late?.commands.at(-1), "putitoutthere publish --plan PLAN");
  const [file] = waysOutOf(new Failure("PIOT_GIT", "Cannot"), askedFor({ plan: "plan.json" }));
  assert.equal(file?.commands.at(-1), "putitoutthere publish --plan plan.json");
});

test("commands that a failure knows to the letter stand for those of its situation", () => {
  const known = (name: string, commands?: readonly string[]): Outcome => {
    const options = commands === undefined ? {} : { commands };
    const failure = new Failure("PIOT_RELEASE_HALF", "Cannot", options);
    return { ...failed(name, "PIOT_RELEASE_HALF"), failure } as Outcome;
  };
  const [both] = waysOut([known("a", ["git x"]), known("b", ["git x"]), known("c", ["git y"])]);
  assert.deepEqual(both?.commands, ["git x", "git y"]);
  const [one] = waysOut([known("a", ["git x"]), known("b")]);
  assert.deepEqual(one?.commands, ["git checkout COMMIT", "putitoutthere publish"]);
});
