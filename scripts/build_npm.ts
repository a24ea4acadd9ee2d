/**
 * Builds the npm package `putitoutthere` into npm/: one readable ESM bundle without run-time dependencies, type
 * declarations and the licences of what is bundled, beside the package.json that is kept there. It ends by installing the packed
 * package into an empty folder and running it, since type checkers and linters cannot see a bundle that fails to start.
 *
 * @module
 */

/// <reference lib="deno.ns" />
import { execFile } from "node:child_process";
import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Metafile } from "esbuild";
import {
  differences,
  licenceProblems,
  packageProblems,
  trimTypes,
  typeProblems,
} from "./npm_checks.ts";
import { emitJavaScript, packOwn, readManifest } from "./npm_package.ts";
import { versionProblems } from "./own_version.ts";

const OUT = "npm";
const run = promisify(execFile);
const { version } = await readManifest();

/** A package inside ours. */
interface Bundled {
  readonly id: string;
  readonly license: unknown;
}

/** The licence text of each bundled package: their licences ask for it. */
async function emitLicences(metafile: Metafile): Promise<readonly Bundled[]> {
  const folders = new Set<string>();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) folders.add(match[1]);
  }
  const texts = new Map<string, string>();
  const bundled: Bundled[] = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined
      ? `License: ${license}`
      : await readFile(join(folder, file), "utf8");
    texts.set(`${name}@${version}`, text.trim());
    bundled.push({ id: `${name}@${version}`, license });
  }
  const sections = [...texts].sort().map(([id, text]) =>
    `${id}\n${"=".repeat(id.length)}\n\n${text}\n`
  );
  await writeFile(join(OUT, "THIRD_PARTY.txt"), sections.join("\n\n"));
  return bundled;
}

/** Declarations come from `deno pack`, which derives them from explicit types alone. */
async function emitTypes(): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), "piot-types-"));
  const tarball = join(temp, "types.tgz");
  await run(process.execPath, ["pack", "--allow-dirty", "--no-source-maps", "-q", "-o", tarball]);
  await run("tar", ["-xzf", tarball, "-C", temp]);
  await cp(join(temp, "package"), join(OUT, "types"), {
    recursive: true,
    filter: (path) => !/\.[a-z]+$/.test(path) || path.endsWith(".d.ts"),
  });
  await readFile(join(OUT, "types/mod.d.ts"));
  await rm(temp, { recursive: true });
}

/** Packs, installs and runs what a user will get. */
async function verify(bundled: readonly Bundled[]): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), "piot-npm-"));
  const tarball = join(temp, `putitoutthere-${version}.tgz`);
  await writeFile(tarball, await packOwn(OUT));
  await writeFile(join(temp, "package.json"), '{ "type": "module" }');
  await run("npm", ["install", "--silent", "--no-audit", "--no-fund", tarball], { cwd: temp });
  const problems = [
    ...await packageProblems(OUT, tarball),
    ...licenceProblems(bundled, await readFile(join(OUT, "THIRD_PARTY.txt"), "utf8")),
    ...await typeProblems(temp),
    ...await buildDifferences(temp),
  ];
  for (const name of ["piot", "putitoutthere"]) {
    const said = (await run(join(temp, "node_modules/.bin", name), ["--version"])).stdout.trim();
    if (said !== version) problems.push(`the installed ${name} says it is ${said}`);
  }
  if (problems.length > 0) throw new Error(`the package is not fit:\n${problems.join("\n")}`);
  const script =
    'import { Failure } from "putitoutthere"; if (typeof Failure !== "function") process.exit(1);';
  await run("node", ["--input-type=module", "--eval", script], { cwd: temp });
  await rm(temp, { recursive: true });
}

/** The same sources make the same bytes, so that anybody can see that the package is made of them. */
async function buildDifferences(temp: string): Promise<readonly string[]> {
  await emitJavaScript(join(temp, "again"));
  const folders = ["dist", "bin"].map((name) =>
    differences(join(OUT, name), join(temp, "again", name))
  );
  return (await Promise.all(folders)).flat().map((path) => `${path} differs in a second build`);
}

const problems = await versionProblems();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
for (const entry of await readdir(OUT)) {
  if (entry !== "package.json") await rm(join(OUT, entry), { recursive: true });
}
const bundled = await emitLicences(await emitJavaScript(OUT));
await emitTypes();
await trimTypes(join(OUT, "types"));
for (const file of ["README.md", "LICENSE"]) await copyFile(file, join(OUT, file));
await verify(bundled);
console.log(`npm/ holds putitoutthere ${version}; it installs and runs`);
