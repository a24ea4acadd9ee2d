/**
 * What PyPI demands of a zip's framing beyond what makes it readable, so that no two readers can see two archives in
 * one file (pypi/warehouse `utils/zipfiles.py`).
 *
 * @module
 */

/** An entry as the archive's directory has it. */
export interface DirectoryEntry {
  readonly fileName: string;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly compressionMethod: number;
  readonly generalPurposeBitFlag: number;
  readonly relativeOffsetOfLocalHeader: number;
  readonly fileCommentLength: number;
}

/** An entry as its own header in front of the content has it. */
export interface LocalHeader {
  readonly fileDataStart: number;
  readonly fileName: Uint8Array;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}

/** Both views of one entry. */
export interface FramedEntry {
  readonly entry: DirectoryEntry;
  readonly local: LocalHeader;
}

/** Where the parts of the archive lie, in bytes from its start. */
export interface Frame {
  readonly directoryStart: number;
  readonly directoryEnd: number;
  readonly size: number;
  /** Bytes of the archive's own comment. */
  readonly commentLength: number;
}

/** Bytes of the end record, and of the two zip64 records that may stand before it (APPNOTE 4.3.14 to 4.3.16). */
const END_RECORD = 22;
const ZIP64_RECORDS = 56 + 20;
const STORED = 0;
const DEFLATED = 8;
/** A size that only the zip64 extra field knows. */
const IN_EXTRA_FIELD = 0xffffffff;

/** What PyPI refuses about the framing, as clauses; each kind once, with the first entry that shows it. */
export function framingProblems(entries: readonly FramedEntry[], frame: Frame): readonly string[] {
  const first = (words: string, test: (one: FramedEntry) => boolean): string[] => {
    const hit = entries.find(test);
    return hit === undefined ? [] : [`"${hit.entry.fileName}" ${words}`];
  };
  return [
    ...first("has a data descriptor", ({ entry }) => (entry.generalPurposeBitFlag & 8) !== 0),
    ...first(
      "is neither stored nor deflated",
      ({ entry }) => ![STORED, DEFLATED].includes(entry.compressionMethod),
    ),
    ...first("has a comment", ({ entry }) => entry.fileCommentLength > 0),
    ...first(
      "has a control character in its name",
      ({ entry }) => /\p{Cc}/u.test(entry.fileName),
    ),
    ...first("has another name in its own header", hasOtherName),
    ...first("has other sizes in its own header", hasOtherSizes),
    ...gapProblems(entries, frame),
    ...endProblems(frame),
  ];
}

function hasOtherName({ entry, local }: FramedEntry): boolean {
  return new TextDecoder().decode(local.fileName) !== entry.fileName;
}

function hasOtherSizes({ entry, local }: FramedEntry): boolean {
  // A data descriptor has the sizes behind the content, and is its own problem.
  if ((entry.generalPurposeBitFlag & 8) !== 0) return false;
  const differs = (own: number, listed: number): boolean =>
    own !== listed && own !== IN_EXTRA_FIELD;
  return differs(local.compressedSize, entry.compressedSize) ||
    differs(local.uncompressedSize, entry.uncompressedSize);
}

/** Entries must follow each other without a gap, from the first byte to the directory. */
function gapProblems(entries: readonly FramedEntry[], frame: Frame): string[] {
  if (entries.some(({ entry }) => (entry.generalPurposeBitFlag & 8) !== 0)) return [];
  let at = 0;
  for (const { entry, local } of [...entries].sort(byOffset)) {
    if (entry.relativeOffsetOfLocalHeader !== at) {
      return [
        at === 0 ? "data stands before the first entry" : `data stands before "${entry.fileName}"`,
      ];
    }
    at = local.fileDataStart + entry.compressedSize;
  }
  return at === frame.directoryStart ? [] : ["data stands between the entries and the directory"];
}

function byOffset(a: FramedEntry, b: FramedEntry): number {
  return a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader;
}

/** The archive's own comment belongs to the end record, and PyPI passes over it. */
function endProblems({ directoryEnd, size, commentLength }: Frame): string[] {
  const rest = size - directoryEnd - commentLength;
  return rest === END_RECORD || rest === END_RECORD + ZIP64_RECORDS
    ? []
    : ["data stands behind the directory"];
}
