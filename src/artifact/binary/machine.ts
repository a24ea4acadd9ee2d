/**
 * What a compiled file was built for, by its headers alone: for members of archives, of which no more need be read.
 *
 * @module
 */

import type { Machine } from "../../core/pypi/native_code.ts";
import { readPe } from "./binary.ts";
import { type ByteSource, Damage } from "./byte_source.ts";
import { readElfFile } from "./elf_file.ts";
import { cpuOf } from "./elf_processor.ts";
import { machCpus } from "./mach_o.ts";

/** Reads the headers of a file. Undefined when it is none of these formats, or its headers make no sense. */
export async function readMachine(source: ByteSource): Promise<Machine | undefined> {
  if (source.size < 8) return undefined;
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
