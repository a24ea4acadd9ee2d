/** Repositories of each shape that a release can have, as configurations. */

import { draftWorkflows, type WorkflowInput } from "../../src/core/init/draft_workflows.ts";
import { KIND_DRAFTS } from "../../src/registry/kind_drafts.ts";
import { knownKinds } from "../../src/registry/kinds.ts";
import { parseConfig } from "./parse_config.ts";

const CORE = `[[package]]
name = "demo-core"
kind = "crates"
path = "core"
paths = ["core/**"]
`;

const CLI = `[[package]]
name = "demo-cli"
kind = "crates"
path = "cli"
paths = ["cli/**"]
depends_on = ["demo-core"]
`;

const PURE = `[[package]]
name = "demo-py"
kind = "pypi"
path = "py"
paths = ["py/**"]
build = "hatch"
`;

const NATIVE = `[[package]]
name = "demo-native"
kind = "pypi"
path = "native"
paths = ["native/**"]
targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
`;

const MATURIN = `[[package]]
name = "demo-rs"
kind = "pypi"
path = "rs"
paths = ["rs/**"]
build = "maturin"
targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl"]
`;

const BUNDLE = `${MATURIN}[package.bundle_cli]
bin = "demo"
stage_to = "demo/bin"
crate_path = "cli"
`;

const PLAIN = `[[package]]
name = "@demo/js"
kind = "npm"
path = "js"
paths = ["js/**"]
`;

const NAPI = `[[package]]
name = "@demo/addon"
kind = "npm"
path = "addon"
paths = ["addon/**"]
build = "napi"
targets = ["linux-x64-gnu", "darwin-arm64"]
`;

const PROGRAM = `[[package]]
name = "demo-bin"
kind = "npm"
path = "npm"
paths = ["npm/**"]
build = "bundled-cli"
targets = ["x86_64-unknown-linux-musl", "win32-x64-msvc"]
`;

const DELEGATED = `${MATURIN}build_workflow = "wheels.yml"\n`;

/** Configurations by what they are examples of. */
export const SHAPES: Readonly<Record<string, string>> = {
  "nothing yet": "",
  crate: CORE,
  "crates that need one another": CORE + CLI,
  hatch: PURE,
  cibuildwheel: NATIVE,
  maturin: MATURIN,
  "maturin with bundle_cli": BUNDLE,
  "plain npm": PLAIN,
  napi: NAPI,
  "bundled-cli": PROGRAM,
  "delegated alone": DELEGATED,
  "delegated beside others": CORE + DELEGATED,
  everything: CORE + CLI + PURE + NATIVE + BUNDLE + PLAIN + NAPI + PROGRAM,
};

/** The workflows of a shape: the one that releases, and the one that checks. */
export function workflowsOf(
  shape: string,
  changes: Partial<WorkflowInput["setup"]> = {},
): { readonly release: string; readonly check: string } {
  const tables = SHAPES[shape]!;
  const text = `[putitoutthere]\nversion = 1\n\n${tables}`;
  const [release, check] = draftWorkflows({
    config: tables === "" ? undefined : parseConfig(text, "putitoutthere.toml"),
    drafts: KIND_DRAFTS,
    known: knownKinds(),
    setup: { version: "0.1.0", cadence: "immediate", branch: "main", folder: ".", ...changes },
    packageManager: { name: "npm", isLocked: true },
  });
  return { release: release!.text, check: check!.text };
}
