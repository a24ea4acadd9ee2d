/**
 * The environment of the programs that a rehearsal starts.
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
