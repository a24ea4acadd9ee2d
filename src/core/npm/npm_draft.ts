/**
 * npm packages as `init` finds them: whether npm would publish what a package.json declares, and which others it needs.
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import {
  type FoundPackage,
  leaveOut,
  type Manifest,
  type ManifestFile,
  type Need,
  type Unreadable,
} from "../init/found.ts";
import type { KindDraft, Manifests, Verdict } from "../init/kind_draft.ts";
import { fileIn, firstVersionOf, folderOf, tableAt, textAt } from "../init/manifest_values.ts";
import { registryNameProblem } from "../model/kind.ts";
import type { NpmPackage } from "../model/package.ts";
import { isDistTag } from "./dist_tag.ts";
import { jsonMistake } from "./json_text.ts";
import { addonPlatforms, isAddon, platformBase } from "./napi_table.ts";
import { NPM_BUILDS } from "./npm_build_steps.ts";
import { NPM } from "./npm_kind.ts";
import { gatherFamilies } from "./platform_families.ts";
import { familyMembers } from "./platform_name.ts";

/** The manifest of what napi-rs compiles. */
const CARGO = "Cargo.toml";

/** npm packages, each family as its main package. */
export const NPM_DRAFT: KindDraft<NpmPackage> = {
  rules: NPM,
  mark: "js",
  words: ["js", "node", "nodejs", "javascript", "typescript", "ts"],
  sources: /^(?!.*\.(config|test|spec)\.)(?!\.).*\.[cm]?[jt]sx?$/,
  example: {
    about: "An npm package.",
    table: `[[package]]
name = "@my-scope/my-package"
kind = "npm"
path = "packages/my-package"
paths = ["packages/my-package/**"]
`,
  },
  read: readManifest,
  judge: judgePackage,
  compiles: ({ ownKeys: { build } }) => build === "napi" ? CARGO : undefined,
  gather: gatherFamilies,
  builds: NPM_BUILDS,
  nextSteps: (packages) => [
    "npm: in the settings of each package, register your workflow as trusted publisher, and give " +
    "the publish job `permissions: id-token: write`; a package that npm does not have yet needs a " +
    "token as NODE_AUTH_TOKEN once",
    ...packages.flatMap(familyStep),
  ],
};

/** npm trusts a workflow with one package at a time. */
function familyStep(pkg: NpmPackage): readonly string[] {
  if (pkg.targets.length === 0) return [];
  const names = [pkg.registryName, ...familyMembers(pkg).map(({ name }) => name)];
  return [`npm: ${pkg.name} is a family, and each of these is a package: ${names.join(", ")}`];
}

function readManifest({ file, bytes }: ManifestFile): Manifest | Unreadable {
  // npm reads a byte order mark over, as the decoder does.
  const text = new TextDecoder().decode(bytes);
  const mistake = jsonMistake(text);
  if (mistake !== undefined) {
    const lines = text.slice(0, mistake).split("\n");
    return {
      message: `Cannot read ${file} as JSON`,
      location: {
        file,
        line: lines.length,
        column: lines.at(-1)!.length + 1,
        excerpt: text.split(/\r?\n/)[lines.length - 1] ?? "",
      },
    };
  }
  const table: unknown = JSON.parse(text);
  return isTable(table)
    ? { file, folder: folderOf(file), table: table as Table }
    : { message: `Cannot read ${file}: it is not an object`, location: { file, line: 1 } };
}

/** What a package.json declares. */
function judgePackage(manifest: Manifest, { byFile }: Manifests): Verdict {
  const { table } = manifest;
  const name = textAt(table, "name");
  // npm refuses whatever is truthy here (libnpmpublish lib/publish.js).
  if (table.private) return leaveOut(manifest, "it is private", name);
  if (name === undefined || name === "") return leaveOut(manifest, "it has no name");
  const problem = registryNameProblem(NPM.names, name);
  if (problem !== undefined) {
    return leaveOut(manifest, `npm does not take its name: ${problem}`, name);
  }
  return { found: describe(manifest, { name, byFile }) };
}

function describe(
  manifest: Manifest,
  { name, byFile }: Pick<Manifests, "byFile"> & { readonly name: string },
): FoundPackage {
  const { table, file, folder } = manifest;
  const version = textAt(table, "version");
  const firstVersion = firstVersionOf(version);
  // The crate that napi-rs builds lies beside the package.json.
  const crate = fileIn(folder, CARGO);
  return {
    kind: "npm",
    file,
    folder,
    registryName: name,
    ...(version === undefined ? {} : { version }),
    ...(firstVersion === undefined ? {} : { firstVersion }),
    ownKeys: ownKeys(manifest, name),
    ...(isAddon(manifest)
      ? addonPlatforms(manifest, { isNamed: areAddonsNamed(manifest) })
      : NO_PLATFORMS),
    ...(isAddon(manifest) && byFile.has(crate) ? { builtFrom: crate } : {}),
    needs: packageNeeds(table),
  };
}

const NO_PLATFORMS = { targets: [], areTargetsGuessed: false, notes: [] };

function ownKeys(manifest: Manifest, name: string): FoundPackage["ownKeys"] {
  const config = tableAt(manifest.table, "publishConfig");
  const tag = textAt(config, "tag");
  const isRestricted = config.access === "restricted" && name.startsWith("@");
  return {
    ...(isRestricted ? { access: "restricted" } : {}),
    ...(tag === undefined || tag === "latest" || !isDistTag(tag) ? {} : { tag }),
    ...(isAddon(manifest) ? { build: "napi", ...addonNames(manifest, name) } : {}),
  };
}

/** napi-rs calls platform packages otherwise than the package, where its configuration says so. */
function addonNames({ table }: Pick<Manifest, "table">, name: string): FoundPackage["ownKeys"] {
  const base = platformBase(tableAt(table, "napi"));
  if (base === undefined || base === name) return {};
  return areAddonsNamed({ table }) ? { platform_name: `${base}-{target}` } : {};
}

/** Whether npm takes the names that the configuration of napi-rs gives platform packages. */
function areAddonsNamed({ table }: Pick<Manifest, "table">): boolean {
  const base = platformBase(tableAt(table, "napi"));
  return base === undefined ||
    registryNameProblem(NPM.names, `${base}-linux-x64-gnu`) === undefined;
}

/** What is installed with a package. Plugins and what they plug into often name each other, as peers on one side. */
const INSTALLED: readonly { readonly key: string; readonly isWeak: boolean }[] = [
  { key: "dependencies", isWeak: false },
  { key: "optionalDependencies", isWeak: false },
  { key: "peerDependencies", isWeak: true },
];

function packageNeeds(table: Table): readonly Need[] {
  return INSTALLED.flatMap(({ key, isWeak }) =>
    Object.entries(tableAt(table, key)).map(([name, range]): Need => ({
      kind: "npm",
      name: aliased(range) ?? name,
      isWeak,
    }))
  );
}

/** The package that stands behind an alias: `npm:other@^1`, `workspace:other@*`. */
function aliased(range: unknown): string | undefined {
  if (typeof range !== "string") return undefined;
  return /^(?:npm|workspace):(@?[^@/]+(?:\/[^@]+)?)@/.exec(range)?.[1];
}
