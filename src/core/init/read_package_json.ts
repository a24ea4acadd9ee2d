/**
 * package.json as `init` reads it: whether npm would publish the package, and which others it needs.
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { isDistTag } from "../npm/dist_tag.ts";
import { registryNameProblem } from "../model/kind.ts";
import { NPM } from "../npm/npm_kind.ts";
import { type FoundPackage, leaveOut, type Manifest, type Need, type Verdict } from "./found.ts";
import { firstVersionOf, tableAt, textAt } from "./manifest_values.ts";
import { napiTargets, platformBase, USUAL_ADDONS } from "./platform_families.ts";
import type { Crates } from "./read_cargo.ts";

/** What a package.json declares. */
export function judgePackage(manifest: Manifest, crates: Crates): Verdict {
  const { table } = manifest;
  const name = textAt(table, "name");
  // npm refuses whatever is truthy here (libnpmpublish lib/publish.js).
  if (table.private) return leaveOut(manifest, "it is private", name);
  if (name === undefined || name === "") return leaveOut(manifest, "it has no name");
  const problem = registryNameProblem(NPM.names, name);
  if (problem !== undefined) {
    return leaveOut(manifest, `npm does not take its name: ${problem}`, name);
  }
  return { found: describe(manifest, { name, crates }) };
}

function describe(
  manifest: Manifest,
  { name, crates }: { readonly name: string; readonly crates: Crates },
): FoundPackage {
  const { table, file, folder } = manifest;
  const firstVersion = firstVersionOf("npm", textAt(table, "version"));
  const config = tableAt(table, "publishConfig");
  const tag = textAt(config, "tag");
  const isRestricted = config.access === "restricted" && name.startsWith("@");
  return {
    kind: "npm",
    file,
    folder,
    registryName: name,
    ...(firstVersion === undefined ? {} : { firstVersion }),
    ...(isRestricted ? { access: "restricted" as const } : {}),
    ...(tag === undefined || tag === "latest" || !isDistTag(tag) ? {} : { distTag: tag }),
    ...platforms(manifest, name),
    needs: [...packageNeeds(table), ...addonNeeds(manifest, crates)],
  };
}

/** Whether napi-rs builds it: it has its configuration, or its command. */
export function isAddon({ table }: Manifest): boolean {
  return isTable(table.napi) ||
    ["dependencies", "devDependencies"].some((key) => "@napi-rs/cli" in tableAt(table, key));
}

function platforms(
  manifest: Manifest,
  name: string,
): Pick<FoundPackage, "build" | "targets" | "areTargetsGuessed" | "notes"> {
  if (!isAddon(manifest)) return { targets: [], areTargetsGuessed: false, notes: [] };
  const napi = tableAt(manifest.table, "napi");
  const { targets, unknown } = napiTargets(napi);
  const base = platformBase(napi);
  return {
    build: "napi",
    targets: targets.length === 0 ? USUAL_ADDONS : targets,
    areTargetsGuessed: targets.length === 0,
    notes: [
      ...unknown.map((target) =>
        `the target ${JSON.stringify(target)} of ${manifest.file} is not known`
      ),
      ...(base === undefined || base === name ? [] : [
        `${manifest.file} calls its platform packages ${base}-…, and putitoutthere ${name}-…`,
      ]),
    ],
  };
}

/** The crate that napi-rs builds lies beside the package.json. */
function addonNeeds(manifest: Manifest, crates: Crates): readonly Need[] {
  return isAddon(manifest) && crates.has(manifest.folder)
    ? [{ kind: "crates", what: manifest.folder, isWeak: false }]
    : [];
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
      what: aliased(range) ?? name,
      isWeak,
    }))
  );
}

/** The package that stands behind an alias: `npm:other@^1`, `workspace:other@*`. */
function aliased(range: unknown): string | undefined {
  if (typeof range !== "string") return undefined;
  return /^(?:npm|workspace):(@?[^@/]+(?:\/[^@]+)?)@/.exec(range)?.[1];
}
