/**
 * Where cargo runs with a token: not in the checkout, from where it would take settings (a proxy, a wrapper around the
 * compiler) of whoever could commit them; but with the toolchain that the checkout was packaged with.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { isAbsolute, join, parse, resolve } from "node:path";
import { Failure } from "../error.ts";
import { BASE_ENV, exec, isOnPath, pickEnv } from "./exec.ts";
import { kindOfPath } from "./files.ts";
import type { Env } from "./host.ts";
import { folderInside, workTreeOf } from "./inside_tree.ts";
import { borrowFolder } from "./loans/loans.ts";

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
      RUSTC_WRAPPER: "",
      RUSTC_WORKSPACE_WRAPPER: "",
      RUSTC: "rustc",
      ...(toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: toolchain }),
    },
  };
}

/**
 * CARGO_HOME where it lies in the work tree around a folder, as caches of CI jobs like it: absolute. What cargo reads there
 * (proxies, certificates, stand-ins for crates.io) is then whoever's that could commit it. Undefined for one elsewhere.
 */
export async function cargoHomeInside(
  { CARGO_HOME, HOME, USERPROFILE }: Env,
  folder: string,
): Promise<string | undefined> {
  const user = HOME || USERPROFILE;
  const home = CARGO_HOME || (user && join(user, ".cargo"));
  if (!home) return undefined;
  // cargo takes a relative one from where it runs.
  return await folderInside(home, folder) ?? (isAbsolute(home) ? undefined : resolve(folder, home));
}

/** An empty CARGO_HOME for one upload, where the user's lies in the checkout; undefined where it does not. */
export async function homeOfUpload(
  env: Env,
  root: string,
): Promise<{ readonly env: Env; readonly remove: () => Promise<void> } | undefined> {
  if (await cargoHomeInside(env, root) === undefined) return undefined;
  const { path, remove } = await borrowFolder({ folder: root, env }, "piot-cargo-home");
  return { env: { CARGO_HOME: path }, remove };
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
  return await workTreeOf(folder) !== undefined;
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
  // A `path` in a rust-toolchain file: the folder may be in the checkout, or one that a step or a build script fills.
  if (isAbsolute(toolchain)) {
    throw new Failure(
      "PIOT_SETTINGS_COMMITTED",
      `Cannot give a token to the cargo in ${toolchain}: the checkout's rust-toolchain file names it by its folder, and not by a release of Rust`,
      {
        hint:
          "Name a channel in the rust-toolchain file, or set RUSTUP_TOOLCHAIN for the publish step",
      },
    );
  }
  return toolchain;
}
