import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { CONFIG, RELEASE } from "../../support/doctor_facts.ts";
import { runDoctor } from "../../support/doctor_run.ts";

const FILES = {
  "py/pyproject.toml":
    `[build-system]\nbuild-backend = "maturin"\n[project]\nname = "demo-py"\nversion = "0.1.0"\nlicense = "MIT"\n`,
  "js/package.json": JSON.stringify({ name: "demo-js", version: "0.1.0", license: "MIT" }),
  "putitoutthere.toml": CONFIG,
  ".github/workflows/release.yml": RELEASE,
};

test("doctor opens with a line for each package, then the phases by their names, then the end", async () => {
  const { status, stderr } = await runDoctor(FILES);
  equal(status, 0, stderr);
  const starts = stderr.trim().split("\n").map((line) => line.split(/ {2}|:/)[0]);
  deepEqual(starts, [
    "demo-py",
    "demo-js",
    "trust policy (local)",
    "trust policy (declared)",
    "trust policy (crates.io registry)",
    "trust policy (last release)",
    "All checks passed.",
  ]);
});

test("doctor tells a finding with its place and its mend, and ends with 1", async () => {
  const text = RELEASE.replace("      id-token: write\n", "");
  const { status, stderr, document } = await runDoctor({
    ...FILES,
    ".github/workflows/release.yml": text,
  });
  equal(status, 1);
  match(
    stderr,
    /error\[id-token\]: Job "publish" publishes without `id-token: write`: it has `id-token: none`\n --> \.github\/workflows\/release\.yml:60:7\n(?:.*\n){3}help: Give the job/,
  );
  match(stderr, /\n\n\d problems\.\n$/);
  equal(document.passed, false);
});

test("doctor annotates in GitHub Actions: failures as errors, what it cannot tell as notices", async () => {
  const text = RELEASE.replace("      id-token: write\n", "").replace(
    "environment: release",
    "environment: ${{ vars.WHERE }}",
  );
  const { stderr } = await runDoctor({ ...FILES, ".github/workflows/release.yml": text }, {
    env: { GITHUB_ACTIONS: "true" },
  });
  match(
    stderr,
    /^::error file=\.github\/workflows\/release\.yml,line=60,col=7,title=doctor%3A id-token::Job "publish"/m,
  );
  match(stderr, /^::notice file=.*title=doctor%3A environment::Cannot tell: /m);
});

test("a configuration that does not load is a finding with its place, and the workflows are judged all the same", async () => {
  const { status, document } = await runDoctor({
    ...FILES,
    "putitoutthere.toml": CONFIG.replace("pypi", "pipy"),
  });
  equal(status, 1);
  const [found] = document.findings;
  deepEqual([found!.check, found!.location?.line], ["configuration", 6]);
  equal(document.trust_policy[0]!.verdict, "passed");
  deepEqual(document.packages, []);
});

test("a folder with nothing in it is told so, and is no bug", async () => {
  const { status, document } = await runDoctor({});
  equal(status, 1);
  deepEqual(document.findings.map(({ check }) => check), ["configuration", "publish-job"]);
});
