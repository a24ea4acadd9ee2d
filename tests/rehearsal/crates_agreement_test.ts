/**
 * What the product says of a crate's metadata, held against the local crates.io, which has its rules from crates.io's own
 * source: what one refuses, the other does.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { CRATES } from "../../src/core/crates/crates_kind.ts";
import { licenseFault } from "../../src/core/crates/license_rule.ts";
import { addressFault, isKeyword, isReservedName } from "../../src/core/crates/metadata_rules.ts";
import type { CargoMember } from "../../src/registry/crates/cargo_workspace.ts";
import { preflight } from "../../src/registry/crates/preflight.ts";
import { isRequirement } from "../../src/rehearsal/crates/requirement.ts";
import { checkDeclared, checkFeatures } from "../../src/rehearsal/crates/dependency_checks.ts";
import { declaredDependencies, tableAt } from "../../src/rehearsal/crates/index_line.ts";
import { wrongLicense } from "../../src/rehearsal/crates/license_expression.ts";
import { isReserved } from "../../src/rehearsal/crates/manifest_checks.ts";
import { checkMetadata } from "../../src/rehearsal/crates/metadata_checks.ts";
import { Refusal } from "../../src/rehearsal/server/messages.ts";
import { crate, makeRelease } from "../registry/crates/crates_world.ts";
import fc from "../support/property.ts";

const TERMS = fc.oneof(
  fc.constantFrom("MIT", "Apache-2.0", "GPL-3.0", "GPL-2.0-or-later", "Unlicense", "0BSD"),
  fc.constantFrom("mit", "Apache 2.0", "Foo", "Proprietary", "BSD", "NONE", "UNLICENSED", ""),
  fc.constantFrom("LicenseRef-own", "DocumentRef-a:LicenseRef-b", "DocumentRef-a: LicenseRef-b"),
  fc.constantFrom("LLVM-exception", "Classpath-exception-2.0", "a:b", "é", "ORMIT", "ANDy"),
);
const JOINS = fc.oneof(
  fc.constantFrom(" OR ", " AND ", "/", " / ", " WITH ", "\tOR\n", ")OR("),
  fc.constantFrom(" or ", " and ", "OR", " ", ",", " | ", "+ OR ", "+/", " +", "//", "+AND "),
);
const EXPRESSIONS = fc.tuple(
  fc.constantFrom("", "", "", "(", "((", " "),
  fc.array(fc.tuple(TERMS, JOINS), { minLength: 0, maxLength: 3 }),
  TERMS,
  fc.constantFrom("", "", "", ")", "+", "))", " WITH LLVM-exception", " "),
).map(([open, parts, last, close]) => open + parts.flat().join("") + last + close);

test("the product and crates.io's server take the same licence expressions", () => {
  let taken = 0;
  fc.assert(
    fc.property(EXPRESSIONS, (text) => {
      const fault = licenseFault(text);
      const wrong = wrongLicense(text);
      assert.equal(fault === undefined, wrong === undefined, `${text}: ${fault}; ${wrong}`);
      if (fault === undefined) taken++;
    }),
    { numRuns: 5000 },
  );
  assert.ok(taken > 200, `${taken} were taken`);
});

const LICENCES: readonly [string, boolean][] = [
  ["MIT", true],
  ["MIT OR Apache-2.0", true],
  ["MIT/Apache-2.0", true],
  ["MIT / Apache-2.0", true],
  ["MIT OR (Apache-2.0 AND BSD-3-Clause)", true],
  ["GPL-3.0+", true],
  ["GPL-2.0-only WITH Classpath-exception-2.0", true],
  ["Apache-2.0 WITH LLVM-exception", true],
  ["LicenseRef-Acme", true],
  ["GPL-2.0", true],
  ["Foo Bar", false],
  ["Proprietary", false],
  ["UNLICENSED", false],
  ["apache 2.0", false],
  ["mit", false],
  ["MIT or Apache-2.0", false],
  ["MIT, Apache-2.0", false],
  ["MIT AND", false],
  ["MIT +", false],
  ["(MIT", false],
  ["MIT WITH Apache-2.0", false],
  ["MIT License", false],
  ["See LICENSE", false],
  ["", false],
  [" ", false],
];
for (const [text, isTaken] of LICENCES) {
  test(`the licence "${text}" is ${isTaken ? "taken" : "refused"}`, () => {
    assert.equal(licenseFault(text) === undefined, isTaken);
    assert.equal(wrongLicense(text) === undefined, isTaken, wrongLicense(text));
  });
}

const ADDRESSES = fc.oneof(
  fc.tuple(
    fc.constantFrom("https://", "http://", "HTTPS://", "https:/", "ftp://", "git@", "//", ""),
    fc.constantFrom("example.com", "", "[::1]", "[", "exa mple", "a:99999", "a:80", "é.org", "%"),
    fc.constantFrom("", "/", "/a b", "/%zz", "?q#f", "\n"),
  ).map((pieces) => pieces.join("")),
  fc.webUrl(),
);

test("the product and crates.io's server take the same addresses", () => {
  fc.assert(
    fc.property(ADDRESSES, (url) => {
      const table = { ...PACKAGE, homepage: url };
      assert.equal(addressFault(url) === undefined, !refuses(() => checkMetadata(table)), url);
    }),
    { numRuns: 1000 },
  );
});

test("the product and crates.io's server take the same keywords", () => {
  const words = fc.string({ unit: fc.constantFrom(..."aZ0-_+ .é"), maxLength: 22 });
  fc.assert(
    fc.property(words, (word) => {
      const table = { ...PACKAGE, keywords: [word] };
      assert.equal(isKeyword(word), !refuses(() => checkMetadata(table)), word);
    }),
    { numRuns: 1000 },
  );
});

test("the product and crates.io's server reserve the same names", () => {
  const names = "std Core proc-macro rustc_LLVM test unicode com1 LPT9 com10 demo serde rust".split(
    " ",
  );
  for (const name of [...names, "rust-installer", "compiler_builtins"]) {
    const canonical = CRATES.names.canonical(name);
    assert.equal(isReservedName(canonical), isReserved(canonical), name);
  }
});

const PACKAGE = { description: "A crate", license: "MIT" };

/** Manifests as cargo packages them, and whether crates.io takes them. */
const MANIFESTS: readonly {
  readonly name: string;
  readonly table: Readonly<Record<string, unknown>>;
  readonly features?: Readonly<Record<string, readonly string[]>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly isTaken: boolean;
}[] = [
  { name: "what is asked for", table: PACKAGE, isTaken: true },
  { name: "no description", table: { license: "MIT" }, isTaken: false },
  { name: "an empty description", table: { ...PACKAGE, description: "" }, isTaken: false },
  { name: "a blank description", table: { ...PACKAGE, description: " " }, isTaken: true },
  { name: "no licence", table: { description: "A" }, isTaken: false },
  { name: "a licence file", table: { description: "A", "license-file": "L" }, isTaken: true },
  {
    name: "an empty licence beside a file",
    table: { description: "A", license: "", "license-file": "L" },
    isTaken: false,
  },
  {
    name: "a wrong licence beside a file",
    table: { ...PACKAGE, license: "Foo Bar", "license-file": "L" },
    isTaken: false,
  },
  {
    name: "1000 bytes of description",
    table: { ...PACKAGE, description: "é".repeat(500) },
    isTaken: true,
  },
  {
    name: "1002 bytes of description in 501 characters",
    table: { ...PACKAGE, description: "é".repeat(501) },
    isTaken: false,
  },
  { name: "an empty address", table: { ...PACKAGE, homepage: "" }, isTaken: false },
  { name: "half an address", table: { ...PACKAGE, repository: "https://" }, isTaken: false },
  { name: "five keywords", table: { ...PACKAGE, keywords: [..."abcde"] }, isTaken: true },
  { name: "six keywords", table: { ...PACKAGE, keywords: [..."abcdef"] }, isTaken: false },
  { name: "an empty keyword", table: { ...PACKAGE, keywords: [""] }, isTaken: false },
  { name: "six categories", table: { ...PACKAGE, categories: [..."abcdef"] }, isTaken: false },
  { name: "300 features", table: PACKAGE, features: many(300), isTaken: true },
  { name: "301 features", table: PACKAGE, features: many(301), isTaken: false },
  {
    name: "301 items in a feature",
    table: PACKAGE,
    features: { all: Object.keys(many(301)) },
    isTaken: false,
  },
  { name: "any version of a crate", table: PACKAGE, dependencies: { serde: "*" }, isTaken: false },
  { name: "501 dependencies", table: PACKAGE, dependencies: needs(501), isTaken: false },
];

function many(count: number): Record<string, readonly string[]> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, []]));
}

function needs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`d${at}`, "^1"]));
}

for (const { name, table, features = {}, dependencies = {}, isTaken } of MANIFESTS) {
  test(`the product and crates.io's server both ${isTaken ? "take" : "refuse"} ${name}`, () => {
    const manifest = { package: table, features, dependencies };
    const isRefused = refuses(() => {
      checkMetadata(table);
      checkFeatures(tableAt(manifest, "features"));
      checkDeclared(declaredDependencies(manifest));
    });
    const release = makeRelease(crate("demo"), { version: "1.0.0", commit: undefined });
    assert.ok(release.package.kind === "crates");
    const found = preflight(memberOf(manifest), { ...release, package: release.package });
    assert.deepEqual([isRefused, found.length > 0], [!isTaken, !isTaken], found[0]?.message);
  });
}

/** What `cargo metadata` says of such a manifest. */
function memberOf(
  { package: table, features, dependencies }: {
    readonly package: Readonly<Record<string, unknown>>;
    readonly features: CargoMember["features"];
    readonly dependencies: Readonly<Record<string, string>>;
  },
): CargoMember {
  const text = (key: string): string | null => table[key] as string | undefined ?? null;
  const list = (key: string): readonly string[] => table[key] as string[] | undefined ?? [];
  return {
    name: "demo",
    version: "1.0.0",
    manifest_path: "/demo/Cargo.toml",
    description: text("description"),
    license: text("license"),
    license_file: text("license-file"),
    readme: null,
    homepage: text("homepage"),
    documentation: text("documentation"),
    repository: text("repository"),
    keywords: list("keywords"),
    categories: list("categories"),
    features,
    publish: null,
    dependencies: Object.entries(dependencies).map(([name, req]) => ({
      ...{ name, req, kind: null, registry: null },
      source: "registry+https://github.com/rust-lang/crates.io-index",
    })),
  };
}

function refuses(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

const REQUIREMENTS: readonly [string, boolean][] = [
  ...["1", "^1.2", "~1.2.3", "=1.0.0-rc.1+b", "1.*", "1.2.x", ">=1, <2", "*", ">= 1"].map(
    (text): [string, boolean] => [text, true],
  ),
  ...["", "a", "1.*.3", "*.1", "1,", "1 2", "^^1", "01", "v1", "1.2.3.4", "1 || 2"].map(
    (text): [string, boolean] => [text, false],
  ),
];
for (const [text, isOne] of REQUIREMENTS) {
  test(`"${text}" is ${isOne ? "a" : "no"} requirement`, () => {
    assert.equal(isRequirement(text), isOne);
  });
}
