/**
 * What npm's settings say of registries: the user's own (the environment, and the file in the home folder), and those of a
 * checkout. Where a token goes is the user's to say; the files of a repository are anybody's who could commit to it.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultUrl } from "registry-url";
import type { Env } from "./host.ts";

/** The public npm registry, whatever this machine is set to. */
export const PUBLIC_NPM_REGISTRY: string = defaultUrl;

/** A file of settings that is there. */
export interface NpmSettingsFile {
  readonly path: string;
  /** Undefined when it may not be read. */
  readonly text: string | undefined;
}

/**
 * A setting of npm's in the environment, by its key in a file: `npm_config_registry`, in any case, the lower one first.
 */
export function npmVariable(env: Env, key: string): string | undefined {
  const name = `npm_config_${key}`;
  const exact = env[name];
  if (exact !== undefined && exact !== "") return exact;
  const others = Object.entries(env).filter(([other]) => other.toLowerCase() === name);
  return others.find(([, value]) => value !== undefined && value !== "")?.[1];
}

/**
 * The user's own file: the one that the environment names (as actions/setup-node does), else the one in the home folder;
 * undefined where there is none.
 */
export function userNpmrc(env: Env): NpmSettingsFile | undefined {
  const home = env.HOME || env.USERPROFILE;
  const path = npmVariable(env, "userconfig") ?? (home ? join(home, ".npmrc") : undefined);
  return path === undefined ? undefined : readSettings(path);
}

/** A file of settings; undefined where there is none. */
export function readSettings(path: string): NpmSettingsFile | undefined {
  try {
    return { path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(String(code))) return undefined;
    return { path, text: undefined };
  }
}
