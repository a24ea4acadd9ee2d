import { deepEqual, doesNotThrow, equal, match, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Facts, TagFact } from "../../../src/core/model/facts.ts";
import type { Plan } from "../../../src/core/model/plan.ts";
import { checkPlan, type PlanGrounds } from "../../../src/core/plan/check_plan.ts";
import { makePlan } from "../../../src/core/plan/make_plan.ts";
import { parsePlan } from "../../../src/core/plan/plan_document.ts";
import { Failure } from "../../../src/error.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import { parseConfig } from "../../support/parse_config.ts";
import { factsOf } from "../../support/plan_facts.ts";
import fc from "../../support/property.ts";

const FILE = "tests/fixtures/plan/every_kind/putitoutthere.toml";
const CONFIG = parseConfig(await readFile(FILE, "utf8"), FILE);

const SINCE = "1".repeat(40);
const tag = (name: string): TagFact => ({ name, commit: SINCE, reachable: true });

/** A crate that changed, a wheel that it pulls in, first releases, and one package that stays. */
const FACTS: Facts = factsOf(CONFIG.packages, {
  tags: [tag("rust-core-v1.2.0"), tag("py-v0.4.0"), tag("plain-v3.0.0")],
  changes: new Map([[SINCE, ["crates/core/lib.rs"]]]),
  since: new Map([[SINCE, 1]]),
});
const CHANGED: Plan = makePlan(FACTS);
const REQUESTED: Plan = makePlan({
  ...FACTS,
  requests: [{ name: "rust-core", version: "1.1.5" }, { name: "py", bump: "minor" }],
});

/** What the tags of the clone tell. */
const LAST = new Map<string, readonly (string | null)[]>([
  ["rust-core", ["1.2.0"]],
  ["py", ["0.4.0"]],
  ["plain", ["3.0.0"]],
  ...["pure", "@me/addon", "cli"].map((name) => [name, [null]] as const),
]);
const GROUNDS: PlanGrounds = { config: CONFIG, last: LAST };

type Json = { [key: string]: unknown } & { [key: number]: unknown };

/** The plan after it went through a file in which somebody put something else at a path; `undefined` takes it out. */
function withLie(plan: Plan, path: readonly (string | number)[], value: unknown): string {
  const document = structuredClone(plan) as unknown as Json;
  let at: Json = document;
  for (const step of path.slice(0, -1)) at = at[step] as Json;
  const last = path.at(-1)!;
  if (value === undefined && Array.isArray(at)) at.splice(Number(last), 1);
  else if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(document);
}

function check(text: string, grounds = GROUNDS): Plan {
  return checkPlan(parsePlan(text, KINDS), grounds);
}

test("checkPlan() takes every plan of this commit as it is, through a file", () => {
  for (const plan of [CHANGED, REQUESTED]) {
    deepEqual(check(JSON.stringify(plan)), plan);
    deepEqual(check(JSON.stringify(plan), { ...GROUNDS, last: undefined }), plan);
  }
  deepEqual(CHANGED.packages.map(({ reason }) => reason), [
    ...["changed", "dependency", "first-release", "first-release", "first-release"],
  ]);
});

test("checkPlan() takes fields that a later version added, wherever they stand", () => {
  const later = JSON.parse(
    JSON.stringify(CHANGED),
    (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? { ...value, added_later: "x" }
        : value,
  );
  deepEqual(check(JSON.stringify(later)), CHANGED);
});

test("checkPlan() takes a plan from before rows gave versions to builds, and no other value in their place", () => {
  const matrix = CHANGED.matrix.map(({ version_env: _, ...row }) => row);
  const older = { ...CHANGED, matrix };
  deepEqual(check(JSON.stringify(older)), older);
  const lie = JSON.stringify(CHANGED).replace(
    /"PDM_BUILD_SCM_VERSION":"[^"]+"/,
    '"PDM_BUILD_SCM_VERSION":"6.6.6"',
  );
  throws(() => check(lie), /version_env\.PDM_BUILD_SCM_VERSION of package "pure" is "6\.6\.6"/);
});

const LIES: readonly (readonly [
  name: string,
  path: readonly (string | number)[],
  value: unknown,
  why: RegExp,
])[] = [
  [
    "a tag of its own",
    ["packages", 0, "tag"],
    "v9.9.9-lie",
    /tag of package "rust-core" is "v9\.9\.9-lie", and has to be "rust-core-v1\.2\.1"/,
  ],
  [
    "a tag that git would read as a flag",
    ["packages", 0, "tag"],
    "--force",
    /tag of package "rust-core" is "--force"/,
  ],
  [
    "a tag that git would read as a refspec",
    ["packages", 0, "tag"],
    "x:refs/heads/main",
    /tag of package "rust-core" is "x:refs\/heads\/main"/,
  ],
  ["the tag of another package", ["packages", 0, "tag"], "py-v0.4.1", /tag of package "rust-core"/],
  [
    "a name that nobody declared",
    ["packages", 0, "name"],
    "nobody",
    /package "nobody" is not declared/,
  ],
  [
    "a name that starts as a flag does",
    ["packages", 0, "name"],
    "--registry",
    /package "--registry" is not declared/,
  ],
  ["one package twice", ["packages", 1], CHANGED.packages[0], /package "rust-core" is there twice/],
  [
    "packages in another order",
    ["packages"],
    CHANGED.packages.toReversed(),
    /package "cli" stands in the place of rust-core/,
  ],
  ["a package less", ["packages", 4], undefined, /package "cli" is neither planned nor left out/],
  [
    "a package that is left out as well",
    ["left_out", 0, "name"],
    "py",
    /package "py" is there twice/,
  ],
  [
    "another kind",
    ["packages", 0, "kind"],
    "npm",
    /kind of package "rust-core" is "npm", and has to be "crates"/,
  ],
  [
    "another name on the registry",
    ["packages", 1, "registry_name"],
    "somebody-elses",
    /registry_name of package "py" is "somebody-elses", and has to be "demo-py"/,
  ],
  [
    "a folder outside",
    ["packages", 0, "path"],
    "../..",
    /path of package "rust-core" is "\.\.\/\.\.", and has to be "crates\/core"/,
  ],
  [
    "a version that is not what it says that it raises",
    ["packages", 0, "version"],
    "9.9.9",
    /version of package "rust-core" is "9\.9\.9", and has to be "1\.2\.1"/,
  ],
  [
    "a version that is none",
    ["packages", 0, "version"],
    "1.0",
    /version "1\.0" of package "rust-core" is no semantic version/,
  ],
  [
    "a version that leads elsewhere",
    ["packages", 0, "version"],
    "1.0.0/../x",
    /version "1\.0\.0\/\.\.\/x" of package "rust-core" is no semantic version/,
  ],
  [
    "a version that starts as a flag does",
    ["packages", 0, "version"],
    "--version",
    /is no semantic version/,
  ],
  ["a version with a line break", ["packages", 0, "version"], "1.0.0\n", /is no semantic version/],
  ["a version with build metadata", ["packages", 0, "version"], "1.2.1+x", /has build metadata/],
  [
    "another version of a first release",
    ["packages", 2, "version"],
    "7.0.0",
    /version of package "pure" is "7\.0\.0", and has to be "0\.1\.0"/,
  ],
  [
    "another last release",
    ["packages", 0, "previous"],
    "1.1.0",
    /version of package "rust-core" is "1\.2\.1", and has to be "1\.1\.1"/,
  ],
  ["no last release", ["packages", 0, "previous"], null, /package "rust-core"/],
  [
    "a last release that is no version",
    ["packages", 0, "previous"],
    "refs/heads/main",
    /previous "refs\/heads\/main" of package "rust-core" is no semantic version/,
  ],
  [
    "a last release before a first one",
    ["packages", 2, "previous"],
    "0.0.9",
    /previous of package "pure" is "0\.0\.9", and has to be null/,
  ],
  [
    "another bump",
    ["packages", 0, "bump"],
    "major",
    /version of package "rust-core" is "1\.2\.1", and has to be "2\.0\.0"/,
  ],
  [
    "no bump",
    ["packages", 0, "bump"],
    null,
    /bump of package "rust-core" is null, and has to be "patch"/,
  ],
  [
    "other dependencies",
    ["packages", 1, "depends_on"],
    [],
    /depends_on\[0\] of package "py" is nothing, and has to be "rust-core"/,
  ],
  [
    "an artifact's name that leads out of its folder",
    ["packages", 0, "artifacts", 0, "artifact_name"],
    "rust-core-crate/../../x",
    /pattern/,
  ],
  [
    "the artifact of another package",
    ["packages", 0, "artifacts", 0, "artifact_name"],
    "rust-core-crate-2",
    /artifacts\[0\]\.artifact_name of package "rust-core" is "rust-core-crate-2", and has to be "rust-core-crate"/,
  ],
  [
    "a folder of files outside",
    ["packages", 0, "artifacts", 0, "artifact_path"],
    "/etc",
    /artifacts\[0\]\.artifact_path of package "rust-core" is "\/etc"/,
  ],
  [
    "another target",
    ["packages", 1, "artifacts", 0, "target"],
    "any",
    /artifacts\[0\]\.target of package "py" is "any", and has to be "x86_64-unknown-linux-gnu"/,
  ],
  [
    "a required file that is optional",
    ["packages", 1, "artifacts", 0, "required"],
    false,
    /artifacts\[0\]\.required of package "py" is false, and has to be true/,
  ],
  [
    "a wheel less",
    ["packages", 1, "artifacts", 0],
    undefined,
    /artifacts\[0\]\.target of package "py"/,
  ],
  [
    "another runner",
    ["packages", 1, "artifacts", 1, "runs_on"],
    "self-hosted",
    /artifacts\[1\]\.runs_on of package "py" is "self-hosted", and has to be "macos-14"/,
  ],
  [
    "a row of another version",
    ["matrix", 0, "version"],
    "9.9.9",
    /matrix\[0\]\.version of package "rust-core" is "9\.9\.9", and has to be "1\.2\.1"/,
  ],
  [
    "a row that builds elsewhere",
    ["matrix", 1, "bundle_cli", "stage_to"],
    "../../bin",
    /matrix\[1\]\.bundle_cli\.stage_to of package "py" is "\.\.\/\.\.\/bin"/,
  ],
  [
    "a row with a workflow of its own",
    ["matrix", 0, "build_workflow"],
    "evil.yml",
    /matrix\[0\]\.build_workflow of package "rust-core" is "evil\.yml", and has to be nothing/,
  ],
  ["a row less", ["matrix", 3], undefined, /matrix\[3\]/],
  ["a row more", ["matrix", CHANGED.matrix.length], CHANGED.matrix[0], /and has to be nothing/],
  [
    "a last release of what stays that is no version",
    ["left_out", 0, "previous"],
    ">=0 || x",
    /previous ">=0 \|\| x" of package "plain" is no semantic version/,
  ],
  [
    "another last release of what stays",
    ["left_out", 0, "previous"],
    "2.0.0",
    /previous of package "plain" is "2\.0\.0", and has to be "3\.0\.0"/,
  ],
  [
    "something unchanged that was never released",
    ["left_out", 0, "previous"],
    null,
    /package "plain" cannot be left out as "unchanged" there, only as skipped/,
  ],
  [
    "something that was not requested where nothing was",
    ["left_out", 0, "reason"],
    "not-requested",
    /reason of package "rust-core" is "changed", and has to be "requested"/,
  ],
  ["a commit that is none", ["head"], "main", /pattern/],
  ["another document", ["schema"], 2, /expected 1/],
];

for (const [name, path, value, why] of LIES) {
  test(`checkPlan() refuses ${name}, and says what it should be`, () => {
    throws(() => check(withLie(CHANGED, path, value)), (error: unknown) => {
      equal(error instanceof Failure && error.code, "PIOT_PLAN_INVALID");
      match((error as Failure).message, /^Cannot use the plan: /);
      match((error as Failure).message, why);
      return true;
    });
  });
}

test("checkPlan() refuses a consistent lie about the version of what nobody asked for", () => {
  const lie = JSON.stringify(CHANGED).replaceAll("1.2.1", "1.3.0");
  throws(() => check(lie), /version of package "rust-core" is "1\.3\.0", and has to be "1\.2\.1"/);
});

test("checkPlan() refuses another last release of a version that is spelled out, where tags tell", () => {
  const lie = withLie(REQUESTED, ["packages", 0, "previous"], "1.0.0");
  throws(() => check(lie), /previous of package "rust-core" is "1\.0\.0", and has to be "1\.2\.0"/);
  // A clone whose history is cut knows no better.
  doesNotThrow(() => check(lie, { ...GROUNDS, last: undefined }));
});

test("checkPlan() takes the last release from before other tags of this commit", () => {
  const last = new Map([...LAST, ["py", ["0.5.0", "0.4.0"]] as const]);
  deepEqual(check(JSON.stringify(REQUESTED), { config: CONFIG, last }), REQUESTED);
});

test("checkPlan() says what a plan must warn of, whether its file does or not", () => {
  const below = "rust-core ships at 1.1.5, below its last release, 1.2.0";
  deepEqual(REQUESTED.warnings.includes(below), true);
  deepEqual(check(withLie(REQUESTED, ["warnings"], [])).warnings, [below]);
});

test("checkPlan() refuses a plan that another configuration made", () => {
  const [first, ...rest] = CONFIG.packages;
  for (
    const changes of [
      { tagFormat: "v{version}" },
      { path: "crates/other" },
      { registryName: "other" },
      { dependsOn: ["pure"] },
      { buildWorkflow: "other.yml" },
    ]
  ) {
    const config = { ...CONFIG, packages: [{ ...first!, ...changes }, ...rest] };
    throws(() => check(JSON.stringify(CHANGED), { config, last: LAST }), {
      code: "PIOT_PLAN_INVALID",
    });
  }
});

/** Every place in a plan that holds a single value, warnings and the reasons that only people read apart. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((one, at) => placesOf(one, [...path, at]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).filter(([key]) => !["warnings", "reason"].includes(key))
      .flatMap(([key, one]) => placesOf(one, [...path, key]));
  }
  return [[...path]];
}

const ANYTHING = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constantFrom(null, 0, "patch", "npm", "1.2.1", "../x", "--x", "any", "0.1.0", [], {}),
);

test("checkPlan() refuses any single value that is not the one that this commit's plan has", () => {
  for (const plan of [CHANGED, REQUESTED]) {
    const places = placesOf(plan).filter(([first]) => first !== "head");
    fc.assert(
      fc.property(fc.constantFrom(...places), ANYTHING, (path, value) => {
        const before = path.reduce<unknown>((at, step) => (at as Json)[step], plan);
        // A bump or none is what people read of a version that is spelled out.
        fc.pre(JSON.stringify(before) !== JSON.stringify(value) && path.at(-1) !== "bump");
        throws(() => check(withLie(plan, path, value)), { code: "PIOT_PLAN_INVALID" });
      }),
      { numRuns: 1_000 },
    );
  }
});

test("checkPlan() refuses a plan that any single entry was taken out of or put in twice", () => {
  const lists = [["packages"], ["matrix"], ["packages", 1, "artifacts"]] as const;
  for (const list of lists) {
    const entries = list.reduce<unknown>((at, step) => (at as Json)[step], CHANGED) as unknown[];
    for (const at of entries.keys()) {
      throws(() => check(withLie(CHANGED, [...list, at], undefined)), {
        code: "PIOT_PLAN_INVALID",
      });
      throws(() => check(withLie(CHANGED, list, [...entries, entries[at]])), {
        code: "PIOT_PLAN_INVALID",
      });
    }
  }
});
