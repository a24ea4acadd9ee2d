/**
 * Reads a zip from its first byte to its last, record by record, and accepts nothing that two readers could see
 * differently (pypi/warehouse `utils/zipfiles.py`).
 *
 * @module
 */

/** What is wrong with an archive, in PyPI's words. */
export class ZipFlaw extends Error {}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

interface Member {
  readonly name: string;
  readonly packed: number;
  readonly unpacked: number;
}

/** The names of an archive's members and their unpacked bytes; throws a {@link ZipFlaw}. */
export function scanZip(
  bytes: Uint8Array,
): { readonly names: readonly string[]; readonly total: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const members = new Map<string, Member>();
  const listed = new Set<string>();
  let at = 0;
  for (;;) {
    if (at + 4 > bytes.length) throw new ZipFlaw("Malformed zip file");
    const signature = view.getUint32(at, true);
    if (signature === LOCAL) at = readLocal({ bytes, view, at, members });
    else if (signature === CENTRAL) at = readCentral({ bytes, view, at, members, listed });
    else if (signature === END) break;
    else throw new ZipFlaw("Unknown record signature");
  }
  if (listed.size !== members.size) {
    throw new ZipFlaw("Mis-matched local headers and central directory");
  }
  if (at + 22 > bytes.length) throw new ZipFlaw("Malformed zip file");
  const end = at + 22 + view.getUint16(at + 20, true);
  if (end !== bytes.length) throw new ZipFlaw("Trailing data");
  const total = [...members.values()].reduce((sum, { unpacked }) => sum + unpacked, 0);
  return { names: [...members.keys()], total };
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly at: number;
  readonly members: Map<string, Member>;
}

function readLocal({ bytes, view, at, members }: Cursor): number {
  if (at + 30 > bytes.length) throw new ZipFlaw("Malformed zip file");
  if ((view.getUint16(at + 6, true) & 8) !== 0) throw new ZipFlaw("ZIP contains a data descriptor");
  if (![0, 8].includes(view.getUint16(at + 8, true))) {
    throw new ZipFlaw("Invalid compression method");
  }
  const nameEnd = at + 30 + view.getUint16(at + 26, true);
  const name = decodeName(bytes.subarray(at + 30, nameEnd));
  if (members.has(name)) throw new ZipFlaw("Duplicate filename in local headers");
  const packed = view.getUint32(at + 18, true);
  members.set(name, { name, packed, unpacked: view.getUint32(at + 22, true) });
  return nameEnd + view.getUint16(at + 28, true) + packed;
}

function readCentral(
  { bytes, view, at, members, listed }: Cursor & { readonly listed: Set<string> },
): number {
  if (at + 46 > bytes.length) throw new ZipFlaw("Malformed zip file");
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const name = decodeName(bytes.subarray(at + 46, nameEnd));
  if (listed.has(name)) throw new ZipFlaw("Duplicate filename in central directory");
  listed.add(name);
  const member = members.get(name);
  if (member === undefined) throw new ZipFlaw("Filename not in local headers");
  if (
    view.getUint32(at + 20, true) !== member.packed ||
    view.getUint32(at + 24, true) !== member.unpacked
  ) {
    throw new ZipFlaw("Mis-matched data size");
  }
  if (view.getUint16(at + 32, true) !== 0) throw new ZipFlaw("Comment in central directory");
  return nameEnd + view.getUint16(at + 30, true);
}

function decodeName(bytes: Uint8Array): string {
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (/\p{Cc}/u.test(name)) throw new ZipFlaw("Invalid character in filename");
    return name;
  } catch (error) {
    throw error instanceof ZipFlaw ? error : new ZipFlaw("Filename not unicode");
  }
}
