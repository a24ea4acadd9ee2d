/**
 * The files of a folder that are somebody's work: git knows them where there is git, and elsewhere the folder is walked.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure, messageOf } from "../error.ts";
import { kindOfPath, readBytes } from "./files.ts";
import { createGit } from "./git.ts";
import type { Env } from "./host.ts";

/** What a folder holds. */
export interface FolderFiles {
  /** Paths relative to the folder, `/`-separated, sorted; git's ignored files are left out. */
  readonly files: readonly string[];
  /** Whether the folder is in a work tree of git. */
  readonly isGit: boolean;
  /** What kept git from telling, or the walk from ending: sentences without a full stop. */
  readonly warnings: readonly string[];
}

/** How a folder is listed. */
export interface ListOptions {
  readonly env: Env;
  /** Whether folders of a bare name are looked into. */
  readonly enters: (folder: string) => boolean;
}

/** Lists a folder; symbolic links are not followed, and repositories inside it are not looked into where git lists. */
export async function listFiles(folder: string, options: ListOptions): Promise<FolderFiles> {
  const listed = await listByGit(folder, options.env);
  const enters = (path: string): boolean => path.split("/").slice(0, -1).every(options.enters);
  // A folder that the repository around it ignores has no files for git.
  if (listed.files.length > 0) return { ...listed, files: listed.files.filter(enters) };
  const walked = await walk(folder, options.enters);
  return {
    ...walked,
    isGit: listed.isGit,
    warnings: [...listed.warnings, ...walked.warnings],
  };
}

const BLIND = "so files that .gitignore names were looked at too";

/** One process: tracked files, and untracked ones that are not ignored. */
async function listByGit(folder: string, env: Env): Promise<FolderFiles> {
  const git = createGit({ cwd: folder, env });
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  try {
    const { stdout } = await git.run(args);
    const files = new Set(Buffer.from(stdout).toString().split("\0").filter((path) => path !== ""));
    return { files: [...files].sort(), isGit: true, warnings: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const isGit = error.code === "PIOT_GIT"
      ? !/not a git repository/i.test(error.message)
      : await kindOfPath(join(folder, ".git")) !== undefined;
    const warnings = isGit ? [`git did not list the files, ${BLIND}: ${error.message}`] : [];
    return { files: [], isGit, warnings };
  }
}

/** A bound for folders that somebody did not mean, such as a home folder. */
const MOST_FILES = 200_000;

async function walk(
  root: string,
  enters: (folder: string) => boolean,
): Promise<Pick<FolderFiles, "files" | "warnings">> {
  const files: string[] = [];
  const warnings: string[] = [];
  const waiting = [""];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    // What the user may not read is nobody's package.
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error) => {
      warnings.push(`Cannot look into ${folder || "."}: ${messageOf(error)}`);
      return [];
    });
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && enters(entry.name)) waiting.push(path);
    }
    if (files.length > MOST_FILES) {
      warnings.push(`Only the first ${MOST_FILES} files were looked at`);
      break;
    }
  }
  return { files: files.sort(), warnings };
}

/**
 * The bytes of a plain file; undefined for a link and for what is not there. Throws `PIOT_FILE_UNREADABLE`, also for one
 * above a number of bytes.
 */
export async function readPlainFile(path: string, most: number): Promise<Uint8Array | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  if (found.size <= most) return await readBytes(path);
  throw new Failure(
    "PIOT_FILE_UNREADABLE",
    `Cannot read ${path}: it is larger than ${most} bytes`,
    {
      hint: "Check the path and its permissions",
    },
  );
}
