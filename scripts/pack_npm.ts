/**
 * Packs what `build_npm.ts` has built, for its release: `deno run -A scripts/pack_npm.ts FOLDER`. What is packed has to be
 * what the action of this commit is held to, so anything else fails here, where nothing can be published yet.
 *
 * @module
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { integrityOf, packOwn, readManifest } from "./npm_package.ts";
import { releaseProblems } from "./own_version.ts";

const [folder = "."] = process.argv.slice(2);
const bytes = await packOwn("npm");
const problems = await releaseProblems(integrityOf(bytes));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `putitoutthere-${(await readManifest()).version}.tgz`), bytes);
