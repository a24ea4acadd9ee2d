/**
 * The product's rules held against those of the local registries, which were written from other sources: what the product
 * lets through, a registry takes. A mistake in either shows here.
 */

import assert from "node:assert/strict";
import { builtinModules } from "node:module";
import { test } from "node:test";
import validateName from "validate-npm-package-name";
import {
  crateNameFault,
  isSameVersion as isSameCrateVersion,
} from "../../src/core/crates/crates_index.ts";
import { CRATES as CRATES_RULES } from "../../src/core/crates/crates_kind.ts";
import { isDistTag } from "../../src/core/npm/dist_tag.ts";
import { newNameProblem } from "../../src/core/npm/manifest_rules.ts";
import { NPM } from "../../src/core/npm/npm_kind.ts";
import { parseSdistName, parseWheelName, sdistName } from "../../src/core/pypi/file_name.ts";
import { fileNamePart, isProjectName, normaliseName } from "../../src/core/pypi/spelling.ts";
import {
  comparePep440,
  isSamePep440,
  isSpecifierSet,
  normalisePep440,
  parsePep440,
} from "../../src/core/pypi/pep440.ts";
import { judgePlatformTag } from "../../src/core/pypi/platform_tag.ts";
import {
  canonicalName as canonicalCrate,
  uniqueVersion,
} from "../../src/rehearsal/crates/crates_state.ts";
import { checkNameAndVersion } from "../../src/rehearsal/crates/manifest_checks.ts";
import { tagTrouble } from "../../src/rehearsal/npm/dist_tags.ts";
import {
  canonicalName,
  isNameOfProject,
  isSameVersion,
  nameInFiles,
  parseWheelFileName,
  readVersion,
  wrongSpecifier,
} from "../../src/rehearsal/pypi/packaging.ts";
import { takesPlatform } from "../../src/rehearsal/pypi/platform_tags.ts";
import fc from "../support/property.ts";

/** Texts made of pieces that mean something to a rule. */
function made(pieces: string, most: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces.split(" ")), { minLength: 1, maxLength: most })
    .map((chosen) => chosen.join("").replaceAll("_SPACE_", " "));
}

const VERSIONS = fc.oneof(
  made("1 0 10 01 . . .0 - _ ! a b rc c alpha beta pre preview post rev r dev v + local 7", 8),
  fc.tuple(
    fc.constantFrom("", "v", "1!", "0!"),
    fc.constantFrom("1", "1.0", "1.0.0", "0.0", "2026.1", "10"),
    fc.constantFrom("", "a1", ".alpha-1", "b", "rc01", "_pre", "c2"),
    fc.constantFrom("", ".post1", "-2", "r3", "-rev", "post02"),
    fc.constantFrom("", ".dev1", "dev", "-dev10"),
    fc.constantFrom("", "+a", "+a.1", "+1-b", "+10.02"),
  ).map((pieces) => pieces.join("")),
);
const SPECIFIERS = fc.oneof(
  fc.tuple(
    fc.constantFrom("==", "!=", "~=", "<=", ">=", "<", ">", "===", "=", ""),
    fc.constantFrom("", " "),
    fc.oneof(VERSIONS, fc.constantFrom("3.*", "3.9.*", "3.9rc1.*", "3.9.dev0.*", "3", "3.9+l")),
  ).map((pieces) => pieces.join("")),
  fc.constantFrom("", ">=3.9,", ">=3.9, !=3.10.*", ",", "3.9", ">=3.9 <4", "===any thing"),
);
const NAMES = made("a B 0 - _ . é _SPACE_ z9", 5);
const WHEELS = fc.tuple(
  fc.constantFrom("demo", "De.mo", "de__mo", "de-mo", "", "démo"),
  fc.constantFrom("1.0", "1.0rc1", "next", ""),
  fc.constantFrom("", "", "-1", "-a", "-1a"),
  fc.constantFrom("-py3-none-any", "-py2.py3-none-any", "-py3-none", "-cp312-abi3-win32.win_amd64"),
  fc.constantFrom(".whl", ".whl", ".zip"),
).map(([name, version, build, tags, end]) => `${name}-${version}${build}${tags}${end}`);

const PLATFORMS = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      "manylinux",
      "musllinux",
      "linux",
      "macosx",
      "ios",
      "android",
      "freebsd",
      "win",
    ),
    fc.constantFrom("", "1", "2010", "2014", "_2_17", "_10_12", "_11_0", "_12_3", "_26_0", "_21"),
    fc.constantFrom(
      ...["x86_64", "i686", "aarch64", "armv7l", "armv6l", "ppc64", "ppc64le", "s390x", "riscv64"],
      ...[
        "loongarch64",
        "arm64",
        "universal2",
        "universal",
        "intel",
        "i386",
        "fat",
        "fat3",
        "fat32",
      ],
      ...["arm64_iphoneos", "x86_64_iphonesimulator", "arm64_v8a", "x86", "amd64", "arm64_watchos"],
    ),
  ).map(([system, version, cpu]) => `${system}${version}_${cpu}`),
  fc.constantFrom("any", "win32", "win_ia64", "win_arm", "pyemscripten_2025_0_wasm32", "none", ""),
);
const CRATES = made("a Z 0 - _ . é _SPACE_ demo", 4);
const TAGS = made("1 2 0 01 . . x X v - beta latest next b 1.x rc.1", 6);

/** A rule, the texts that it judges, and what each side says of one. */
interface Rule {
  readonly name: string;
  readonly texts: fc.Arbitrary<string>;
  readonly product: (text: string) => unknown;
  readonly registry: (text: string) => unknown;
}

/** Rules in which both sides say the same. */
const SAME: readonly Rule[] = [
  {
    name: "what is a version of a Python project, and how it is spelled",
    texts: VERSIONS,
    product: normalisePep440,
    registry: (text) => readVersion(text)?.text,
  },
  {
    name: "which Python versions are asked for",
    texts: SPECIFIERS,
    product: isSpecifierSet,
    registry: (text) => wrongSpecifier(text) === undefined,
  },
  {
    name: "what is a project's name",
    texts: NAMES,
    product: isProjectName,
    registry: isNameOfProject,
  },
  {
    name: "the name under which a project is kept",
    texts: NAMES,
    product: normaliseName,
    registry: canonicalName,
  },
  {
    name: "the name with which a project's files begin",
    texts: NAMES,
    product: fileNamePart,
    registry: nameInFiles,
  },
  {
    name: "which platforms wheels may be for",
    texts: PLATFORMS,
    product: (tag) => judgePlatformTag(tag) === "taken",
    registry: takesPlatform,
  },
  {
    name: "what may be a crate's name",
    texts: CRATES,
    product: (name) => crateNameFault(name) === undefined,
    registry: (name) => !throws(() => checkNameAndVersion({ name, vers: "1.0.0" })),
  },
  {
    name: "which tag is none to npm",
    texts: TAGS,
    product: isDistTag,
    registry: (tag) => tagTrouble(tag) === undefined,
  },
];
for (const { name, texts, product, registry } of SAME) {
  test(`the product and the registry agree on ${name}`, () => {
    fc.assert(
      fc.property(texts, (text) => assert.deepEqual(product(text), registry(text))),
      { numRuns: 2000 },
    );
  });
}

/** Rules in which the product may be the stricter side. */
const STRICTER: readonly Rule[] = [
  {
    name: "a wheel by its name",
    texts: WHEELS,
    product: (fileName) => typeof parseWheelName(fileName) !== "string",
    registry: (fileName) => typeof parseWheelFileName(fileName) !== "string",
  },
  {
    name: "a new name on npm",
    texts: fc.oneof(
      made("a B 0 - _ . ~ @ / ' ! _SPACE_ demo @acme/ node_modules %", 4),
      fc.constantFrom(...builtinModules, "favicon.ico", "node_modules", "a".repeat(215)),
    ),
    product: (name) =>
      new RegExp(NPM.names.pattern, "u").test(name) && name.length <= NPM.names.maxLength &&
      newNameProblem(name) === undefined,
    registry: (name) => validateName(name).validForNewPackages,
  },
];
for (const { name, texts, product, registry } of STRICTER) {
  test(`the registry takes ${name} that the product lets through`, () => {
    let passed = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (product(text) !== true) return;
        passed++;
        assert.equal(registry(text), true);
      }),
      { numRuns: 2000 },
    );
    assert.ok(passed > 20, `${passed} were let through`);
  });
}

function throws(act: () => void): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

test("the product and PyPI's server order versions alike", () => {
  fc.assert(
    fc.property(VERSIONS, VERSIONS, (left, right) => {
      const [mine, other] = [parsePep440(left), parsePep440(right)];
      const [mineThere, otherThere] = [readVersion(left)?.key, readVersion(right)?.key];
      if (mine === undefined || other === undefined) return;
      const order = mineThere! < otherThere! ? -1 : mineThere === otherThere ? 0 : 1;
      assert.equal(Math.sign(comparePep440(mine, other)), order, `${left} and ${right}`);
      assert.equal(isSamePep440(left, right), isSameVersion(left, right));
    }),
    { numRuns: 5000 },
  );
});

test("the product and crates.io's server agree on which crates and which versions are one", () => {
  fc.assert(
    fc.property(CRATES, CRATES, (left, right) => {
      assert.equal(
        CRATES_RULES.names.canonical(left) === CRATES_RULES.names.canonical(right),
        canonicalCrate(left) === canonicalCrate(right),
      );
    }),
  );
  for (
    const [left, right] of [["1.0.0", "1.0.0+a"], ["1.0.0-a+b", "1.0.0-a"], ["1.0.0", "1.0.1"]]
  ) {
    assert.equal(isSameCrateVersion(left!, right!), uniqueVersion(left!) === uniqueVersion(right!));
  }
});

test("the name that the product gives an sdist is one that it reads", () => {
  fc.assert(
    fc.property(VERSIONS.filter((text) => readVersion(text) !== undefined), (version) => {
      const name = parseSdistName(sdistName("My.Demo", version));
      assert.ok(typeof name !== "string");
      assert.equal(name.version, readVersion(version)!.text);
    }),
  );
});
