/** Plans for the tests of the voice: one package of each sort, and ways to change one thing. */

import type { MatrixRow, Plan, PlannedPackage } from "../../src/core/model/plan.ts";

export function planned(
  changes: Partial<PlannedPackage> & { readonly name: string },
): PlannedPackage {
  return {
    kind: "crates",
    registry_name: changes.name,
    path: changes.name,
    version: "1.3.0",
    previous: "1.2.0",
    bump: "minor",
    tag: `${changes.name}-v${changes.version ?? "1.3.0"}`,
    depends_on: [],
    reason: "changed",
    artifacts: [],
    ...changes,
  };
}

export function matrixRow(name: string): MatrixRow {
  return {
    name,
    kind: "npm",
    version: "1.0.0",
    target: "noarch",
    runs_on: "ubuntu-latest",
    artifact_name: `${name}-pkg`,
    artifact_path: ".",
    path: ".",
    tag: `${name}-v1.0.0`,
    registry_name: name,
  };
}

export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    head: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
    packages: [],
    left_out: [],
    warnings: [],
    matrix: [],
    ...changes,
  };
}

/** A crate that changed, a wheel that depends on it, an npm package released for the first time, and two that stay. */
export const POLYGLOT: Plan = planOf({
  packages: [
    planned({ name: "core" }),
    planned({
      name: "wheel",
      kind: "pypi",
      version: "0.4.1",
      previous: "0.4.0",
      bump: "patch",
      depends_on: ["core", "tools"],
      reason: "dependency",
    }),
    planned({
      name: "@demo/web",
      kind: "npm",
      version: "0.1.0",
      previous: null,
      bump: null,
      depends_on: ["core"],
      reason: "first-release",
    }),
  ],
  left_out: [{ name: "tools", previous: null, reason: "released" }, {
    name: "docs",
    previous: null,
    reason: "unchanged",
  }],
});

/** {@link POLYGLOT} as a Mermaid flowchart. */
export const POLYGLOT_MERMAID = `flowchart LR
  p0["core<br/>crates 1.2.0 #8594; 1.3.0<br/>files changed"]
  p1["wheel<br/>pypi 0.4.0 #8594; 0.4.1<br/>depends on core"]
  p2["#64;demo/web<br/>npm 0.1.0<br/>first release"]
  x0["tools<br/>already released at this commit"]:::stays
  p0 --> p1
  x0 --> p1
  p0 -.-> p2
  classDef stays stroke-dasharray: 4 4
`;
