/**
 * Compiled files in a package that is no family's: held against the machines that its own package.json names.
 *
 * @module
 */

import type { PackageJson } from "../../core/npm/package_json.ts";
import { plainPath } from "../../core/npm/package_bin.ts";
import { statedTriples, statedWords } from "../../core/npm/stated_platform.ts";
import { type Binary, describeBinary, type OtherFile } from "../../core/target/binary.ts";
import { fitsTriple } from "../../core/target/fits_triple.ts";
import { Failure } from "../../error.ts";

/** What was found in a package. */
export interface OwnPlatform {
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
  /** Files that are started as programs. */
  readonly programs: ReadonlySet<string>;
}

/** What is judged. */
export interface PlatformCheck {
  /** The package's name on npm. */
  readonly name: string;
  readonly manifest: PackageJson;
  readonly paths: readonly string[];
  readonly read: (path: string) => Promise<Binary | OtherFile>;
}

/** Judges a package. One that names no machine is for all of them, and may bring files for each. */
export async function judgeOwnPlatform(check: PlatformCheck): Promise<OwnPlatform> {
  const { name, manifest, paths } = check;
  const triples = statedTriples(manifest.raw);
  const nothing = { problems: [], warnings: [], programs: new Set<string>() };
  if (triples === undefined) return nothing;
  const files: { readonly path: string; readonly binary: Binary }[] = [];
  for (const path of paths) {
    const binary = await check.read(path);
    // WebAssembly runs anywhere.
    if (binary.format !== "other" && binary.format !== "wasm") files.push({ path, binary });
  }
  const foreign = files.filter(({ binary }) => !triples.some((triple) => isFor(binary, triple)));
  const main = manifest.raw["main"];
  const reached = new Set([
    ...Object.values(manifest.bin),
    ...(typeof main === "string" ? [plainPath(main)] : []),
    // Another package finds what is in it by its path, as esbuild's `require.resolve("@esbuild/linux-x64/bin/esbuild")`.
    ...(isEntered(check) ? [] : files.map(({ path }) => path)),
  ]);
  const said = foreign.map(({ path, binary }) => ({
    isLoaded: reached.has(path) || path.endsWith(".node"),
    words: `"${path}" is ${describeBinary(binary)}, and its package.json says ${
      statedWords(manifest.raw)
    }`,
  }));
  return {
    problems: said.filter(({ isLoaded }) => isLoaded).map(({ words }) =>
      new Failure("PIOT_BINARY_MISMATCH", `Cannot publish "${name}": ${words}`, {
        hint: "Deliver the file that was built for these machines, or mend `os`, `cpu` and `libc`",
      })
    ),
    warnings: said.filter(({ isLoaded }) => !isLoaded).map(({ words }) => `"${name}": ${words}`),
    programs: new Set(
      files.filter(({ binary }) => binary.runnable && !binary.loadable).map(({ path }) => path),
    ),
  };
}

/** Whether a package has something of its own to load or to run: without, its compiled files are what it is for. */
function isEntered({ manifest: { raw, bin }, paths }: PlatformCheck): boolean {
  return Object.keys(bin).length > 0 ||
    ["main", "exports", "module"].some((field) => (raw[field] ?? "") !== "") ||
    paths.some((path) => /^index\.(?:js|json|node)$/.test(path));
}

function isFor(binary: Binary, triple: string): boolean {
  const { misfits } = fitsTriple(binary, { triple, use: binary.runnable ? "program" : "addon" });
  return misfits.every(({ sort }) => sort !== "platform");
}

/** Programs of a ready tarball that nobody could start. npm makes what `bin` names executable, and nothing else. */
export function lostBits(
  name: string,
  { programs, manifest, executables }: Pick<OwnPlatform, "programs"> & {
    readonly manifest: PackageJson;
    readonly executables: ReadonlySet<string>;
  },
): readonly string[] {
  const commands = new Set(Object.values(manifest.bin));
  return [...programs].filter((path) => !executables.has(path) && !commands.has(path)).map((path) =>
    `"${name}": the program "${path}" is not executable in its tarball; set the bit before it is packed, ` +
    "or deliver the folder"
  );
}
