/**
 * Lays the segments of an ELF file out behind each other: every offset in the file is also its address in memory.
 *
 * @module
 */

/** What a segment holds. */
export type Chunk =
  /** The program that loads it. */
  | { readonly type: "interpreter"; readonly text: string }
  /** A note with a word of zero in it. */
  | { readonly type: "note"; readonly owner: string }
  /** The libraries that it needs, and a version of the first one's symbols. */
  | { readonly type: "dynamic"; readonly needed: readonly string[]; readonly version?: string };

/** What the header says. */
export interface Header {
  /** e_machine. */
  readonly code: number;
  /** Whether addresses have 64 bits. */
  readonly wide: boolean;
  readonly little: boolean;
  /** e_type. */
  readonly type: number;
  /** e_flags. */
  readonly flags: number;
}

/** A segment with its content. */
interface Segment {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Bytes in front that belong to another segment. */
  readonly lead?: Uint8Array;
}

const PT = { interpreter: 3, note: 4, dynamic: 2, load: 1 } as const;

/** Makes the file. */
export function layOut(chunks: readonly Chunk[], header: Header): Uint8Array<ArrayBuffer> {
  const [headerSize, lineSize] = header.wide ? [64, 56] : [52, 32];
  let at = headerSize + lineSize * (chunks.length + 1);
  const segments = chunks.map((chunk) => {
    const segment = segmentOf(chunk, { header, at });
    const offset = at + (segment.lead?.length ?? 0);
    at = align(offset + segment.bytes.length);
    return { ...segment, offset };
  });
  const file = new Uint8Array(at);
  const view = new DataView(file.buffer);
  writeHeader(view, header, segments.length + 1);
  const table: ProgramHeader[] = [{ type: PT.load, offset: 0, size: at }];
  for (const { type, bytes, lead, offset } of segments) {
    if (lead !== undefined) file.set(lead, offset - lead.length);
    file.set(bytes, offset);
    table.push({ type, offset, size: bytes.length });
  }
  table.forEach((line, index) =>
    writeProgramHeader(view, { header, at: headerSize + index * lineSize }, line)
  );
  return file;
}

function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function segmentOf(chunk: Chunk, place: { readonly header: Header; readonly at: number }): Segment {
  switch (chunk.type) {
    case "interpreter":
      return { type: PT.interpreter, bytes: text(`${chunk.text}\0`) };
    case "note":
      return { type: PT.note, bytes: noteBytes(chunk.owner, place.header) };
    case "dynamic":
      return dynamicSegment(chunk, place);
  }
}

function text(characters: string): Uint8Array {
  return new TextEncoder().encode(characters);
}

function noteBytes(owner: string, { little }: Header): Uint8Array {
  const name = text(`${owner}\0`);
  const bytes = new Uint8Array(12 + Math.ceil(name.length / 4) * 4 + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, name.length, little);
  view.setUint32(4, 4, little);
  view.setUint32(8, 1, little);
  bytes.set(name, 12);
  return bytes;
}

/** The names and the needed version come first, then the table that points to them. */
function dynamicSegment(
  { needed, version }: Extract<Chunk, { type: "dynamic" }>,
  { header, at }: { readonly header: Header; readonly at: number },
): Segment {
  const names = ["", ...needed, ...(version === undefined ? [] : [version])];
  const offsets = names.map((_, index) => names.slice(0, index).join("\0").length + (index && 1));
  const table = text(`${names.join("\0")}\0`);
  const versions = version === undefined
    ? new Uint8Array()
    : neededVersion({ library: offsets[1]!, version: offsets.at(-1)! }, header);
  const start = align(table.length);
  const lead = new Uint8Array(start + versions.length);
  lead.set(table);
  lead.set(versions, start);
  const entries: [number, number][] = [
    ...needed.map((_, index): [number, number] => [1, offsets[index + 1]!]),
    [5, at],
    [10, table.length],
    ...(version === undefined
      ? []
      : [[0x6ffffffe, at + start], [0x6fffffff, 1]] as [number, number][]),
    [0, 0],
  ];
  return { type: PT.dynamic, bytes: entryBytes(entries, header), lead };
}

/** One library with one version of its symbols; both are given as offsets of their names. */
function neededVersion(
  names: { readonly library: number; readonly version: number },
  { little }: Header,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(32));
  // vn_version, vn_cnt, vn_file, vn_aux; then vna_other, vna_name.
  view.setUint16(0, 1, little);
  view.setUint16(2, 1, little);
  view.setUint32(4, names.library, little);
  view.setUint32(8, 16, little);
  view.setUint16(22, 2, little);
  view.setUint32(24, names.version, little);
  return new Uint8Array(view.buffer);
}

function entryBytes(entries: readonly (readonly [number, number])[], header: Header): Uint8Array {
  const size = header.wide ? 8 : 4;
  const view = new DataView(new ArrayBuffer(entries.length * 2 * size));
  entries.flat().forEach((value, index) => putAddress(view, { at: index * size, header }, value));
  return new Uint8Array(view.buffer);
}

interface Spot {
  readonly at: number;
  readonly header: Header;
}

function putAddress(view: DataView, { at, header }: Spot, value: number): void {
  if (header.wide) view.setBigUint64(at, BigInt(value), header.little);
  else view.setUint32(at, value, header.little);
}

function writeHeader(view: DataView, header: Header, segments: number): void {
  const { wide, little, code, type, flags } = header;
  view.setUint32(0, 0x7f454c46);
  [wide ? 2 : 1, little ? 1 : 2, 1].forEach((value, index) => view.setUint8(4 + index, value));
  view.setUint16(16, type, little);
  view.setUint16(18, code, little);
  view.setUint32(20, 1, little);
  const [headerSize, lineSize, rest] = wide ? [64, 56, 48] : [52, 32, 36];
  // The program headers stand right behind this one; there are no sections.
  putAddress(view, { at: wide ? 32 : 28, header }, headerSize);
  view.setUint32(rest, flags, little);
  view.setUint16(rest + 4, headerSize, little);
  view.setUint16(rest + 6, lineSize, little);
  view.setUint16(rest + 8, segments, little);
}

/** Where a segment is: its line in the table behind the header. */
interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function writeProgramHeader(view: DataView, { header, at }: Spot, line: ProgramHeader): void {
  view.setUint32(at, line.type, header.little);
  const places = header.wide ? [8, 16, 24, 32, 40] : [4, 8, 12, 16, 20];
  const { offset, size } = line;
  // Offset, virtual address, physical address, bytes in the file, bytes in memory.
  [offset, offset, offset, size, size].forEach((value, index) =>
    putAddress(view, { at: at + places[index]!, header }, value)
  );
}
