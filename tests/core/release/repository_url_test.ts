import { test } from "node:test";
import assert from "node:assert/strict";
import { parseRepositoryUrl, repositoryOfRun } from "../../../src/core/release/repository_url.ts";

const READ = [
  "https://github.com/ada/engine",
  "https://github.com/ada/engine.git",
  "https://github.com/ada/engine/",
  "https://GitHub.com/ada/engine.git/",
  "https://www.github.com/ada/engine",
  "https://x-access-token:secret@github.com/ada/engine.git",
  "git+https://github.com/ada/engine.git#readme",
  "git://github.com/ada/engine.git",
  "ssh://git@github.com/ada/engine.git",
  "ssh://git@github.com:22/ada/engine",
  "ssh://git@ssh.github.com:443/ada/engine.git",
  "git+ssh://git@github.com/ada/engine.git",
  "git@github.com:ada/engine.git",
  "github.com:ada/engine",
  "git@github.com:/ada/engine.git",
  " https://github.com/ada/engine\n",
];
for (const url of READ) {
  test(`parseRepositoryUrl() reads ${JSON.stringify(url)}`, () => {
    const expected = { host: "github.com", repository: "ada/engine" };
    assert.deepEqual(parseRepositoryUrl(url), expected);
  });
}

const NOT_READ = [
  "",
  "/srv/git/engine.git",
  "../engine.git",
  "C:/work/engine",
  "file:///srv/ada/engine.git",
  "https://github.com/ada",
  "https://github.com/ada/engine/tree/main",
  "https://github.com/../engine",
  "git@github.com:ada/en gine",
];
for (const url of NOT_READ) {
  test(`parseRepositoryUrl() finds no repository in ${JSON.stringify(url)}`, () => {
    assert.equal(parseRepositoryUrl(url), undefined);
  });
}

test("parseRepositoryUrl() keeps the port of a web address and drops the one of ssh", () => {
  assert.equal(parseRepositoryUrl("http://127.0.0.1:8080/ada/engine")?.host, "127.0.0.1:8080");
  assert.equal(parseRepositoryUrl("ssh://git@ghe.example:2222/ada/engine")?.host, "ghe.example");
});

const RUNS = [
  { name: "what Actions declares", facts: { declared: "ada/engine" }, is: "ada/engine" },
  {
    name: "what Actions declares before the remote",
    facts: { declared: "ada/engine", remoteUrl: "git@github.com:bob/fork" },
    is: "ada/engine",
  },
  {
    name: "the remote when Actions declares nothing",
    facts: { declared: "", remoteUrl: "git@github.com:bob/fork" },
    is: "bob/fork",
  },
  {
    name: "a remote on the declared server",
    facts: { server: "https://ghe.example", remoteUrl: "https://ghe.example/bob/fork" },
    is: "bob/fork",
  },
  {
    name: "nothing for a remote elsewhere",
    facts: { remoteUrl: "https://gitlab.com/bob/fork" },
    is: undefined,
  },
  { name: "nothing without a remote", facts: {}, is: undefined },
  {
    name: "nothing for a declaration that is no repository",
    facts: { declared: "../../x" },
    is: undefined,
  },
];
for (const { name, facts, is } of RUNS) {
  test(`repositoryOfRun() takes ${name}`, () => assert.equal(repositoryOfRun(facts), is));
}
