/**
 * How a main package is tied to its platform packages: they are optional dependencies, each at exactly its own version, so
 * that npm installs the one that fits the machine and leaves the others out.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { setJsonMember } from "./json_text.ts";
import { type PackageJson, parsePackageJson } from "./package_json.ts";
import type { FamilyMember, FamilyNames } from "./platform_name.ts";

/** A family. */
export interface Family extends FamilyNames {
  readonly version: string;
  readonly members: readonly FamilyMember[];
}

/** Pins every platform package in `optionalDependencies` of package.json's text; other entries stay. */
export function linkPlatforms(text: string, family: Family): string {
  const { raw } = parsePackageJson(text);
  const ours = new Set(family.members.map(({ name }) => name));
  const kept = Object.entries(tableOf(raw, "optionalDependencies"))
    .filter(([name]) => !ours.has(name));
  const value = Object.fromEntries([...kept, ...pinsOf(family)]);
  return setJsonMember(text, { key: "optionalDependencies", value });
}

function pinsOf({ version, members }: Family): readonly (readonly [string, string])[] {
  return members.map(({ name }) => [name, version] as const);
}

function tableOf(raw: PackageJson["raw"], key: string): Readonly<Record<string, unknown>> {
  const table = raw[key];
  return typeof table === "object" && table !== null ? table as Record<string, unknown> : {};
}

/** What is wrong in a package.json that cannot be edited any more, since it is inside a tarball. */
export function unlinkedPlatforms(manifest: PackageJson, family: Family): readonly Failure[] {
  const optional = tableOf(manifest.raw, "optionalDependencies");
  const wrong = pinsOf(family).filter(([name, version]) => optional[name] !== version);
  if (wrong.length === 0) return [];
  const found = wrong.map(([name]) => `"${name}": ${JSON.stringify(optional[name] ?? null)}`);
  return [
    new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish "${family.name}": the optionalDependencies in its tarball do not pin ${family.version}: ${
        found.join(", ")
      }`,
      {
        hint:
          "Deliver the package's folder instead of a tarball: the pins are then written into the published copy",
      },
    ),
  ];
}

/** Platform packages must be optional: as plain dependencies they would have to fit every machine. */
export function requiredPlatforms({ raw }: PackageJson, family: Family): readonly Failure[] {
  const names = new Set(pinsOf(family).map(([name]) => name));
  return ["dependencies", "peerDependencies"].flatMap((key) =>
    Object.keys(tableOf(raw, key)).filter((name) => names.has(name)).map((name) =>
      new Failure(
        "PIOT_NPM_MANIFEST",
        `Cannot publish "${family.name}": "${name}" is in its ${key}, and a platform package fits one platform only`,
        { hint: `Remove it there; platform packages are written into optionalDependencies` },
      )
    )
  );
}
