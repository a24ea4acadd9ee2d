/**
 * Who holds a loan, and whether that run is still going on. A number alone does not tell: it is given again to other
 * processes, and another container counts its own.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";
import { exec, pickEnv } from "../exec.ts";

/** A process, as its note names it. */
export interface Holder {
  readonly pid: number;
  /** A digest of when it started; empty where the system does not tell. */
  readonly start: string;
}

/** A machine that counts processes by itself. */
export interface Machine {
  readonly host: string;
  /** The namespace that process ids belong to; empty where there is none, or the system does not tell. */
  readonly processes: string;
  /** Changes with every start of the machine; empty where the system does not tell. */
  readonly boot: string;
}

/** `1234-9f86d081-3a7bd3e2`: a process, and one run in it. No other run ever has the same. */
export function runName({ pid, start }: Holder): string {
  return `${pid}-${start}-${randomBytes(6).toString("hex")}`;
}

/** Reads what {@link runName} made. */
export function parseRunName(name: string): Holder | undefined {
  const [, pid, start] = /^(\d{1,10})-([0-9a-f]*)-[0-9a-f]{12}$/.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), start: start! };
}

let self: Promise<Holder & Machine> | undefined;

/** This process on this machine. */
export function thisProcess(): Promise<Holder & Machine> {
  return self ??= describeSelf();
}

async function describeSelf(): Promise<Holder & Machine> {
  const [start, processes, boot] = await Promise.all([
    startOf(process.pid),
    quietly(() => readlink("/proc/self/ns/pid")),
    quietly(() => readFile("/proc/sys/kernel/random/boot_id", "utf8")),
  ]);
  return {
    pid: process.pid,
    start: start ?? "",
    host: await quietly(() => Promise.resolve(hostname())),
    processes,
    boot: boot.trim(),
  };
}

/** Nobody's business but the system's: where it does not tell, or Deno was not allowed to ask, the answer is empty. */
async function quietly(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch {
    return "";
  }
}

/** How long a run that cannot be asked for may have been silent before it is taken for over; it is heard every quarter minute. */
const SILENCE_MS = 120_000;

/** Milliseconds between two signs of life. */
export const BEAT_MS = 15_000;

/** Whether a run is still going on. `seen` is when it gave its last sign of life. */
export async function isAlive(
  { pid, start, ...machine }: Holder & Machine,
  { seen, now }: { readonly seen: Date; readonly now: Date },
): Promise<boolean> {
  const isHeard = now.getTime() - seen.getTime() < SILENCE_MS;
  const own = await thisProcess();
  if (differ(machine.host, own.host) || differ(machine.processes, own.processes)) return isHeard;
  if (differ(machine.boot, own.boot)) return false;
  switch (signalled(pid)) {
    case "gone":
      return false;
    case "unknown":
      return isHeard;
    case "there": {
      const found = await startOf(pid);
      if (found === "") return false;
      return found === undefined || start === "" ? isHeard : found === start;
    }
  }
}

function differ(left: string, right: string): boolean {
  return left !== "" && right !== "" && left !== right;
}

/** Signal 0 reaches nobody, and tells whether it could (kill(2)). */
function signalled(pid: number): "there" | "gone" | "unknown" {
  try {
    process.kill(pid, 0);
    return "there";
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === "ESRCH" ? "gone" : code === "EPERM" ? "there" : "unknown";
  }
}

/** When a process started, as a digest; empty for one that has ended, undefined where nobody tells. */
async function startOf(pid: number): Promise<string | undefined> {
  const said = process.platform === "linux" ? await linuxStart(pid) : await psStart(pid);
  if (said === undefined || said === "") return said;
  return createHash("sha256").update(said).digest("hex").slice(0, 8);
}

/** proc_pid_stat(5): the state is the first field behind the name in parentheses, the start the twentieth. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A process that nobody has waited for yet has ended all the same.
    return /^[ZX]$/.test(fields[0] ?? "") ? "" : fields[19];
  } catch {
    return undefined;
  }
}

async function psStart(pid: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  try {
    const env = { ...pickEnv(process.env, ["PATH"]), LC_ALL: "C", TZ: "UTC" };
    const args = ["-o", "lstart=", "-p", String(pid)];
    const { code, stdout } = await exec("ps", args, { cwd: "/", env });
    return code === 0 ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}
