/**
 * The launcher of a family of command line programs: the one script of the main package, which finds the platform package
 * that npm installed and runs the program in it.
 *
 * @module
 */

import { LAUNCHER_SCRIPT } from "./launcher_script.ts";

/** A platform package, as the launcher looks for it. */
export interface LauncherPackage {
  /** Its name on npm. */
  readonly name: string;
  /** The program's path in it, `/`-separated. */
  readonly file: string;
  /** `process.platform` of the systems it is for. */
  readonly os: string | undefined;
  /** `process.arch`; undefined for a universal program. */
  readonly cpu: string | undefined;
  /** The C library; undefined for any. */
  readonly libc: "glibc" | "musl" | undefined;
}

/** What a launcher is made for. */
export interface LauncherInput {
  /** The main package's name on npm. */
  readonly name: string;
  /** In the order in which they are tried. */
  readonly packages: readonly LauncherPackage[];
}

/**
 * The script: CommonJS whatever the package's `type` is (its file ends in `.cjs`), without dependencies, for Node 18 and
 * newer. The same input gives the same text.
 */
export function launcherText({ name, packages }: LauncherInput): string {
  const list = packages.map((one) => `  ${JSON.stringify(one)},\n`).join("");
  return LAUNCHER_SCRIPT.replace("%NAME%", () => JSON.stringify(name)).replace(
    "%PACKAGES%",
    () => list,
  );
}
