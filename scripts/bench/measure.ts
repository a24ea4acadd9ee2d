/**
 * Time and memory of whole processes, and of rivals that take turns on the same machine.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The middle of some values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Times rivals in turns, so that whatever else the machine does meets all of them alike; gives the median of each, in
 * milliseconds. One turn beforehand warms caches and is not counted.
 */
export async function takeTurns<K extends string>(
  rivals: Readonly<Record<K, () => Promise<unknown>>>,
  rounds: number,
): Promise<Readonly<Record<K, number>>> {
  const names = Object.keys(rivals) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await rivals[name]();
      if (round >= 0) times.get(name)!.push(performance.now() - start);
    }
  }
  const medians = names.map((name) => [name, median(times.get(name)!)] as const);
  return Object.fromEntries(medians) as Record<K, number>;
}

/** How a process is run. */
export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

/**
 * For what is measured: Node 20 reads the file of this variable at every start, 50 ms for a system's certificates, which
 * would make a slow start of ours look like a small part of it.
 */
export const BARE_NODE: Readonly<Record<string, string>> = { NODE_EXTRA_CA_CERTS: "" };

/** Runs a program to its end and gives its standard output; rejects with its standard error when it fails. */
export function runProcess(
  command: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: "pipe",
    });
    const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
    child.stdout.on("data", (chunk: Uint8Array) => out.push(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const words = Buffer.concat([...out, ...err]).toString().slice(-2_000);
      reject(new Error(`${command.join(" ")} ended with ${code}:\n${words}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** A temporary folder, and what removes it. */
export async function makeTempFolder(
  prefix: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes down, at the end of a process, the most memory that it ever had resident (`VmHWM` of proc(5), in kB). */
const PRELOAD = `import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
process.on("exit", () => {
  const status = readFileSync("/proc/self/status", "utf8");
  writeFileSync(process.env.PIOT_BENCH_PEAK, /VmHWM:\\s*(\\d+)/.exec(status)[1]);
});
`;

/** A runtime, with its arguments up to the module. */
export type Runtime = "deno" | "node";

/** Runs a module in a process of its own; gives the most memory that it had resident, in MB. Linux alone tells. */
export async function peakMemory(
  runtime: Runtime,
  words: readonly string[],
  options: ProcessOptions = {},
): Promise<number> {
  const folder = await makeTempFolder("piot-bench");
  try {
    const preload = join(folder.path, "peak.mjs");
    const peak = join(folder.path, "peak");
    await writeFile(preload, PRELOAD);
    const start = runtime === "deno"
      ? ["deno", "run", "-A", "--preload", preload]
      : ["node", "--import", preload];
    const env = { ...options.env, PIOT_BENCH_PEAK: peak };
    await runProcess([...start, ...words], { ...options, env });
    return Number(await readFile(peak, "utf8")) / 1024;
  } finally {
    await folder.remove();
  }
}
