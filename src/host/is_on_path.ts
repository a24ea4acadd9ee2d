/**
 * Whether a program can be started by name, without starting it.
 *
 * @module
 */

import { delimiter, join } from "node:path";
import type { Env } from "./host.ts";
import { kindOfPath } from "./files.ts";

/** Looks in every folder of PATH. On Windows a program's file ends in one of `PATHEXT`. */
export async function isOnPath(program: string, env: Env): Promise<boolean> {
  const endings = ["", ...(env.PATHEXT ?? "").split(";").filter((ending) => ending !== "")];
  for (const folder of (env.PATH ?? "").split(delimiter).filter((one) => one !== "")) {
    for (const ending of endings) {
      if (await kindOfPath(join(folder, `${program}${ending}`)) === "file") return true;
    }
  }
  return false;
}
