/**
 * Where this tree says its version, and what the hash of the package is that the action runs.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Each file, and what stands before and behind the version in it. */
const PLACES: readonly (readonly [file: string, before: RegExp])[] = [
  ["deno.json", /^ {2}"version": "/m],
  ["npm/package.json", /^ {2}"version": "/m],
  ["src/host/version.ts", /^export const VERSION = "/m],
  ["action/package.json", /"putitoutthere": "/],
  ["action/package-lock.json", /"dependencies": \{ "putitoutthere": "/],
  ["action/package-lock.json", /"node_modules\/putitoutthere": \{\n {6}"version": "/],
  ["docs/action.md", /putitoutthere\/putitoutthere@v/],
];

const VERSION = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.source;
const LOCK = "action/package-lock.json";

/** Every place with the version that it says, in a tree: one version, unless somebody forgot a place. */
export async function versionsIn(root = "."): Promise<readonly (readonly [string, string])[]> {
  return await Promise.all(PLACES.map(async ([file, before]) => {
    const text = await readFile(join(root, file), "utf8");
    const [, version] = new RegExp(`${before.source}(${VERSION})`, before.flags).exec(text) ?? [];
    if (version === undefined) throw new Error(`${file} says no version after ${before}`);
    return [file, version] as const;
  }));
}

/** Writes a version everywhere. The hash is that of other bytes, and goes. */
export async function writeVersion(version: string, root = "."): Promise<void> {
  for (const [file, before] of PLACES) {
    const path = join(root, file);
    const text = await readFile(path, "utf8");
    const place = new RegExp(`(${before.source})${VERSION}`, before.flags);
    await writeFile(path, text.replace(place, (_, kept) => `${kept}${version}`));
  }
  await writeIntegrity(undefined, root);
}

/** The hash that the action holds the package to; undefined before a version was made ready for its release. */
export async function readIntegrity(root = "."): Promise<string | undefined> {
  const lock = JSON.parse(await readFile(join(root, LOCK), "utf8"));
  return lock.packages["node_modules/putitoutthere"].integrity;
}

/** Writes it, or takes it away. */
export async function writeIntegrity(integrity: string | undefined, root = "."): Promise<void> {
  const path = join(root, LOCK);
  const text = (await readFile(path, "utf8")).replace(/^ {6}"integrity": .*\n/m, "");
  const line = integrity === undefined ? "" : `      "integrity": "${integrity}",\n`;
  await writeFile(
    path,
    text.replace(/"node_modules\/putitoutthere": \{\n {6}"version": .*\n/, (at) => at + line),
  );
}

/** The places that say another version than `npm/package.json`, where `set-version` writes the planned one: sentences. */
export async function versionProblems(root = "."): Promise<readonly string[]> {
  const versions = await versionsIn(root);
  const planned = versions.find(([file]) => file === "npm/package.json")![1];
  return versions.filter(([, version]) => version !== planned).map(([file, version]) =>
    `${planned} is planned, and ${file} says ${version}: run \`deno task version\` with the one that is meant, and ` +
    "say in a line `release: …` of the commit how large the release is"
  );
}

/** What keeps a tree from being released: sentences. `packed` is the hash of what it builds. */
export async function releaseProblems(packed: string, root = "."): Promise<readonly string[]> {
  const others = await versionProblems(root);
  if (others.length > 0) return others;
  const integrity = await readIntegrity(root);
  if (integrity === packed) return [];
  return [
    `${LOCK} has ${integrity ?? "no hash"}, and the package that is built here ${packed}: run ` +
    "`deno task version` again with its version, and commit what it writes",
  ];
}
