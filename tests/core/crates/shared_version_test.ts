/** Crates that have one version from their workspace and are planned at several. */

import { deepEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  manifestsAbout,
  namedWorkspaces,
  sharedVersionWarnings,
} from "../../../src/core/crates/shared_version.ts";

const HEIR = '[package]\nname = "x"\nversion.workspace = true\n';
const ROOT = '[workspace]\nmembers = ["*"]\n[workspace.package]\nversion = "1.0.0"\n';

const A = { name: "a", folder: "crates/a", version: "1.0.1" };
const B = { name: "b", folder: "crates/b", version: "2.0.0" };

function told(root: string): string {
  return `Crates that have their version from [workspace.package] of ${root} are planned at different ones (a 1.0.1, b 2.0.0), which publish refuses (PIOT_CRATES_SHARED_VERSION): give them the same \`lockstep = "…"\` in putitoutthere.toml, or each crate a \`version = "…"\` of its own`;
}

for (
  const { name, files, warnings, crates = [A, B] } of [
    {
      name: "two that inherit from the root are told of",
      files: { "Cargo.toml": ROOT, "crates/a/Cargo.toml": HEIR, "crates/b/Cargo.toml": HEIR },
      warnings: [told("Cargo.toml")],
    },
    {
      name: "a workspace below the top, and the other spelling",
      files: {
        "Cargo.toml": "[workspace]\n",
        "crates/Cargo.toml": ROOT,
        "crates/a/Cargo.toml": '[package]\nversion = { workspace = true }\nname = "x"\n',
        "crates/b/Cargo.toml": HEIR,
      },
      warnings: [told("crates/Cargo.toml")],
    },
    {
      name: "a crate that names its workspace",
      files: {
        "ws/Cargo.toml": ROOT,
        "crates/a/Cargo.toml": `${HEIR}workspace = "../../ws"\n`,
        "crates/b/Cargo.toml": `${HEIR}workspace = "../../ws"\n`,
      },
      warnings: [told("ws/Cargo.toml")],
    },
    {
      name: "a root that is a crate itself and hands its version down",
      crates: [{ ...A, folder: "." }, B],
      files: { "Cargo.toml": `${HEIR}\n${ROOT}`, "crates/b/Cargo.toml": HEIR },
      warnings: [told("Cargo.toml")],
    },
    {
      name: "one version for both is well",
      crates: [A, { ...B, version: "1.0.1" }],
      files: { "Cargo.toml": ROOT, "crates/a/Cargo.toml": HEIR, "crates/b/Cargo.toml": HEIR },
      warnings: [],
    },
    {
      name: "one that inherits beside one with a version of its own is well",
      files: {
        "Cargo.toml": ROOT,
        "crates/a/Cargo.toml": HEIR,
        "crates/b/Cargo.toml": '[package]\nname = "b"\nversion = "0.1.0"\n',
      },
      warnings: [],
    },
    {
      name: "two workspaces are two versions",
      files: {
        "crates/a/Cargo.toml": `${HEIR}\n${ROOT}`,
        "crates/b/Cargo.toml": `${HEIR}\n${ROOT}`,
      },
      warnings: [],
    },
    {
      name: "manifests that are missing or no TOML are somebody else's matter",
      files: { "Cargo.toml": ROOT, "crates/a/Cargo.toml": "[[" },
      warnings: [],
    },
  ]
) {
  test(`one version for several crates: ${name}`, () => {
    const bytes = Object.entries(files).map(([file, text]) => [file, Buffer.from(text)] as const);
    deepEqual(sharedVersionWarnings(crates, new Map(bytes)), warnings);
  });
}

test("one version for several crates: the manifests of the folders and of all above are read once", () => {
  deepEqual(manifestsAbout([A, B, { folder: "." }]), [
    "crates/a/Cargo.toml",
    "crates/Cargo.toml",
    "Cargo.toml",
    "crates/b/Cargo.toml",
  ]);
});

test("one version for several crates: a workspace that a crate names is read too, unless it was", () => {
  const named = (at: string) => Buffer.from(`${HEIR}workspace = "${at}"\n`);
  const files = new Map([
    ["ws/Cargo.toml", Buffer.from(ROOT)],
    ["a/Cargo.toml", named("../ws")],
    ["b/Cargo.toml", named("../other")],
    ["c/Cargo.toml", named("../../outside")],
  ]);
  deepEqual(namedWorkspaces(files), ["other/Cargo.toml"]);
});
