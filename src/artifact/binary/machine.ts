/**
 * What a compiled file was built for, by its first bytes alone: for members of archives, which cannot be read in parts.
 *
 * @module
 */

import type { Machine } from "../../core/pypi/native_code.ts";
import { readPe } from "./binary.ts";
import { Damage, sourceOf } from "./byte_source.ts";
import { readElfFile } from "./elf_file.ts";
import { cpuOf } from "./elf_processor.ts";
import { machCpus } from "./mach_o.ts";

/** Bytes from which every header that matters here can be read: those of ELF and Mach-O come first, PE's behind a stub. */
export const MACHINE_HEAD: number = 64 * 2 ** 10;

/** Reads the beginning of a file. Undefined when it is none of these formats, or its headers make no sense. */
export async function readMachine(head: Uint8Array): Promise<Machine | undefined> {
  if (head.length < 8) return undefined;
  const source = sourceOf(head);
  const magic = (await source.read(0, 4)).getUint32(0);
  try {
    if (magic === 0x7f454c46) return { format: "ELF", cpus: [cpuOf(await readElfFile(source))] };
    if (magic >>> 16 === 0x4d5a) return { format: "PE", cpus: [(await readPe(source)).cpu] };
    const cpus = await machCpus(source, magic);
    return cpus === undefined ? undefined : { format: "Mach-O", cpus };
  } catch (error) {
    if (error instanceof Damage) return undefined;
    throw error;
  }
}
