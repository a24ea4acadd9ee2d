/** The real npm client, with nobody's configuration, speaking only to a registry on 127.0.0.1. */

import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { maySkip } from "./provided.ts";
import { writeTree } from "./temp.ts";

const run = promisify(execFile);

/** The installed version of npm; undefined where there is none. */
export const NPM_VERSION: string | undefined = findNpm();

/** What `test()` takes to skip a test where npm is absent. */
export const WITH_NPM: { readonly skip: string | false } = {
  skip: NPM_VERSION === undefined ? maySkip("npm", "no npm on PATH") : false,
};

function findNpm(): string | undefined {
  try {
    return execFileSync("npm", ["--version"], { encoding: "utf8", env: { PATH: path() } }).trim();
  } catch {
    return undefined;
  }
}

function path(): string {
  return process.env.PATH ?? "";
}

/** How npm is set up for one call. */
export interface RealNpmOptions {
  /** The folder that it runs in. */
  readonly cwd: string;
  /** An empty folder for its home, cache and configuration. */
  readonly home: string;
  /** The registry. */
  readonly registry: string;
  readonly token?: string;
  /** What its environment has besides. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs npm and gives its standard output. Rejects, with everything it said, when it fails. */
export async function realNpm(
  args: readonly string[],
  { cwd, home, registry, token, env }: RealNpmOptions,
): Promise<string> {
  const host = registry.replace(/^https?:/, "");
  const auth = token === undefined ? "" : `${host}/:_authToken=${token}\n`;
  await writeTree(home, { ".npmrc": `registry=${registry}/\n${auth}` });
  const { stdout } = await run("npm", [...args], {
    cwd,
    maxBuffer: 1 << 26,
    env: {
      PATH: path(),
      HOME: home,
      npm_config_userconfig: join(home, ".npmrc"),
      npm_config_globalconfig: join(home, "global-npmrc"),
      npm_config_cache: join(home, "cache"),
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
      npm_config_loglevel: "error",
      ...env,
    },
  });
  return stdout;
}
