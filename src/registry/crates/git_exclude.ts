/**
 * Folders of the run itself, such as the one with downloaded artifacts, kept out of what cargo packages: written for a
 * while into git's `info/exclude`, the list of ignored paths that is of one clone and never committed. cargo goes by it,
 * and a crate at the repository's root would otherwise carry every artifact along.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import { borrowFiles, writeTexts } from "../../host/write_files.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import type { Defer } from "../registry.ts";

/** Makes git ignore folders, absolute paths, until the run ends. Those outside the work tree need nothing. */
export async function excludeFolders(
  { git, defer }: { readonly git: Git; readonly defer: Defer },
  folders: readonly string[],
): Promise<void> {
  const top = resolve(git.cwd, (await git.text(["rev-parse", "--show-cdup"])).trim());
  const rules = folders.map((folder) => relative(top, folder).replaceAll("\\", "/"))
    .filter((path) => path !== "" && path !== ".." && !path.startsWith("../"))
    .map((path) => `/${path.replace(/[\\*?[\]!# ]/g, "\\$&")}/`);
  if (rules.length === 0) return;
  const file = resolve(
    git.cwd,
    (await git.text(["rev-parse", "--git-path", "info/exclude"])).trim(),
  );
  const before = await readTextIfThere(file);
  if (before === undefined) return;
  defer(await borrowFiles([file]));
  const lines = before === "" || before.endsWith("\n") ? before : `${before}\n`;
  await writeTexts(new Map([[file, `${lines}${rules.join("\n")}\n`]]));
}
