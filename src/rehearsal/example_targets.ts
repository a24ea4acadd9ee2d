/**
 * The targets of the example's programs, and which of them this machine is.
 *
 * @module
 */

import process from "node:process";
import { readBinary } from "../artifact/binary/binary.ts";
import { isKnownTriple } from "../core/target/target.ts";

/** Node-style, such as `linux-x64-gnu`; undefined for a machine that no target stands for. */
export async function hostTriple(): Promise<string | undefined> {
  const { platform, arch } = process;
  const plain = `${platform}-${arch}`;
  const triple = platform === "linux"
    ? `${plain}-${await isMusl() ? "musl" : "gnu"}`
    : platform === "win32"
    ? `${plain}-msvc`
    : plain;
  return isKnownTriple(triple) ? triple : undefined;
}

/** The program that runs this one was linked for this machine's C library. */
async function isMusl(): Promise<boolean> {
  // A sandbox may keep us from reading it.
  const runtime = await readBinary(process.execPath).catch(() => undefined);
  return runtime?.format === "elf" && runtime.libc === "musl";
}

/** Three targets: this machine's, and the most usual ones besides. Few, so that a rehearsal is small and quick. */
export function exampleTargets(host: string | undefined): readonly string[] {
  const usual = ["linux-x64-gnu", "darwin-arm64", "win32-x64-msvc"];
  if (host === undefined || usual.includes(host)) return usual;
  return [host, ...usual.slice(0, 2)];
}
