/**
 * Everything that the build jobs of a release would have made: built where that is possible, taken from the user where it
 * was given, made up otherwise.
 *
 * @module
 */

import { join } from "node:path";
import type { Plan, PlannedArtifact, PlannedPackage } from "../../core/model/plan.ts";
import { sampleTag } from "../../core/pypi/platform_tag.ts";
import { pypiVersion } from "../../core/pypi/spelling.ts";
import { Failure, messageOf } from "../../error.ts";
import { exec, isOnPath } from "../../host/exec.ts";
import { walkFiles } from "../../host/files.ts";
import { copyFolder, makeFolder, type Tree, writeTree } from "../../host/write_files.ts";
import { PROGRAM_SOURCE, PROGRAM_VERSION } from "../../rehearsal/example.ts";
import { makePlatformArtifact } from "../../rehearsal/synthesise/platform_artifact.ts";
import {
  type BuiltArtifact,
  makeSdist,
  makeWheel,
} from "../../rehearsal/synthesise/python_distribution.ts";
import type { Sandbox } from "./open_sandbox.ts";

/** Where the files of one artifact came from. */
export interface GatheredArtifact {
  /** The artifact's name. */
  readonly name: string;
  /** The package that it belongs to. */
  readonly package: string;
  /** `given`: it was built. `synthesised`: made up here. `checkout`: publishing takes the repository's own files. */
  readonly from: "given" | "synthesised" | "checkout";
}

/** What is to be built, and what was. */
interface ArtifactOptions {
  readonly plan: Plan;
  /** The folder that gets the artifacts, absolute; there is nothing in it. */
  readonly folder: string;
  /** The user's folder with built artifacts, absolute. */
  readonly given: string | undefined;
  /** Whether this is the example, whose program can be built here. */
  readonly example: boolean;
}

/** Fills a folder with an artifact folder for each row of the plan, and tells where each came from. */
export async function provideArtifacts(
  sandbox: Sandbox,
  { plan, folder, given, example }: ArtifactOptions,
): Promise<readonly GatheredArtifact[]> {
  const { emit } = sandbox;
  const trouble = example ? await buildExample(sandbox, { plan, folder }) : undefined;
  if (trouble !== undefined) emit({ type: "warning", message: trouble });
  const gathered = await gatherArtifacts(plan, { given, folder });
  for (const { name, from } of gathered) {
    emit({ type: "notice", message: `artifact ${name}: ${ORIGINS[from]}` });
  }
  return gathered;
}

const ORIGINS: Readonly<Record<GatheredArtifact["from"], string>> = {
  given: "as it was built",
  synthesised: "made up to the contract",
  checkout: "the repository's own files",
};

/** Takes what was given, and makes up what is missing; the example's program is given when it was built. */
export async function gatherArtifacts(
  plan: Plan,
  { given, folder }: Pick<ArtifactOptions, "given" | "folder">,
): Promise<readonly GatheredArtifact[]> {
  if (given !== undefined) await copyFolder(given, folder);
  const gathered: GatheredArtifact[] = [];
  for (const pkg of plan.packages) {
    for (const artifact of pkg.artifacts) {
      const { artifact_name: name } = artifact;
      const build = plan.matrix.find((row) => row.artifact_name === name)?.build;
      const from = await gather(pkg, { artifact, folder, build });
      gathered.push({ name, package: pkg.name, from });
    }
  }
  return gathered;
}

/**
 * Compiles the example's program for this machine with rustc, into its artifact: as far as this machine can run the build
 * job. Gives a sentence when that cannot be done; the program is made up then, like those of other platforms.
 */
async function buildExample(
  { host: { env }, copy: { checkout }, triple }: Sandbox,
  { plan, folder }: Pick<ArtifactOptions, "plan" | "folder">,
): Promise<string | undefined> {
  const row = plan.matrix.find(({ build, target }) => build === "bundled-cli" && target === triple);
  if (row === undefined || triple === undefined) return undefined;
  const missing = `the program for ${triple} is made up, and cannot be run`;
  if (!await isOnPath("rustc", env)) return `there is no rustc on PATH: ${missing}`;
  const own = join(folder, row.artifact_name);
  await makeFolder(own);
  const ending = triple.startsWith("win32-") ? ".exe" : "";
  const output = join(own, `${row.name}${ending}`);
  const { code, stderr } = await exec(
    "rustc",
    ["-C", "strip=symbols", "-o", output, PROGRAM_SOURCE],
    { cwd: checkout, env: { ...env, [PROGRAM_VERSION]: row.version } },
    // A sandbox may forbid it; a rehearsal without it is worth having.
  ).catch((error: unknown) => ({ code: null, stderr: messageOf(error) }));
  if (code === 0) return undefined;
  return `rustc does not work here (${stderr.trim().split("\n")[0]}): ${missing}`;
}

async function gather(
  pkg: PlannedPackage,
  { artifact, folder, build }: Missing & { readonly folder: string },
): Promise<GatheredArtifact["from"]> {
  const target = join(folder, artifact.artifact_name);
  if ((await walkFiles(target)).length > 0) return "given";
  const files = await synthesise(pkg, { artifact, build });
  if (files === undefined) return "checkout";
  await writeTree(target, files);
  return "synthesised";
}

/** An artifact that nobody delivered. */
interface Missing {
  readonly artifact: PlannedArtifact;
  /** The build backend, or how platform packages come to be. */
  readonly build: string | undefined;
}

/** Made-up files of an artifact; undefined where the repository's own will do. */
async function synthesise(
  pkg: PlannedPackage,
  { artifact, build }: Missing,
): Promise<Tree | undefined> {
  if (!artifact.required) return undefined;
  const { target } = artifact;
  switch (pkg.kind) {
    case "crates":
      return undefined;
    case "pypi": {
      const { fileName, bytes } = await distribution(pkg, target);
      return { [fileName]: bytes };
    }
    case "npm":
      return makePlatformArtifact({
        name: pkg.registry_name,
        version: pkg.version,
        triple: target,
        use: build === "napi" ? "addon" : "program",
      });
  }
}

function distribution(
  pkg: PlannedPackage,
  target: string,
): Promise<BuiltArtifact> | BuiltArtifact {
  const input = { name: pkg.registry_name, version: pypiVersion(pkg.version) };
  if (target === "sdist") return makeSdist(input);
  const platform = target === "any" ? "any" : sampleTag(target);
  if (platform === undefined) throw noWheel(pkg, target);
  return makeWheel({ ...input, tag: `py3-none-${platform}` });
}

function noWheel(pkg: PlannedPackage, target: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot make up a wheel of ${pkg.name} for "${target}": PyPI takes none`,
    { hint: `Leave "${target}" out of the package's targets` },
  );
}
