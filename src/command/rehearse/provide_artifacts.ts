/**
 * Everything that the build jobs of a release would have made: built where that is possible, taken from the user where it
 * was given, made up otherwise.
 *
 * @module
 */

import { join, relative, sep } from "node:path";
import { encodeName } from "../../core/model/artifact_name.ts";
import { rulesOf } from "../../core/model/kind.ts";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { messageOf } from "../../error.ts";
import { exec } from "../../host/exec.ts";
import { listFolders, readTextIfThere, walkFiles } from "../../host/files.ts";
import { copyFolder, makeFolder, writeTree } from "../../host/write_files.ts";
import { KINDS } from "../../registry/kinds.ts";
import { PROGRAM_SOURCE, PROGRAM_VERSION } from "../../rehearsal/example.ts";
import { requireRehearsed } from "./kinds/kinds.ts";
import type { MissingArtifact } from "./kinds/rehearsed_kind.ts";
import type { Sandbox } from "./open_sandbox.ts";
import { programTrouble } from "./run_program.ts";

/** Where the files of one artifact came from. */
export interface GatheredArtifact {
  /** The artifact's name. */
  readonly name: string;
  /** The package that it belongs to. */
  readonly package: string;
  /** `given`: it was built. `synthesised`: made up here. `checkout`: publishing takes the repository's own files. */
  readonly from: "given" | "synthesised" | "checkout";
  /** Files that were made up beside the repository's own, relative to the package's folder. */
  readonly made?: readonly string[];
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
  const { root, copy: { checkout } } = sandbox;
  const gathered = await gatherArtifacts(plan, { given, folder, copy: { root, checkout } });
  for (const artifact of gathered) {
    emit({ type: "notice", message: `artifact ${artifact.name}: ${originOf(artifact)}` });
  }
  return gathered;
}

function originOf({ from, made }: GatheredArtifact): string {
  if (made === undefined) return ORIGINS[from];
  const files = made.join(", ");
  return `${ORIGINS.checkout}, and made up because nobody built them: ${files}`;
}

const ORIGINS: Readonly<Record<GatheredArtifact["from"], string>> = {
  given: "as it was built",
  synthesised: "made up to the contract",
  checkout: "the repository's own files",
};

/** Takes what was given, and makes up what is missing; the example's program is given when it was built. */
export async function gatherArtifacts(
  plan: Plan,
  { given, folder, copy }: Pick<ArtifactOptions, "given" | "folder"> & { readonly copy?: OwnCopy },
): Promise<readonly GatheredArtifact[]> {
  if (given !== undefined) await copyFolder(given, folder);
  const gathered: GatheredArtifact[] = [];
  for (const pkg of plan.packages) {
    for (const artifact of pkg.artifacts) {
      const { artifact_name: name } = artifact;
      const row = plan.matrix.find((row) => row.artifact_name === name);
      const wanted = { build: row?.build, bundled: row?.bundle_cli };
      const origin = await gather(pkg, { artifact, folder, copy, ...wanted });
      gathered.push({ name, package: pkg.name, ...origin });
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
  const trouble = await programTrouble("rustc", { cwd: checkout, env });
  if (trouble !== undefined) return `${trouble}: ${missing}`;
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

/** A copy of the repository, which may be written to. */
interface OwnCopy {
  /** The top of the work tree. */
  readonly checkout: string;
  /** The folder that the packages' paths start from. */
  readonly root: string;
}

type Gathering = Omit<MissingArtifact, "planned"> & {
  readonly folder: string;
  readonly copy: OwnCopy | undefined;
};

async function gather(
  planned: PlannedPackage,
  { artifact, folder, build, bundled, copy }: Gathering,
): Promise<Pick<GatheredArtifact, "from" | "made">> {
  const target = join(folder, artifact.artifact_name);
  if ((await walkFiles(target)).length > 0) return { from: "given" };
  if (await isServed(planned, { target: artifact.target, folder })) return { from: "given" };
  const files = await requireRehearsed(planned).synthesise({
    planned,
    artifact,
    build,
    bundled,
  });
  if (files !== undefined) {
    await writeTree(target, files);
    return { from: "synthesised" };
  }
  const made = copy === undefined ? [] : await completeCheckout(planned, copy);
  return made.length === 0 ? { from: "checkout" } : { from: "synthesised", made };
}

/** Whether files in folders that jobs named themselves stand in for a row's own. */
async function isServed(
  { name, kind, artifacts: rows }: PlannedPackage,
  { target, folder }: { readonly target: string; readonly folder: string },
): Promise<boolean> {
  const { artifacts } = rulesOf(KINDS, { kind });
  if (artifacts.isServedByOwnFolders?.(target) !== true) return false;
  const start = encodeName(name);
  const planned = rows.map((row) => row.artifact_name);
  const own = (await listFolders(folder)).filter((one) =>
    !planned.includes(one) && one.startsWith(start) &&
    artifacts.ownFolders?.test(one.slice(start.length)) === true
  );
  for (const one of own) {
    if ((await walkFiles(join(folder, one))).length > 0) return true;
  }
  return false;
}

/** Makes up what a build would have left beside the files of the commit, and has git look past it. */
async function completeCheckout(
  planned: PlannedPackage,
  { root, checkout }: OwnCopy,
): Promise<readonly string[]> {
  const own = join(root, planned.path);
  const files = await requireRehearsed(planned).complete?.(own) ?? {};
  const made = Object.keys(files);
  if (made.length === 0) return made;
  await writeTree(own, files);
  const ignored = made.map((file) =>
    `/${relative(checkout, join(own, file)).replaceAll(sep, "/")}\n`
  );
  const exclude = ".git/info/exclude";
  const known = await readTextIfThere(join(checkout, exclude)) ?? "";
  await writeTree(checkout, { [exclude]: `${known}\n${ignored.join("")}` });
  return made;
}
