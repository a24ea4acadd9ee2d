/**
 * Where cargo runs with a token: not in the checkout, from where it would take settings (a proxy, a wrapper around the
 * compiler) of whoever could commit them; but with the toolchain that the checkout was packaged with.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { dirname, isAbsolute, join, parse } from "node:path";
import { Failure } from "../error.ts";
import { BASE_ENV, exec, isOnPath, pickEnv } from "./exec.ts";
import { kindOfPath } from "./files.ts";
import type { Env } from "./host.ts";

/** A folder, and variables that hold there. */
export interface UploadPlace {
  readonly cwd: string;
  readonly env: Env;
}

/** Finds it. Throws `PIOT_SETTINGS_COMMITTED` for a checkout that brings its own cargo. */
export async function placeOfUpload(env: Env, checkout: string): Promise<UploadPlace> {
  const toolchain = await toolchainOf(env, checkout);
  return {
    cwd: await neutralFolder(env, checkout),
    env: {
      // CARGO_HOME may lie in the checkout, as caches like it: what it says of programs has no say, either.
      RUSTC_WRAPPER: "",
      RUSTC_WORKSPACE_WRAPPER: "",
      RUSTC: "rustc",
      ...(toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: toolchain }),
    },
  };
}

/** The first of the user's own folders that lies in no work tree; else the top of the file system. */
async function neutralFolder(env: Env, checkout: string): Promise<string> {
  for (const folder of [env.CARGO_HOME, env.HOME, env.USERPROFILE]) {
    if (!folder || !isAbsolute(folder)) continue;
    if (await kindOfPath(folder) === "folder" && !await isInWorkTree(folder)) return folder;
  }
  return parse(checkout).root;
}

async function isInWorkTree(folder: string): Promise<boolean> {
  for (let place = folder;; place = dirname(place)) {
    if (await kindOfPath(join(place, ".git")) !== undefined) return true;
    if (place === dirname(place)) return false;
  }
}

/**
 * The toolchain that rustup takes in a checkout (`rust-toolchain.toml`, an override of the user's): it is chosen by the
 * folder that cargo runs in. Undefined where rustup is not there, or says nothing.
 */
async function toolchainOf(env: Env, checkout: string): Promise<string | undefined> {
  if ((env.RUSTUP_TOOLCHAIN ?? "") !== "" || !await isOnPath("rustup", env)) return undefined;
  const own = { ...pickEnv(env, [...BASE_ENV, "CARGO_HOME", "RUSTUP_*"]) };
  const asked = await exec("rustup", ["show", "active-toolchain"], { cwd: checkout, env: own });
  const [toolchain = ""] = Buffer.from(asked.stdout).toString().split(/\s/);
  if (asked.code !== 0 || toolchain === "") return undefined;
  if (isAbsolute(toolchain) && await isInWorkTree(toolchain)) {
    throw new Failure(
      "PIOT_SETTINGS_COMMITTED",
      `Cannot give a token to the cargo in ${toolchain}: the checkout's rust-toolchain file names it, and it is one of the checkout's own programs`,
      {
        hint:
          "Name a channel in the rust-toolchain file, or set RUSTUP_TOOLCHAIN for the publish step",
      },
    );
  }
  return toolchain;
}
