/**
 * Writes files that people then make their own: what is there and says something else is theirs. It is kept, or, where it
 * is to be replaced, put aside first.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import { writeToStay } from "../../host/loans/loans.ts";
import type { Whereabouts } from "../../host/loans/places.ts";
import { makeFolderOf, putAside, removeOwn } from "../../host/put_aside.ts";

/** A file to be written. */
export interface ScaffoldFile {
  /** Absolute. */
  readonly path: string;
  /** As it is reached from where the command runs, for messages. */
  readonly file: string;
  readonly text: string;
  /** Whether its folder is made where there is none. */
  readonly makesFolder?: boolean;
}

/** What became of a file: it was made, replaced, kept as it was though it differs, or says this already. */
export type Fate = "written" | "replaced" | "kept" | "up-to-date";

/** A file, and what became of it. */
export interface ScaffoldedFile {
  readonly file: string;
  readonly fate: Fate;
  /** Where its contents are now, when it was replaced. */
  readonly backup?: string;
}

/** How files are written. */
export interface ScaffoldOptions extends Whereabouts {
  /** Whether what differs is replaced. */
  readonly force: boolean;
  /** Whether nothing is written, and only told. */
  readonly dryRun: boolean;
}

/**
 * Writes all files or none. Throws `PIOT_CONFIG_EXISTS` when there is nothing to write since each is there, and some say
 * something else; and `PIOT_FILE_UNWRITABLE`.
 */
export async function writeScaffold(
  files: readonly ScaffoldFile[],
  options: ScaffoldOptions,
): Promise<readonly ScaffoldedFile[]> {
  const fates = await Promise.all(files.map((file) => fateOf(file, options)));
  const kept = files.filter((_, at) => fates[at]!.fate === "kept");
  if (kept.length > 0 && fates.every(({ fate }) => fate === "kept" || fate === "up-to-date")) {
    throw existing(kept.map(({ file }) => file));
  }
  if (!options.dryRun) await writeAll(files, fates, options);
  return fates;
}

async function fateOf(
  { path, file, text }: ScaffoldFile,
  { force }: ScaffoldOptions,
): Promise<ScaffoldedFile> {
  if (await kindOfPath(path) === "folder") throw force ? isFolder(path) : existing([file]);
  const before = await readTextIfThere(path);
  if (before === undefined) return { file, fate: "written" };
  // git may have turned the line ends.
  if (before.replaceAll("\r\n", "\n") === text) return { file, fate: "up-to-date" };
  if (!force) return { file, fate: "kept" };
  return { file, fate: "replaced", backup: `${file}${(await backupEnd(path))}` };
}

/** `.bak`, or the first `.bak2` and so on that nothing has: an earlier one is somebody's too. */
async function backupEnd(path: string): Promise<string> {
  for (let number = 1;; number++) {
    const end = number === 1 ? ".bak" : `.bak${number}`;
    if (await kindOfPath(`${path}${end}`) === undefined) return end;
  }
}

async function writeAll(
  files: readonly ScaffoldFile[],
  fates: readonly ScaffoldedFile[],
  where: ScaffoldOptions,
): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const [at, { path, file, text, makesFolder }] of files.entries()) {
      const { fate, backup } = fates[at]!;
      if (fate !== "written" && fate !== "replaced") continue;
      if (backup !== undefined) {
        undo.push(await putAside(path, `${path}${backup.slice(file.length)}`));
      }
      if (makesFolder === true) await makeFolderOf(path);
      // Another run may have written it meanwhile: then that one's is there to stay.
      if (!await writeToStay(where, { path, text, replaces: false })) throw existing([file]);
      if (backup === undefined) undo.push(() => removeOwn(path));
    }
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
}

function isFolder(path: string): Failure {
  return new Failure("PIOT_FILE_UNWRITABLE", `Cannot write ${path}: it is a folder`, {
    hint: "Name another file, or move the folder",
  });
}

function existing(files: readonly string[]): Failure {
  const one = files.length === 1;
  return new Failure(
    "PIOT_CONFIG_EXISTS",
    `Cannot write ${files.join(", ")}: there ${one ? "is such a file" : "are such files"} already`,
    {
      hint:
        `Change ${one ? "it" : "them"} by hand, remove ${one ? "it" : "one"} to have it written ` +
        "anew, or say --force: what is there is then kept beside as .bak",
    },
  );
}
