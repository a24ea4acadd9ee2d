/**
 * The target that this machine is.
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
