/**
 * Stands in for the compilers and build backends of GitHub's runners, which are not here: it reads the manifests as they
 * are by then, and leaves files of the very form that the real ones leave. `argv`: the program's name, and its words.
 */

import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { parse } from "smol-toml";
import { sampleTag } from "../../../src/core/pypi/platform_tag.ts";
import { makeElf } from "../../../src/rehearsal/synthesise/binary_elf.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import {
  type BuiltArtifact,
  makeSdist,
  makeWheel,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";

const [program = "", ...words] = process.argv.slice(2);

function option(name: string): string {
  return words[words.indexOf(name) + 1] ?? "";
}

interface Project {
  readonly project: { readonly name: string; readonly version?: string };
}

async function project(): Promise<{ readonly name: string; readonly version: string }> {
  const { project } = parse(await readFile("pyproject.toml", "utf8")) as unknown as Project;
  const { SETUPTOOLS_SCM_PRETEND_VERSION: scm } = process.env;
  return { name: project.name, version: project.version ?? scm ?? "0.0.0" };
}

async function leave(folder: string, { fileName, bytes }: BuiltArtifact): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, fileName), bytes);
}

/** What lies in the Python package's folder, a staged program among it. */
async function packageFiles(name: string): Promise<Record<string, Uint8Array>> {
  const folder = name.replaceAll("-", "_");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) =>
    join(entry.parentPath, entry.name)
  );
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)),
  );
}

async function leaveWheel(folder: string, triple: string): Promise<void> {
  const made = await project();
  const tag = `py3-none-${sampleTag(triple) ?? "any"}`;
  const module = `${made.name.replaceAll("-", "_")}/_native.so`;
  const files = { ...await packageFiles(made.name), [module]: makeBinary(triple, "addon") };
  const executables: string[] = [];
  for (const path of Object.keys(files)) {
    const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
    if ((mode & 0o111) !== 0) executables.push(path);
  }
  await leave(folder, makeWheel({ ...made, tag, files, executables }));
}

/** Python's platform words for what cibuildwheel is told. */
function tripleOf({ CIBW_ARCHS: arch = "", CIBW_BUILD: build = "" }: NodeJS.ProcessEnv): string {
  if (build.includes("musllinux")) return `${arch}-unknown-linux-musl`;
  if (build.includes("manylinux")) return `${arch}-unknown-linux-gnu`;
  return { arm64: "aarch64-apple-darwin", AMD64: "x86_64-pc-windows-msvc" }[arch] ??
    "x86_64-apple-darwin";
}

async function main(): Promise<void> {
  const [verb, tool, kind] = words;
  if (program === "maturin") return await leaveWheel(option("--out"), option("--target"));
  if (program === "pipx" && verb === "run") {
    if (tool === "maturin" && kind === "sdist") {
      return leave(option("--out"), await makeSdist(await project()));
    }
    if (tool === "build" && kind === "--sdist") {
      return leave(option("--outdir"), await makeSdist(await project()));
    }
    if (tool === "build" && kind === "--wheel") {
      return leave(option("--outdir"), makeWheel(await project()));
    }
    if (tool === "cibuildwheel") {
      return await leaveWheel(option("--output-dir"), tripleOf(process.env));
    }
  }
  if (program === "cargo" && verb === "build") {
    const target = option("--target");
    const end = target.includes("windows") ? ".exe" : "";
    const path = join(option("--target-dir"), target, "release", `${option("--bin")}${end}`);
    await mkdir(dirname(path), { recursive: true });
    // rustc links musl's programs statically.
    const bytes = target.includes("-linux-musl")
      ? makeElf({ triple: target, use: "program", isStatic: true })
      : makeBinary(target, "program");
    return await writeFile(path, bytes, { mode: 0o755 });
  }
  if (program === "napi" && verb === "build") {
    const target = words.includes("--target") ? option("--target") : "x86_64-unknown-linux-gnu";
    const folder = words.includes("--output-dir") ? option("--output-dir") : ".";
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "index.js"), "module.exports = {};\n");
    return await writeFile(join(folder, "addon.node"), makeBinary(target, "addon"));
  }
  throw new Error(`no such program here: ${program} ${words.join(" ")}`);
}

await main();
