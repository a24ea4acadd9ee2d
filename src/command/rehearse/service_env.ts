/**
 * The environment of a rehearsed run: programs as ever, and nothing of the user's own settings.
 *
 * @module
 */

import { join } from "node:path";
import { BASE_ENV, pickEnv } from "../../host/exec.ts";
import type { Env } from "../../host/host.ts";

/** Programs are found as ever; their settings, caches and credentials are not the user's. */
export function programEnv(env: Env, home: string): Env {
  const { HOME: own = "", RUSTUP_HOME = join(own, ".rustup"), RUSTUP_TOOLCHAIN } = env;
  return {
    ...pickEnv(env, BASE_ENV),
    HOME: home,
    CARGO_HOME: join(home, "cargo"),
    RUSTUP_HOME,
    RUSTUP_TOOLCHAIN,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: join(home, "gitconfig"),
  };
}

/** The environment of the clients that install: they read anonymously. */
export function clientEnv(env: Env): Env {
  const {
    CARGO_REGISTRY_TOKEN: _crates,
    PYPI_API_TOKEN: _pypi,
    NODE_AUTH_TOKEN: _npm,
    GITHUB_TOKEN: _github,
    ...rest
  } = env;
  return rest;
}
