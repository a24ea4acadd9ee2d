/**
 * Crates as `init` finds them: whether cargo would publish what a Cargo.toml declares (The Cargo Book, "The Manifest
 * Format").
 *
 * @module
 */

import { isTable } from "../config/toml_document.ts";
import { leaveOut, type Manifest } from "../init/found.ts";
import type { KindDraft, Manifests, Verdict } from "../init/kind_draft.ts";
import {
  firstVersionOf,
  readTomlManifest,
  tableAt,
  textAt,
  textsAt,
} from "../init/manifest_values.ts";
import { registryNameProblem } from "../model/kind.ts";
import type { CratesPackage } from "../model/package.ts";
import { crateNeeds, crateVersion, inherited, NOWHERE } from "./cargo_workspace.ts";
import { CRATES_BUILDS } from "./crates_build_steps.ts";
import { CRATES } from "./crates_kind.ts";

/** Crates, with those that a workspace, a wheel or an addon needs and nobody publishes. */
export const CRATES_DRAFT: KindDraft<CratesPackage> = {
  rules: CRATES,
  mark: "rust",
  words: ["rust", "crate", "cargo", "rs"],
  sources: /^Cargo\.toml$|\.rs$/,
  example: {
    about: "A crate.",
    table: `[[package]]
name = "my-crate"
kind = "crates"
path = "crates/my-crate"
paths = ["crates/my-crate/**"]
`,
  },
  read: readTomlManifest,
  judge: judgeCrate,
  version: crateVersion,
  needs: crateNeeds,
  extensionOnly,
  builds: CRATES_BUILDS,
  nextSteps: () => [
    "crates.io: give the publish job a token of https://crates.io/settings/tokens as " +
    "CARGO_REGISTRY_TOKEN, with the scope publish-update, and publish-new for a crate's first version",
  ],
};

/** What a Cargo.toml declares; undefined for the root of a workspace that is no crate itself. */
function judgeCrate(manifest: Manifest, manifests: Manifests): Verdict {
  const { table, file, folder } = manifest;
  const own = tableAt(table, "package");
  if (!isTable(table.package)) {
    return isTable(table.workspace)
      ? undefined
      : leaveOut(manifest, "it has neither [package] nor [workspace]");
  }
  const name = textAt(own, "name");
  if (name === undefined) return leaveOut(manifest, "its [package] has no name");
  const problem = registryNameProblem(CRATES.names, name);
  if (problem !== undefined) {
    return leaveOut(manifest, `crates.io does not take its name: ${problem}`, name);
  }
  const reason = whyUnpublished(manifest, manifests);
  if (reason !== undefined) return leaveOut(manifest, reason, name);
  const version = crateVersion(manifest, manifests);
  const firstVersion = firstVersionOf(version);
  return {
    found: {
      kind: "crates",
      file,
      folder,
      registryName: name,
      ...(version === undefined ? {} : { version }),
      ...(firstVersion === undefined ? {} : { firstVersion }),
      ownKeys: {},
      targets: [],
      areTargetsGuessed: false,
      needs: crateNeeds(manifest, manifests),
      notes: [],
    },
  };
}

function whyUnpublished(manifest: Manifest, manifests: Manifests): string | undefined {
  const publish = inherited(manifest, { key: "publish", manifests });
  if (publish === NOWHERE) return "its publish is that of a workspace that was not found";
  if (publish === false) return "its publish is false";
  if (Array.isArray(publish) && !publish.includes("crates-io")) {
    return publish.length === 0
      ? "its publish is empty"
      : "its publish names other registries only";
  }
  // cargo takes such a crate for one that is not to be published.
  return "version" in tableAt(manifest.table, "package") ? undefined : "it has no version";
}

/** Whether a crate is made to be loaded by Python or Node, and nothing that Rust code could depend on. */
function extensionOnly({ table }: Manifest): string | undefined {
  const lib = tableAt(table, "lib");
  const types = [...textsAt(lib, "crate-type"), ...textsAt(lib, "crate_type")];
  const isAlone = types.length > 0 && types.every((type) => type === "cdylib") && !("bin" in table);
  return isAlone ? "its crate-type is cdylib alone" : undefined;
}
