/** What code of packages finds in a rehearsal: no credential in its own environment, and a warning of those that are near. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newUser, rehearseIn, repoOf } from "../../support/rehearsal.ts";
import { needs } from "../../support/tools.ts";

/** Notes its environment, whoever runs it. */
const script = (path: string): string =>
  `use std::io::Write;
fn main() {
  let mut file = std::fs::OpenOptions::new().append(true).create(true).open(${
    JSON.stringify(path)
  }).unwrap();
  for (name, value) in std::env::vars() { writeln!(file, "{name}={value}").unwrap(); }
}
`;

const REAL = {
  CARGO_REGISTRY_TOKEN: `cio${"s".repeat(32)}`,
  GITHUB_TOKEN: `ghs_${"s".repeat(36)}`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "s3cr3t-of-the-job",
  ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:9/token",
  OWN_PASSWORD: "s3cr3t-of-the-user",
};

test(
  "a rehearsal hands no credential to what it builds, and says which of the job it could read",
  await needs("git", "cargo"),
  async () => {
    await using user = await newUser();
    const seen = join(user.path, "seen");
    await using repo = await repoOf(
      [{ name: "app", kind: "crates", path: "app", paths: ["app/**"] }],
      {
        "app/Cargo.toml":
          '[package]\nname = "app"\nversion = "0.0.0"\nedition = "2021"\ndescription = "x"\nlicense = "MIT"\n',
        "app/src/lib.rs": "",
        "app/build.rs": script(seen),
      },
    );
    const env = { ...user.env, ...REAL };
    const { problems, warnings } = await rehearseIn(repo.path, { user: { env } });
    assert.deepEqual(problems, []);
    const environment = await readFile(seen, "utf8");
    assert.match(environment, /^CARGO_PKG_NAME=app$/m);
    for (const [name, value] of Object.entries(REAL)) {
      assert.equal(environment.includes(value), false, name);
    }
    assert.doesNotMatch(environment, /TOKEN=/);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /while CARGO_REGISTRY_TOKEN, GITHUB_TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN, OWN_PASSWORD can be read by what their build scripts run/,
    );
  },
);
