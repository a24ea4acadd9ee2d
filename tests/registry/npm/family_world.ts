/** A platform family in a checkout with artifacts, and what its tarballs hold. */

import { join } from "node:path";
import { ARCHIVE_LIMITS } from "../../../src/artifact/archive/archive_guard.ts";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import type { NpmPackage } from "../../../src/core/model/package.ts";
import { Failure } from "../../../src/error.ts";
import type { NpmPrepared } from "../../../src/registry/npm/publish_unit.ts";
import type { ArtifactFolder, Release } from "../../../src/registry/registry.ts";
import { manifestText, npmRelease, npmWorld, type World, type WorldOptions } from "./world.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface FamilyOptions extends WorldOptions {
  readonly build?: "napi" | "bundled-cli";
  readonly version?: string;
  /** Fields of the main package's package.json. */
  readonly main?: Record<string, unknown>;
  /** Files of the checkout besides that package.json; their paths start at the main package's folder. */
  readonly files?: Files;
  readonly package?: Partial<NpmPackage>;
}

export interface FamilyWorld extends World {
  readonly release: Release<NpmPackage>;
}

export const NAME = "@acme/demo";

/**
 * A family whose artifacts are given by target: files by path, or nothing for an artifact that was not delivered. A
 * `main` among them is the main package's own artifact.
 */
export async function familyWorld(
  artifacts: Readonly<Record<string, Files | undefined>>,
  options: FamilyOptions = {},
): Promise<FamilyWorld> {
  const { build = "bundled-cli", version = "1.0.0", main, files = {}, package: own, ...rest } =
    options;
  const delivered = Object.entries(artifacts).flatMap(([target, content = {}]) =>
    Object.entries(content).map(([path, bytes]) => [`artifacts/demo-${target}/${path}`, bytes])
  );
  const checkout = Object.entries(files).map(([path, bytes]) => [`packages/demo/${path}`, bytes]);
  const world = await npmWorld({
    "packages/demo/package.json": manifestText({ name: NAME, ...main }),
    ...Object.fromEntries([...checkout, ...delivered]) as Files,
  }, rest);
  const triples = Object.keys(artifacts).filter((target) => target !== "main");
  const folderOf = (target: string): ArtifactFolder => {
    const name = `demo-${target}`;
    const isThere = artifacts[target] !== undefined;
    return { target, name, folder: isThere ? join(world.root, "artifacts", name) : undefined };
  };
  const release = npmRelease({
    version,
    package: {
      registryName: NAME,
      build,
      targets: triples.map((triple) => ({ triple, runner: "ubuntu-latest" })),
      ...own,
    },
    artifacts: [...triples, "main"].map(folderOf),
  });
  return { ...world, release };
}

/** What is in the tarball of one package: `path mode` → text, or the bytes as Latin-1. */
export async function contentsOf(
  prepared: NpmPrepared,
  name: string,
): Promise<Record<string, string>> {
  const unit = prepared.units.find((one) => one.name === name);
  if (unit === undefined) throw new Error(`there is no ${name}`);
  const texts: Record<string, string> = {};
  await readTarGz(unit.tarball, ARCHIVE_LIMITS, async (entry) => {
    const path = entry.path.replace(/^package\//, "");
    texts[`${path} ${entry.mode.toString(8)}`] = await entry.text();
  });
  return texts;
}

/** package.json in the tarball of one package. */
export async function manifestOf(
  prepared: NpmPrepared,
  name: string,
): Promise<Record<string, unknown>> {
  const contents = await contentsOf(prepared, name);
  return JSON.parse(contents["package.json 644"] ?? "") as Record<string, unknown>;
}

/** Every problem that was reported, as code and message, with the hints apart. */
export async function refusalOf(
  prepared: Promise<unknown>,
): Promise<{ problems: string[]; hints: string[] }> {
  try {
    await prepared;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      problems: error.problems.map(({ code, message }) => `${code} ${message}`),
      hints: error.problems.map(({ hint = "" }) => hint),
    };
  }
  throw new Error("nothing was refused");
}
