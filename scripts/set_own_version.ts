/**
 * Makes this tree ready for a release: `deno task version 0.2.0` writes the version wherever it is said, builds the npm
 * package, and writes the hash of it to where the action is held to that.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import process from "node:process";
import { isVersion } from "../src/core/model/version.ts";
import { integrityOf, packOwn } from "./npm_package.ts";
import { writeIntegrity, writeVersion } from "./own_version.ts";

const [version = "", ...rest] = process.argv.slice(2);
if (!isVersion(version) || rest.length > 0) {
  console.error("Cannot set the version: give one, such as 0.2.0");
  process.exit(2);
}
await writeVersion(version);
execFileSync(process.execPath, ["run", "-A", "scripts/build_npm.ts"], { stdio: "inherit" });
await writeIntegrity(integrityOf(await packOwn("npm")));
console.log(
  `This tree is ${version}. Commit it, with a line \`release: minor\` or \`major\` where it is more than a patch`,
);
