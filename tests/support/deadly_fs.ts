/**
 * `node:fs/promises` with an end: the process kills itself, as `kill -9` would, at one of the calls that change something
 * on the disk. A write can end halfway. `DEADLY_AT` says at which call, counted from 0; `DEADLY_ON` is a regular expression
 * for `<call> <path>`, and only calls that fit it count; `DEADLY_LOG` is a file that gets a line for each of those. Bundled into programs in the place of the real one.
 */

import { appendFileSync, promises as real } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import process from "node:process";

const { DEADLY_AT, DEADLY_ON = "", DEADLY_LOG } = process.env;
const isMeant = DEADLY_AT !== undefined;
const last = Number(DEADLY_AT);
const fits = new RegExp(DEADLY_ON);
let calls = 0;

function step(call: string, path: unknown): void {
  if (!isMeant || !fits.test(`${call} ${path}`)) return;
  if (DEADLY_LOG !== undefined) appendFileSync(DEADLY_LOG, `${call} ${path}\n`);
  if (calls++ === last) process.kill(process.pid, "SIGKILL");
}

// deno-lint-ignore no-explicit-any
type Call = (...args: any[]) => Promise<any>;

function deadly<T extends Call>(call: string, act: T): T {
  return ((...args: Parameters<T>) => {
    step(call, args.at(call === "rename" || call === "link" ? 1 : 0));
    return act(...args);
  }) as T;
}

function halved(file: FileHandle, path: unknown): FileHandle {
  const { writeFile, sync, chmod } = file;
  file.writeFile = async (content) => {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content as Uint8Array;
    step("write", path);
    await writeFile.call(file, bytes.subarray(0, bytes.length >> 1));
    step("write-half", path);
    await writeFile.call(file, bytes.subarray(bytes.length >> 1));
    step("written", path);
  };
  file.sync = () => {
    step("sync", path);
    return sync.call(file);
  };
  file.chmod = (mode) => {
    step("chmod", path);
    return chmod.call(file, mode);
  };
  return file;
}

export const open: typeof real.open = async (path, flags, mode) => {
  const changes = flags !== undefined && flags !== "r" && flags !== "r+";
  if (changes) step("open", path);
  const file = await real.open(path, flags, mode);
  return changes ? halved(file, path) : file;
};
export const writeFile: typeof real.writeFile = async (path, content, options) => {
  step("writeFile", path);
  await real.writeFile(path, content, options);
};
export const appendFile: typeof real.appendFile = deadly("appendFile", real.appendFile);
export const chmod: typeof real.chmod = deadly("chmod", real.chmod);
export const copyFile: typeof real.copyFile = deadly("copyFile", real.copyFile);
export const cp: typeof real.cp = deadly("cp", real.cp);
export const link: typeof real.link = deadly("link", real.link);
export const mkdir: typeof real.mkdir = deadly("mkdir", real.mkdir as Call) as typeof real.mkdir;
export const mkdtemp: typeof real.mkdtemp = deadly(
  "mkdtemp",
  real.mkdtemp as Call,
) as typeof real.mkdtemp;
export const rename: typeof real.rename = deadly("rename", real.rename);
export const rm: typeof real.rm = deadly("rm", real.rm);
export const rmdir: typeof real.rmdir = deadly("rmdir", real.rmdir);
export const lstat: typeof real.lstat = real.lstat;
export const readFile: typeof real.readFile = real.readFile;
export const readdir: typeof real.readdir = real.readdir;
export const readlink: typeof real.readlink = real.readlink;
export const realpath: typeof real.realpath = real.realpath;
export const stat: typeof real.stat = real.stat;
export const utimes: typeof real.utimes = real.utimes;

// Libraries import it whole.
const whole: typeof real = {
  ...real,
  open,
  writeFile,
  appendFile,
  chmod,
  cp,
  link,
  mkdir,
  mkdtemp,
};
export default Object.assign(whole, { copyFile, rename, rm, rmdir }) as typeof real;
