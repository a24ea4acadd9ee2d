/**
 * Reads Mach-O files, thin and universal (mach-o/loader.h, mach-o/fat.h).
 *
 * @module
 */

import type { MachBinary, MachSlice } from "../../core/target/binary.ts";
import { type ByteSource, Damage } from "./byte_source.ts";

/** cputype, in Node's words. */
const CPUS: ReadonlyMap<number, string> = new Map([
  [7, "ia32"],
  [0x01000007, "x64"],
  [12, "arm"],
  [0x0100000c, "arm64"],
  [18, "ppc"],
  [0x01000012, "ppc64"],
]);

const MH_EXECUTE = 2;
const LIBRARIES = [6, 8]; // MH_DYLIB, MH_BUNDLE

const LC_CODE_SIGNATURE = 0x1d;
const LC_BUILD_VERSION = 0x32;
/** LC_VERSION_MIN_MACOSX and LC_VERSION_MIN_IPHONEOS, from before there was LC_BUILD_VERSION. */
const LC_VERSION_MIN: ReadonlyMap<number, string> = new Map([[0x24, "darwin"], [0x25, "ios"]]);
/** The `platform` of LC_BUILD_VERSION; 7 is the simulator of iOS. */
const PLATFORMS: ReadonlyMap<number, string> = new Map([[1, "darwin"], [2, "ios"], [7, "ios"]]);

/** A universal file holds one part for each of a few processors. */
const MOST_SLICES = 32;
const MOST_COMMANDS = 10_000;

/** Reads a Mach-O file. Throws `Damage`. */
export async function readMachO(source: ByteSource): Promise<MachBinary> {
  const magic = (await source.read(0, 4)).getUint32(0);
  const slices: MachSlice[] = [];
  for (const offset of await sliceOffsets(source, magic)) {
    slices.push(await readSlice(source, offset));
  }
  return {
    format: "mach-o",
    slices,
    runnable: slices.every((slice) => slice.runnable),
    loadable: slices.every((slice) => slice.loadable),
  };
}

/** The processors of a file with this magic number, by its headers alone; undefined when it is no Mach-O. */
export async function machCpus(
  source: ByteSource,
  magic: number,
): Promise<readonly string[] | undefined> {
  if (isFat(magic)) {
    const count = (await source.read(4, 4)).getUint32(0);
    // Java classes begin so too; behind it is their version, from 45 on.
    if (count === 0 || count > MOST_SLICES) return undefined;
    const size = magic === 0xcafebabf ? 32 : 20;
    const table = await source.read(8, count * size);
    return Array.from({ length: count }, (_, index) => cpuName(table.getUint32(index * size)));
  }
  const header = await source.read(0, 8);
  const little = [0xfeedface, 0xfeedfacf].includes(header.getUint32(0, true));
  if (!little && ![0xfeedface, 0xfeedfacf].includes(magic)) return undefined;
  return [cpuName(header.getUint32(4, little))];
}

function isFat(magic: number): boolean {
  return magic === 0xcafebabe || magic === 0xcafebabf;
}

function cpuName(cputype: number): string {
  return CPUS.get(cputype) ?? `processor 0x${cputype.toString(16)}`;
}

/** The fat header is big-endian on every machine. */
async function sliceOffsets(source: ByteSource, magic: number): Promise<readonly number[]> {
  if (!isFat(magic)) return [0];
  const count = (await source.read(4, 4)).getUint32(0);
  if (count === 0 || count > MOST_SLICES) throw new Damage(`it counts ${count} processors`);
  const wide = magic === 0xcafebabf;
  const size = wide ? 32 : 20;
  const table = await source.read(8, count * size);
  return Array.from({ length: count }, (_, index) => {
    const at = index * size + 8;
    return wide ? Number(table.getBigUint64(at)) : table.getUint32(at);
  });
}

async function readSlice(source: ByteSource, offset: number): Promise<MachSlice> {
  const header = await source.read(offset, 28);
  const little = [0xfeedface, 0xfeedfacf].includes(header.getUint32(0, true));
  const magic = header.getUint32(0, little);
  if (magic !== 0xfeedface && magic !== 0xfeedfacf) throw new Damage("a part of it is no Mach-O");
  const [cputype, filetype] = [header.getUint32(4, little), header.getUint32(12, little)];
  const commands = await source.read(
    offset + (magic === 0xfeedfacf ? 32 : 28),
    header.getUint32(20, little),
  );
  const count = header.getUint32(16, little);
  return {
    cpu: cpuName(cputype),
    runnable: filetype === MH_EXECUTE,
    loadable: LIBRARIES.includes(filetype),
    ...readCommands(commands, { count, little }),
  };
}

function readCommands(
  view: DataView,
  { count, little }: { readonly count: number; readonly little: boolean },
): Pick<MachSlice, "system" | "signed"> {
  if (count > MOST_COMMANDS) throw new Damage(`it counts ${count} load commands`);
  let system: string | undefined;
  let signed = false;
  for (let at = 0, turn = 0; turn < count; turn++) {
    if (at + 8 > view.byteLength) throw new Damage("its load commands are cut off");
    const [command, size] = [view.getUint32(at, little), view.getUint32(at + 4, little)];
    if (size < 8 || at + size > view.byteLength) throw new Damage("a load command has no end");
    if (command === LC_CODE_SIGNATURE) signed = true;
    if (command === LC_BUILD_VERSION && size >= 12) {
      const platform = view.getUint32(at + 8, little);
      system = PLATFORMS.get(platform) ?? `platform ${platform}`;
    }
    system ??= LC_VERSION_MIN.get(command);
    at += size;
  }
  return { system, signed };
}
