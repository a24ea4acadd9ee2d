import assert from "node:assert/strict";
import { test } from "node:test";
import {
  includedFiles,
  isCredentialProgram,
  isReplacedByFolder,
  leadingSetting,
  readCargoSettings,
} from "../../../src/core/manifest/cargo_settings.ts";

const NOTATIONS: readonly {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}[] = [
  { name: "a table", text: '\n[http]\nproxy = "p"', line: 3 },
  { name: "a dotted key", text: 'http.proxy = "p"', line: 1 },
  { name: "quoted keys", text: '\n"http"."proxy" = \'p\'', line: 2 },
  { name: "an inline table", text: 'x = 1\r\nhttp = { retry = 1, proxy = "p" }\r\n', line: 2 },
  { name: "a text with a byte order mark", text: '\ufeff[http]\nproxy = "p"', line: 2 },
];
for (const { name, text, line } of NOTATIONS) {
  test(`a proxy is found in ${name}`, () => {
    const [found, ...others] = readCargoSettings(text, "config.toml").filter((setting) =>
      leadingSetting(setting) !== undefined
    );
    assert.deepEqual([found?.path, found?.value, found?.line], [["http", "proxy"], "p", line]);
    assert.match(found!.excerpt, /proxy/);
    assert.deepEqual(others, []);
  });
}

test("leadingSetting() names the variable by which the user says the same", () => {
  const variableOf = (text: string): string | undefined =>
    leadingSetting(readCargoSettings(text, "")[0]!)?.variable;
  assert.equal(variableOf('http.proxy = "p"'), "CARGO_HTTP_PROXY");
  assert.equal(variableOf('http.proxy-cainfo = "p"'), "CARGO_HTTP_PROXY_CAINFO");
  assert.equal(variableOf('registry.default = "p"'), undefined);
});

test("programs that would see the token are known by every key that names one", () => {
  const lines = [
    'registry.credential-provider = ["x"]',
    'registry.global-credential-providers = ["x"]',
    'registries.crates-io.credential-provider = ["x"]',
    'credential-alias.mine = ["x"]',
    'registries.corp.credential-provider = ["x"]',
    'build.rustc-wrapper = "x"',
  ];
  const known = lines.map((line) => isCredentialProgram(readCargoSettings(line, "")[0]!));
  assert.deepEqual(known, [true, true, true, true, false, false]);
});

test("a stand-in for crates.io is a folder when its chain ends in one", () => {
  const chain = (...lines: readonly string[]): boolean =>
    isReplacedByFolder(readCargoSettings(lines.join("\n"), ""));
  const first = 'source.crates-io.replace-with = "a"';
  assert.ok(chain(first, 'source.a.directory = "vendor"'));
  assert.ok(chain(first, 'source.a.replace-with = "b"', 'source.b.local-registry = "r"'));
  assert.equal(chain(first), false);
  assert.equal(chain(first, 'source.a.registry = "sparse+https://a.example/"'), false);
  assert.equal(chain(first, 'source.a.replace-with = "crates-io"'), false);
});

test("includedFiles() reads a path, a list of them, and tables", () => {
  assert.deepEqual(includedFiles('include = "a.toml"'), ["a.toml"]);
  assert.deepEqual(includedFiles('include = ["a.toml", { path = "b.toml", optional = true }]'), [
    "a.toml",
    "b.toml",
  ]);
  assert.deepEqual(includedFiles("[[include]]\npath = 'c.toml'"), ["c.toml"]);
  assert.deepEqual(includedFiles("include = 1"), []);
  assert.deepEqual(includedFiles("= ="), []);
});
