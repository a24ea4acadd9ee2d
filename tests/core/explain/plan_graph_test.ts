import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { dotText, drawPlan, mermaidText } from "../../../src/core/explain/plan_graph.ts";
import { planned, planOf, POLYGLOT, POLYGLOT_MERMAID } from "../../support/plans.ts";

test("drawPlan() draws a Mermaid flowchart of what ships and why", () => {
  assert.equal(drawPlan(POLYGLOT, "mermaid"), POLYGLOT_MERMAID);
});

test("drawPlan() draws the same in DOT", () => {
  assert.equal(
    drawPlan(POLYGLOT, "dot"),
    `digraph plan {
  rankdir=LR
  node [shape=box]
  p0 [label="core\\ncrates 1.2.0 → 1.3.0\\nfiles changed"]
  p1 [label="wheel\\npypi 0.4.0 → 0.4.1\\ndepends on core"]
  p2 [label="@demo/web\\nnpm 0.1.0\\nfirst release"]
  x0 [label="tools\\nalready released at this commit" style=dashed]
  p0 -> p1
  x0 -> p1
  p0 -> p2 [style=dotted]
}
`,
  );
});

const STAYING: readonly (readonly [name: string, depends: readonly string[], arrows: string[]])[] =
  [
    ["one that ships pulls, one that stays does not", ["core", "docs"], [
      "p0 --> p1",
      "x0 -.-> p1",
    ]],
    ["one that this commit released pulls", ["tools", "docs"], ["x0 --> p1", "x1 -.-> p1"]],
    ["the only one has changed before its own last release", ["docs"], ["x0 --> p1"]],
  ];

for (const [name, depends_on, expected] of STAYING) {
  test(`drawPlan() draws which dependency pulls: ${name}`, () => {
    const wheel = planned({ name: "wheel", depends_on, reason: "dependency" });
    const plan = planOf({
      packages: [planned({ name: "core" }), wheel],
      left_out: [
        { name: "tools", previous: "1.0.0", reason: "released" },
        { name: "docs", previous: "1.0.0", reason: "unchanged" },
      ],
    });
    const lines = drawPlan(plan, "mermaid").split("\n").map((line) => line.trim());
    assert.deepEqual(lines.filter((line) => line.includes("> ")), expected);
  });
}

test("drawPlan() of an empty plan is a drawing without boxes", () => {
  assert.equal(
    drawPlan(planOf(), "mermaid"),
    "flowchart LR\n  classDef stays stroke-dasharray: 4 4\n",
  );
  assert.equal(drawPlan(planOf(), "dot"), "digraph plan {\n  rankdir=LR\n  node [shape=box]\n}\n");
});

test("no name can end a Mermaid label, and Mermaid's character codes give it back", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const text = mermaidText(name);
    assert.match(text, /^[A-Za-z0-9 ._/+#;-]*$/);
    const back = text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    assert.equal(back, name);
  }));
});

test("no name can end a DOT label", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const text = dotText(name);
    assert.match(text, /^(?:[^"\\\n\r]|\\["\\])*$/);
    const back = text.replace(/\\(.)/g, "$1").replaceAll("&amp;", "&");
    assert.equal(back, name.replace(/\p{Cc}/gu, " "));
  }));
});

test("drawPlan() gives each package one line, whatever its name", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
    const plan = planOf({
      packages: [planned({ name }), planned({ name: `${name}x`, depends_on: [name] })],
    });
    for (const [format, lines] of [["mermaid", 5], ["dot", 7]] as const) {
      assert.equal(drawPlan(plan, format).split("\n").length - 1, lines);
    }
  }));
});
