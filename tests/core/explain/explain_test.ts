import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { explanationText } from "../../../src/core/explain/explain.ts";
import type { Facts } from "../../../src/core/model/facts.ts";
import { makePlan } from "../../../src/core/plan/make_plan.ts";
import { explained, FACTS, factsOf, plainPackage } from "../../support/plan_facts.ts";

const OLD = "1".repeat(40);
const HEAD = "f".repeat(40);

const PACKAGES = [
  plainPackage("core", { paths: ["core/**", "core/*.rs"] }),
  plainPackage("mid", { dependsOn: ["core"] }),
  plainPackage("py", { dependsOn: ["mid"] }),
  plainPackage("alone"),
];

/** All four were released at 0.1.0; then something happened. */
function after(changes: Partial<Facts>, message = "Change"): Facts {
  return factsOf(PACKAGES, {
    head: { id: HEAD, message, tips: [] },
    tags: PACKAGES.map(({ name }) => ({ name: `${name}-v0.1.0`, commit: OLD, reachable: true })),
    changes: new Map([[OLD, []]]),
    since: new Map([[OLD, 3]]),
    ...changes,
  });
}

function wordsOn(facts: Facts, name: string): string {
  return explanationText(explained(facts, name));
}

const LAST = "  last release: 0.1.0 (tag py-v0.1.0, commit 111111111111)\n";

const WORDS: readonly (readonly [name: string, facts: Facts, text: string])[] = [
  [
    "a file of a package below",
    after({ changes: new Map([[OLD, ["core/z.rs", "core/b\nc.rs"]]]) }),
    `py ships at 0.1.1, after 0.1.0 (tag py-v0.1.1)
  because "core/b\\nc.rs" changed since its last release
  and matches the glob "core/**" of core
  which it depends on: py → mid → core
${LAST}  version: patch, and no trailer asks for more
`,
  ],
  [
    "a file of its own, and trailers",
    after({
      changes: new Map([[OLD, ["py/x", "core/x"]]]),
      history: [
        {
          id: "a".repeat(40),
          message: "x\n\nrelease: minor",
          tips: [],
          depth: 1,
          files: ["mid/x"],
        },
        {
          id: "b".repeat(40),
          message: "x\n\nrelease: major [py]",
          tips: [],
          depth: 2,
          files: [],
        },
        { id: "c".repeat(40), message: "x\n\nrelease: major", tips: [], depth: 3, files: ["py/x"] },
      ],
    }, "x\n\nrelease: patch"),
    `py ships at 1.0.0, after 0.1.0 (tag py-v1.0.0)
  because "py/x" changed since its last release
  and matches the glob "py/**" of py
${LAST}  version: major, the largest of what these trailers ask for
    ffffffffffff "release: patch": HEAD's, for every package that ships
    aaaaaaaaaaaa "release: minor": its commit touches the package or one that it depends on
    bbbbbbbbbbbb "release: major [py]": names it
`,
  ],
  [
    "a package below that a trailer names",
    after({}, "x\n\nrelease: minor [core]"),
    `py ships at 0.1.1, after 0.1.0 (tag py-v0.1.1)
  because of core, which HEAD's trailer names
  which it depends on: py → mid → core
${LAST}  version: patch, and no trailer asks for more
`,
  ],
  [
    "a package below that this commit released",
    after({
      tags: [
        ...after({}).tags,
        { name: "core-v0.2.0", commit: HEAD, reachable: true },
      ],
    }),
    `py ships at 0.1.1, after 0.1.0 (tag py-v0.1.1)
  because of core, which this commit has released already
  which it depends on: py → mid → core
${LAST}  version: patch, and no trailer asks for more
`,
  ],
  [
    "a trailer",
    after({}, "x\n\nrelease: major [py]"),
    `py ships at 1.0.0, after 0.1.0 (tag py-v1.0.0)
  because HEAD's trailer names it: "release: major [py]"
${LAST}  version: major, the largest of what these trailers ask for
    ffffffffffff "release: major [py]": names it
`,
  ],
  [
    "a request for a bump",
    after({ requests: [{ name: "py", bump: "minor" }] }),
    `py ships at 0.2.0, after 0.1.0 (tag py-v0.2.0)
  because --release names it
${LAST}  version: minor, as --release asks
`,
  ],
  [
    "a first release",
    after({ tags: [] }),
    `py ships at 0.1.0 (tag py-v0.1.0)
  because it was never released
  last release: none
  version: given, so no trailer counts
`,
  ],
  [
    "nothing",
    after({ changes: new Map([[OLD, ["alone/x"]]]) }),
    `py does not ship
  because nothing that it is made of has changed since its last release
${LAST}`,
  ],
  [
    "a skip",
    after({ changes: new Map([[OLD, ["py/x"]]]) }, "x\n\nrelease: skip [py]"),
    `py does not ship
  because HEAD's trailer leaves it out: "release: skip [py]"
${LAST}`,
  ],
  [
    "a request for others",
    after({ requests: [{ name: "core" }] }),
    `py does not ship
  because --release names others
${LAST}`,
  ],
];

for (const [name, facts, text] of WORDS) {
  test(`explanationText() says that a package ships, or not, for ${name}`, () => {
    equal(wordsOn(facts, "py"), text);
  });
}

test("explainPackage() follows a package that is pulled in itself to what pulls it", () => {
  const facts = after({
    tags: PACKAGES.map(({ name }) => ({
      name: `${name}-v0.1.0`,
      commit: name === "mid" ? "2".repeat(40) : OLD,
      reachable: true,
    })),
    changes: new Map([[OLD, []], ["2".repeat(40), ["core/x"]]]),
    since: new Map([[OLD, 3], ["2".repeat(40), 9]]),
  });
  equal(
    wordsOn(facts, "py"),
    `py ships at 0.1.1, after 0.1.0 (tag py-v0.1.1)
  because "core/x" changed since the last release of mid
  and matches the glob "core/**" of core
  which it depends on: py → mid → core
${LAST}  version: patch, and no trailer asks for more
`,
  );
});

test("explainPackage() passes over a file of a package that HEAD skips", () => {
  const facts = after(
    { changes: new Map([[OLD, ["mid/x", "core/x"]]]) },
    "x\n\nrelease: skip [mid]",
  );
  deepEqual(explained(facts, "py").cause, {
    kind: "file",
    since: "py",
    file: "core/x",
    glob: "core/**",
    path: ["py", "mid", "core"],
  });
});

test("explainPackage() asks back for a name that is not declared", () => {
  const facts = after({});
  throws(() => explained(facts, "allone"), {
    code: "PIOT_USAGE",
    hint: 'Did you mean "alone"? Declared packages: core, mid, py, alone',
  });
});

test("explainPackage() has a cause for whatever ships by a change, and agrees with the plan", () => {
  fc.assert(
    fc.property(FACTS, (facts) => {
      const plan = makePlan(facts);
      for (const { name } of facts.config.packages) {
        const explanation = explained(facts, name);
        const planned = plan.packages.find((other) => other.name === name);
        equal(explanation.planned?.version, planned?.version);
        equal(
          explanation.reason,
          planned?.reason ?? plan.left_out.find((other) => other.name === name)!.reason,
        );
        const { reason } = explanation;
        const needsCause = reason === "changed" || reason === "dependency";
        equal(explanation.cause !== null, needsCause);
        equal(explanation.cause?.path[0], needsCause ? name : undefined);
      }
    }),
    { numRuns: 500 },
  );
});
