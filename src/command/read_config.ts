/**
 * Finds the configuration file and reads it.
 *
 * @module
 */

import { dirname, relative, resolve, sep } from "node:path";
import type { Config } from "../core/model/config.ts";
import { Failure } from "../error.ts";
import { kindOfPath, readBytesIfThere } from "../host/files.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";
import type { PendingConfig } from "./declare_bytes.ts";

/** The name that a configuration has unless somebody says otherwise. */
const CONFIG_FILE = "putitoutthere.toml";

/** Where a configuration is looked for. */
export interface ConfigPlace {
  /** The absolute folder that piot runs in: `config` starts from it, and so does every path in the file. */
  readonly cwd: string;
  /** The file, as `--config` names it; `putitoutthere.toml` by default. */
  readonly config?: string;
  /** The kinds that packages may have; all that there are by default. */
  readonly kinds?: readonly RegistryKind[];
}

/** A configuration, and where it lies. */
export interface ReadConfig {
  readonly config: Config;
  /** The file as it is reached from the root, `/`-separated. */
  readonly file: string;
  /** The folder that piot runs in, absolute: every `path` and glob starts from it, wherever the file lies. */
  readonly root: string;
}

/** The root, and the way to the file from there. */
export function locateConfig(place: ConfigPlace): Pick<ReadConfig, "file" | "root"> {
  const root = resolve(place.cwd);
  const path = resolve(root, place.config ?? CONFIG_FILE);
  return { file: relative(root, path).replaceAll(sep, "/"), root };
}

/** Reads the configuration. Throws `PIOT_CONFIG_MISSING`, and what `parseConfig()` throws. */
export async function readConfig(place: ConfigPlace): Promise<ReadConfig> {
  const { config, check } = await readDeclaredConfig(place);
  await check();
  return { config, ...locateConfig(place) };
}

/** Reads the configuration, and leaves it to the caller when to hold its packages against each other. */
export async function readDeclaredConfig(place: ConfigPlace): Promise<PendingConfig> {
  const { file, root } = locateConfig(place);
  const bytes = await readBytesIfThere(resolve(root, file));
  if (bytes === undefined) throw missingConfig(file, root, await hintFor(place));
  // Loaded here, since git is at work by now.
  const { declareBytes } = await import("./declare_bytes.ts");
  return await declareBytes(bytes, { file, kinds: place.kinds });
}

/** The nearest folder above with a configuration, seen from where one is. */
async function configAbove({ cwd }: ConfigPlace): Promise<string | undefined> {
  for (let folder = dirname(resolve(cwd)); dirname(folder) !== folder; folder = dirname(folder)) {
    // It is looked for to give a better hint: a folder that may not be looked into is none.
    const found = await kindOfPath(resolve(folder, CONFIG_FILE)).catch(() => undefined);
    if (found === "file") return relative(resolve(cwd), folder).replaceAll(sep, "/");
  }
  return undefined;
}

async function hintFor(place: ConfigPlace): Promise<string> {
  if (place.config !== undefined) {
    return "Name another with `--config`, or run `putitoutthere init` with this one to write it";
  }
  const above = await configAbove(place);
  return above === undefined
    ? "Run `putitoutthere init` to write one, or name it with `--config`"
    : `There is one in ${above}: run with \`--cwd ${above}\`, or name another with \`--config\``;
}

/** `PIOT_CONFIG_MISSING`: no such file in a folder, or at a commit. */
export function missingConfig(file: string, where: string, hint: string): Failure {
  return new Failure("PIOT_CONFIG_MISSING", `Cannot find ${file} in ${where}`, { hint });
}
