/**
 * The programs that may run with a token: not those of the checkout, where whoever commits, and whatever is installed into it
 * (`node_modules/.bin`), puts programs of any name.
 *
 * @module
 */

import { delimiter, isAbsolute, join } from "node:path";
import { Failure } from "../error.ts";
import { isOnPath } from "./exec.ts";
import { createGit } from "./git.ts";
import type { Env } from "./host.ts";
import { folderInside, workTreeOf } from "./inside_tree.ts";

/**
 * PATH without the folders of the work tree around `root`. Where cargo is only there, as in the caches of CI jobs, it is used,
 * and so is a RUSTUP_HOME there, unless the repository tracks files in them: then it throws `PIOT_SETTINGS_COMMITTED`.
 */
export async function programsOfUpload(env: Env, root: string): Promise<Env> {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const outside: string[] = [];
  const inside: string[] = [];
  for (const folder of folders) {
    const isOutside = isAbsolute(folder) && await folderInside(folder, root) === undefined;
    (isOutside ? outside : inside).push(folder);
  }
  await refuseTracked(rustupHome(env), { env, root });
  const path = { PATH: outside.join(delimiter) };
  if (inside.length === 0 || await isOnPath("cargo", { ...env, ...path })) return path;
  for (const folder of inside) await refuseTracked(folder, { env, root });
  return {};
}

function rustupHome({ RUSTUP_HOME, HOME, USERPROFILE }: Env): string | undefined {
  if (RUSTUP_HOME) return RUSTUP_HOME;
  const home = HOME || USERPROFILE;
  return home ? join(home, ".rustup") : undefined;
}

async function refuseTracked(
  folder: string | undefined,
  { env, root }: { readonly env: Env; readonly root: string },
): Promise<void> {
  const top = await workTreeOf(root);
  const place = folder && await folderInside(folder, root);
  if (top === undefined || !place) return;
  const git = createGit({ cwd: top, env });
  const tracked = await git.text(["ls-files", "-z", "--", `:(literal)${place}`]);
  const [first = ""] = tracked.split("\0");
  if (first === "") return;
  throw new Failure(
    "PIOT_SETTINGS_COMMITTED",
    `Cannot give a token to the programs in ${folder}: the repository tracks files there, such as "${first}"`,
    { hint: "Install Rust outside of the checkout, or take the files out of the repository" },
  );
}
