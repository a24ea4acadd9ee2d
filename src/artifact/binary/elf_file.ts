/**
 * An ELF file's header, and the tables that it points to.
 *
 * @module
 */

import { type ByteSource, Damage } from "./byte_source.ts";

/** Types of segments. */
export const PT = { LOAD: 1, DYNAMIC: 2, INTERP: 3, NOTE: 4 } as const;

/** One line of the program header table. */
export interface Segment {
  readonly type: number;
  /** Where it starts in the file. */
  readonly offset: number;
  /** Where it stands in memory. */
  readonly address: number;
  /** Bytes of it in the file. */
  readonly size: number;
}

/** A section of some type, in the file. */
export interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** The header. */
export interface ElfFile {
  readonly source: ByteSource;
  /** Whether addresses have 64 bits. */
  readonly wide: boolean;
  readonly little: boolean;
  /** EI_OSABI. */
  readonly osAbi: number;
  /** e_type. */
  readonly type: number;
  /** e_machine. */
  readonly machine: number;
  /** e_flags. */
  readonly flags: number;
  /** e_entry: 0 for what cannot be started. */
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** Reads the section header table, which stripped files may lack. */
  readonly sections: () => Promise<readonly Section[]>;
}

/** No linker makes more; a table of this size has bounds that are worth reading. */
const MOST_LINES = 4096;

/** Reads the header and the program headers. Throws `Damage`. */
export async function readElfFile(source: ByteSource): Promise<ElfFile> {
  const ident = await source.read(0, 16);
  const [fileClass, data] = [ident.getUint8(4), ident.getUint8(5)];
  if (fileClass !== 1 && fileClass !== 2) throw new Damage(`its class is ${fileClass}`);
  if (data !== 1 && data !== 2) throw new Damage(`its byte order is ${data}`);
  const [wide, little] = [fileClass === 2, data === 1];
  const header = await source.read(0, wide ? 64 : 52);
  const half = (at: number): number => header.getUint16(at, little);
  const address = (at: number): number => readAddress(header, { at, wide, little });
  // Behind the entry address and the two table offsets everything has the same size in both classes.
  const rest = wide ? 48 : 36;
  const tables = { source, wide, little };
  const segments = await readLines({
    ...tables,
    offset: address(wide ? 32 : 28),
    count: half(rest + 8),
    size: half(rest + 6),
    least: wide ? 56 : 32,
  });
  return {
    ...tables,
    osAbi: ident.getUint8(7),
    type: half(16),
    machine: half(18),
    flags: header.getUint32(rest, little),
    entry: address(24),
    segments: segments.map((line) => segmentOf(line, { wide, little })),
    sections: async () => {
      const offset = address(wide ? 40 : 32);
      const [size, count] = [half(rest + 10), half(rest + 12)];
      const lines = { ...tables, offset, count, size, least: wide ? 64 : 40 };
      return (await readLines(lines)).map((line) => sectionOf(line, { wide, little }));
    },
  };
}

/** How numbers are laid out. */
interface Layout {
  readonly wide: boolean;
  readonly little: boolean;
}

/** An address or offset: 4 or 8 bytes. Those beyond 2^53 are beyond every file. */
export function readAddress(view: DataView, { at, wide, little }: Layout & { at: number }): number {
  return wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
}

interface Table extends Layout {
  readonly source: ByteSource;
  readonly offset: number;
  readonly count: number;
  /** Bytes of one line, as the header says. */
  readonly size: number;
  /** Bytes that a line must have at least. */
  readonly least: number;
}

async function readLines({ source, offset, count, size, least }: Table): Promise<DataView[]> {
  if (count === 0 || offset === 0) return [];
  if (count > MOST_LINES) throw new Damage(`a table in it counts ${count} lines`);
  if (size < least || size > 256) throw new Damage(`a table in it has lines of ${size} bytes`);
  const view = await source.read(offset, count * size);
  return Array.from({ length: count }, (_, index) => new DataView(view.buffer, index * size, size));
}

function segmentOf(line: DataView, { wide, little }: Layout): Segment {
  const address = (at: number): number => readAddress(line, { at, wide, little });
  return {
    type: line.getUint32(0, little),
    offset: address(wide ? 8 : 4),
    address: address(wide ? 16 : 8),
    size: address(wide ? 32 : 16),
  };
}

function sectionOf(line: DataView, { wide, little }: Layout): Section {
  const address = (at: number): number => readAddress(line, { at, wide, little });
  return {
    type: line.getUint32(4, little),
    offset: address(wide ? 24 : 16),
    size: address(wide ? 32 : 20),
  };
}

/** A segment's content. */
export async function readSegment({ source }: ElfFile, segment: Segment): Promise<DataView> {
  return await source.read(segment.offset, segment.size);
}

/** Where an address stands in the file. Throws `Damage` for one that no segment holds. */
export function offsetOf({ segments }: ElfFile, address: number): number {
  const segment = segments.find((candidate) =>
    candidate.type === PT.LOAD && address >= candidate.address &&
    address < candidate.address + candidate.size
  );
  if (segment === undefined) throw new Damage("an address in it is in no segment");
  return segment.offset + (address - segment.address);
}
