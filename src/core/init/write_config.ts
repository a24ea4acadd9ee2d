/**
 * The text of a configuration, from packages with their names and links, or with examples where no package was found.
 *
 * @module
 */

import { stringify } from "smol-toml";
import { isVersion } from "../model/version.ts";
import { SCHEMA_LINE } from "../config/schema.ts";
import type { Adoption } from "./adopt_tags.ts";
import type { FoundPackage } from "./found.ts";
import type { KindDrafts } from "./kind_draft.ts";
import type { PackageGlobs } from "./package_globs.ts";

/** A package, ready to be written. */
export interface PackageEntry {
  readonly found: FoundPackage;
  readonly name: string;
  /** The key of its name on its registry. */
  readonly nameKey: string;
  readonly globs: PackageGlobs;
  /** Names of this file. */
  readonly dependsOn: readonly string[];
  /** How it goes on from what was tagged before; undefined where nothing was. */
  readonly adoption?: Adoption;
}

/** A text, and the line at which each package starts, from 1. */
export interface WrittenConfig {
  readonly text: string;
  readonly lines: ReadonlyMap<FoundPackage, number>;
}

/** Where every key is described. */
const PAGE = "https://github.com/putitoutthere/putitoutthere/blob/main/docs/configuration.md";

const HEADER = "[putitoutthere]\nversion = 1\n";

const ABOUT =
  `# Drafted from the manifests of this repository: check every line, and remove what is not to be
# published. Every key:
# ${PAGE}
`;

/** About a key that many packages have, so it is said once. */
const ABOUT_FIRST_VERSION =
  `# first_version is the version in the manifest: it becomes the package's first release here. When it
# was published before, tag the commit that it was made from, and the next version follows from that.
`;

/** Writes a configuration. */
export function writeConfig(entries: readonly PackageEntry[]): WrittenConfig {
  const hasFirst = entries.some((entry) =>
    entry.adoption === undefined && entry.found.firstVersion !== undefined
  );
  let text = `${SCHEMA_LINE}\n${ABOUT}${HEADER}${hasFirst ? `\n${ABOUT_FIRST_VERSION}` : ""}`;
  const lines = new Map<FoundPackage, number>();
  for (const entry of entries) {
    // A blank line stands between.
    lines.set(entry.found, text.split("\n").length + 1);
    text += `\n${writePackage(entry)}`;
  }
  return { text, lines };
}

function writePackage(entry: PackageEntry): string {
  const { found, nameKey, name, globs, dependsOn, adoption } = entry;
  const pair = (key: string, value: string): string => `${key} = ${value}\n`;
  const given = (key: string, value: unknown): string =>
    value === undefined ? "" : pair(key, tomlOf(value));
  return [
    "[[package]]\n",
    given("name", name),
    given("kind", found.kind),
    given("path", found.folder),
    globs.areParts
      ? "# Others share its folder, so these are parts of it: list what is its own.\n"
      : "",
    pair("paths", list("paths", globs.paths.map(tomlOf))),
    given(nameKey, name === found.registryName ? undefined : found.registryName),
    ...Object.entries(found.ownKeys).map(([key, value]) => given(key, value)),
    found.areTargetsGuessed ? "# The usual platforms: keep those that your workflow builds.\n" : "",
    found.targets.length === 0 ? "" : pair("targets", list("targets", targetValues(found))),
    dependsOn.length === 0 ? "" : pair("depends_on", list("depends_on", dependsOn.map(tomlOf))),
    given("tag_format", adoption?.tagFormat),
    ...versionLines(entry),
  ].join("");
}

/** What is not known is asked for in the file. */
function versionLines({ found, adoption }: PackageEntry): readonly string[] {
  const comments = (adoption?.comments ?? []).map((line) => `# ${line}\n`);
  const first = adoption?.firstVersion === undefined ? found.firstVersion : adoption.firstVersion;
  if (first === null) return comments;
  if (first !== undefined) return [...comments, `first_version = ${tomlOf(first)}\n`];
  if (found.version === undefined) {
    return [...comments, ...ASKED.map((line) => `# ${line}\n`)];
  }
  return isVersion(found.version) ? comments : [
    ...comments,
    `# Its manifest says ${
      tomlOf(found.version)
    }, which is no version for a first release here. Set one that\n`,
    `# is above every version that was published:\n# first_version = "0.1.0"\n`,
  ];
}

const ASKED = [
  "No manifest says its version: where it was published before, set one that is above all of these.",
  'first_version = "0.1.0"',
];

/** A value of TOML. */
function tomlOf(value: unknown): string {
  return stringify({ value }).trimEnd().slice("value = ".length);
}

const WIDTH = 100;

/** An array of values, as TOML, on one line where there is room, else with a line for each. */
function list(key: string, values: readonly string[]): string {
  const line = `[${values.join(", ")}]`;
  if (`${key} = ${line}`.length <= WIDTH) return line;
  return `[\n${values.map((value) => `  ${value},\n`).join("")}]`;
}

/** A target is a string, or a table where its package has a name of its own. */
function targetValues({ targets, targetPackages = {} }: FoundPackage): readonly string[] {
  return targets.map((triple) => {
    const own = Object.hasOwn(targetPackages, triple) ? targetPackages[triple] : undefined;
    return own === undefined
      ? tomlOf(triple)
      : `{ triple = ${tomlOf(triple)}, package = ${tomlOf(own)} }`;
  });
}

/** The configuration of a folder without packages. Lines of an example start with `# `, what is said of them with `## `. */
export function exampleConfig(drafts: KindDrafts): string {
  const examples = [...drafts.values()].map(({ example: { about, table } }) =>
    `\n## ${about}\n${table.replace(/^(?=.)/gm, "# ")}`
  );
  return `${SCHEMA_LINE}
## No package was found here. Remove the "# " before the lines of an example for each package that you
## publish, and change names and folders. Every key:
## ${PAGE}
${HEADER}${examples.join("")}`;
}
