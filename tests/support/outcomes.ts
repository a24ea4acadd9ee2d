/** One outcome of each sort. */

import { Failure } from "../../src/error.ts";
import type { Outcome, OutcomeBase, OutcomeProof } from "../../src/report/outcome.ts";

export const COMMIT: string = "c".repeat(40);

export const CORE: OutcomeBase = {
  name: "core",
  kind: "crates",
  version: "1.3.0",
  tag: "core-v1.3.0",
  commit: COMMIT,
  registryUrl: "https://crates.io/crates/core/1.3.0",
};

export const WHEEL: OutcomeBase = {
  name: "wheel",
  kind: "pypi",
  version: "0.4.1",
  tag: "wheel-v0.4.1",
  commit: COMMIT,
  registryUrl: "https://pypi.org/project/wheel/0.4.1/",
};

export const WEB: OutcomeBase = {
  name: "@demo/web",
  kind: "npm",
  version: "0.1.0",
  tag: "@demo/web-v0.1.0",
  commit: COMMIT,
  registryUrl: "https://registry.example/package/@demo/web/v/0.1.0",
};

export const REFUSED: Failure = new Failure(
  "PIOT_AUTH_REFUSED",
  "Cannot upload core-1.3.0.crate: 403 not an owner",
  { hint: "Add the owner", cause: new Error("socket said so") },
);

/** A family of which one package is new, and one goes out by a token. */
export const PROOF: Required<OutcomeProof> = {
  authorisation: {
    credential: "token",
    why: "NPM_TOKEN (for @demo/web-linux-x64); trusted publishing (for @demo/web)",
    names: [
      {
        name: "@demo/web",
        credential: "oidc",
        evidence: ["trusted-publisher", "provenance"],
        before: { version: "0.0.9", evidence: ["trusted-publisher", "provenance"] },
        isAllowedToFall: false,
      },
      {
        name: "@demo/web-linux-x64",
        credential: "token",
        evidence: [],
        before: { version: "0.0.9", evidence: ["provenance"] },
        whyNoMore: "trusted publishing failed: npm answers 404",
        isAllowedToFall: true,
      },
      {
        name: "@demo/web-new",
        credential: "token",
        evidence: [],
        before: null,
        isAllowedToFall: false,
      },
    ],
  },
  readBack: [
    {
      file: "@demo/web@0.1.0",
      bytes: "same",
      digest: "sha512-aa",
      distTags: ["latest"],
      evidence: ["trusted-publisher", "provenance"],
    },
    {
      file: "@demo/web-linux-x64@0.1.0",
      bytes: "kept",
      digest: "sha512-bb",
      distTags: ["latest"],
      evidence: [],
    },
  ],
};

export const ALL_OUTCOMES: readonly Outcome[] = [
  { ...CORE, status: "published" },
  { ...CORE, name: "old", status: "skipped" },
  { ...CORE, name: "half", status: "healed", made: ["tag half-v1.3.0", "GitHub Release"] },
  {
    ...CORE,
    name: "older",
    commit: "a".repeat(40),
    status: "healed",
    made: ["tag older-v1.3.0"],
    next: { version: "1.3.1", reason: "changed" },
  },
  { ...WEB, status: "staged", approval: "waits for the approval of a maintainer of @demo/web" },
  { ...CORE, name: "dry", status: "checked", absent: 2 },
  {
    ...WHEEL,
    name: "unseen",
    status: "unconfirmed",
    unseen: ["unseen-0.4.1.tar.gz"],
    why: "PyPI does not show it after 600 s",
  },
  { ...CORE, name: "bad", status: "failed", failure: REFUSED },
  { ...WHEEL, status: "blocked", by: ["bad"] },
  { ...WHEEL, name: "late", status: "blocked", by: [] },
];
