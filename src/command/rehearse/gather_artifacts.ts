/**
 * The artifacts of a rehearsal: what was built, and for what is missing files made up to the contract, so that a release
 * can be rehearsed before anything was built.
 *
 * @module
 */

import { join } from "node:path";
import { sampleTag } from "../../core/pypi/sample_tag.ts";
import { pypiVersion } from "../../core/pypi/version.ts";
import type { Plan, PlannedArtifact, PlannedPackage } from "../../core/model/plan.ts";
import { Failure } from "../../error.ts";
import { walkFiles } from "../../host/files.ts";
import { copyFolder, type Tree, writeTree } from "../../host/write_files.ts";
import { makePlatformArtifact } from "../../rehearsal/synthesise/platform_artifact.ts";
import { makeSdist } from "../../rehearsal/synthesise/sdist.ts";
import { type BuiltArtifact, makeWheel } from "../../rehearsal/synthesise/wheel.ts";

/** Where the files of one artifact came from. */
export interface GatheredArtifact {
  /** The artifact's name. */
  readonly name: string;
  /** The package that it belongs to. */
  readonly package: string;
  /** `given`: it was built. `synthesised`: made up here. `checkout`: publishing takes the repository's own files. */
  readonly from: "given" | "synthesised" | "checkout";
}

/** Fills an empty folder with an artifact folder for each row of the plan. */
export async function gatherArtifacts(
  plan: Plan,
  options: { readonly given: string | undefined; readonly folder: string },
): Promise<readonly GatheredArtifact[]> {
  const { given, folder } = options;
  if (given !== undefined) await copyFolder(given, folder);
  const gathered: GatheredArtifact[] = [];
  for (const item of plan.packages) {
    for (const artifact of item.artifacts) {
      const row = plan.matrix.find((one) => one.artifact_name === artifact.artifact_name);
      gathered.push({
        name: artifact.artifact_name,
        package: item.name,
        from: await gather(item, { artifact, folder, build: row?.build }),
      });
    }
  }
  return gathered;
}

async function gather(
  item: PlannedPackage,
  { artifact, folder, build }: Missing & { readonly folder: string },
): Promise<GatheredArtifact["from"]> {
  const target = join(folder, artifact.artifact_name);
  if ((await walkFiles(target)).length > 0) return "given";
  const files = await synthesise(item, { artifact, build });
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
  item: PlannedPackage,
  { artifact, build }: Missing,
): Promise<Tree | undefined> {
  if (!artifact.required) return undefined;
  const { target } = artifact;
  switch (item.kind) {
    case "crates":
      return undefined;
    case "pypi": {
      const { fileName, bytes } = await distribution(item, target);
      return { [fileName]: bytes };
    }
    case "npm":
      return makePlatformArtifact({
        name: item.registry_name,
        version: item.version,
        triple: target,
        use: build === "napi" ? "addon" : "program",
      });
  }
}

function distribution(
  item: PlannedPackage,
  target: string,
): Promise<BuiltArtifact> | BuiltArtifact {
  const input = { name: item.registry_name, version: pypiVersion(item.version) };
  if (target === "sdist") return makeSdist(input);
  const platform = target === "any" ? "any" : sampleTag(target);
  if (platform === undefined) throw noWheel(item, target);
  return makeWheel({ ...input, tag: `py3-none-${platform}` });
}

function noWheel(item: PlannedPackage, target: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot make up a wheel of ${item.name} for "${target}": PyPI takes none`,
    {
      hint: `Leave "${target}" out of the package's targets`,
    },
  );
}
