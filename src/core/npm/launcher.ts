/**
 * The launcher of a family of command line programs: the one script of the main package, which finds the platform package
 * that npm installed and runs the program in it.
 *
 * @module
 */

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
  const list = packages.map((pkg) => `  ${JSON.stringify(pkg)},\n`).join("");
  return LAUNCHER_SCRIPT.replace("%NAME%", () => JSON.stringify(name)).replace(
    "%PACKAGES%",
    () => list,
  );
}

/**
 * The script with two blanks: `%NAME%` is the main package's name, `%PACKAGES%` the lines of a list, both as JSON.
 *
 * A signal that a terminal sends reaches the program twice, from the terminal and from the launcher; one that is sent to
 * the launcher alone would otherwise never reach it. Only fields of `process.report` tell glibc from musl without
 * starting a program (Node's docs, diagnostic report); network interfaces are left out, since listing them asks for names.
 */
const LAUNCHER_SCRIPT: string = `#!/usr/bin/env node
// Runs the program that was built for this platform. It is in a package of its own, of which npm installs the one that
// fits, as an optional dependency.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const NAME = %NAME%;
const PACKAGES = [
%PACKAGES%];

function libcOfThisSystem() {
  if (process.platform !== "linux" || !process.report) return undefined;
  process.report.excludeNetwork = true;
  const report = process.report.getReport();
  const { header = {}, sharedObjects = [] } = typeof report === "string" ? JSON.parse(report) : report;
  if (header.glibcVersionRuntime) return "glibc";
  return sharedObjects.some((file) => /ld-musl|libc\\.musl/.test(file)) ? "musl" : undefined;
}

function platformWords({ os, cpu, libc }) {
  return [os, cpu, libc].filter((word) => word !== undefined).join(" ");
}

function resolve(path) {
  try {
    return require.resolve(path);
  } catch {
    // Not installed; another package may fit as well.
    return undefined;
  }
}

function findProgram(packages) {
  for (const { name, file } of packages) {
    const program = resolve(name + "/" + file);
    if (program !== undefined) return program;
  }
  return undefined;
}

function fail(lines) {
  console.error(lines.join("\\n"));
  process.exitCode = 1;
}

function cannotRun(program, error) {
  const reasons = {
    EACCES: "Its executable bit is missing, or its disk is mounted with noexec.",
    ENOENT: "The file is there, so the system lacks the loader or the C library that it was built for.",
  };
  fail([
    NAME + ": cannot run " + program + ": " + error.message,
    reasons[error.code] || "Install " + NAME + " again; if that does not help, tell its maintainers.",
  ]);
}

function cannotFind(packages, here) {
  const hollow = packages.find(({ name }) => resolve(name + "/package.json") !== undefined);
  if (hollow !== undefined) {
    return fail([
      NAME + ": " + JSON.stringify(hollow.name) + " is installed, and its program " + JSON.stringify(hollow.file) +
        " is gone.",
      "A virus scanner may have taken it, or the installation broke off. Install " + NAME + " again.",
    ]);
  }
  fail([
    NAME + ": cannot find the program for this platform (" + here + "): " +
      packages.map(({ name }) => JSON.stringify(name)).join(" or ") + " is not installed.",
    "It is an optional dependency, which --no-optional, --omit=optional, and a node_modules folder or a lockfile",
    "that was made on another platform leave out. Install " + NAME + " again without these.",
  ]);
}

function start(program) {
  try {
    return spawn(program, process.argv.slice(2), { stdio: "inherit" });
  } catch (error) {
    // Some refusals of the system come at once: a program of another processor does, on macOS and Windows.
    cannotRun(program, error);
    return undefined;
  }
}

function run(program) {
  const child = start(program);
  if (child === undefined) return;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];
  // Windows has no signals to send, only a kill; its console tells the program by itself.
  const forward = (signal) => process.platform === "win32" || child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on("error", (error) => cannotRun(program, error));
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const signal of signals) process.off(signal, forward);
    process.exitCode = 128 + (constants.signals[signal] || 0);
    // This one would open Node's debugger instead.
    if (signal !== "SIGUSR1") process.kill(process.pid, signal);
  });
}

function main() {
  const { platform: os, arch: cpu } = process;
  let fitting = PACKAGES.filter((candidate) =>
    (candidate.os === undefined || candidate.os === os) && (candidate.cpu === undefined || candidate.cpu === cpu)
  );
  let libc;
  if (fitting.some((candidate) => candidate.libc !== undefined)) {
    libc = libcOfThisSystem();
    fitting = fitting.filter((candidate) =>
      candidate.libc === undefined || libc === undefined || candidate.libc === libc
    );
  }
  const here = platformWords({ os, cpu, libc });
  if (fitting.length === 0) {
    return fail([
      NAME + ": there is no program for this platform (" + here + ").",
      "There is one for: " + PACKAGES.map(platformWords).join(", ") + ".",
    ]);
  }
  const program = findProgram(fitting);
  if (program === undefined) return cannotFind(fitting, here);
  run(program);
}

main();
`;
