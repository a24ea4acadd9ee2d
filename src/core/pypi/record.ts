/**
 * `RECORD`, the list of a wheel's files with their digests (recording installed projects, PEP 427).
 *
 * @module
 */

/** One line of RECORD. */
export interface RecordLine {
  readonly path: string;
  /** The hash's name as RECORD spells it, such as `sha256`; empty when there is none. */
  readonly algorithm: string;
  /** URL-safe base64 without padding. */
  readonly digest: string;
  /** Bytes; undefined when it is not said. */
  readonly size: number | undefined;
}

/** Reads RECORD. It is CSV: a field with a comma or a quote is quoted, and `""` stands for a quote. */
export function parseRecord(text: string): readonly RecordLine[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "").map((line) => {
    const [path = "", hash = "", size = ""] = splitCsv(line);
    const [algorithm = "", ...digest] = hash.split("=");
    return {
      path,
      algorithm: algorithm.toLowerCase(),
      digest: digest.join("="),
      size: /^\d+$/.test(size) ? Number(size) : undefined,
    };
  });
}

function splitCsv(line: string): string[] {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return fields.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** What RECORD must say of the files of a wheel, as clauses: every file, and nothing else. Itself and its signatures are exempt. */
export function recordProblems(
  lines: readonly RecordLine[],
  files: readonly string[],
): readonly string[] {
  const listed = new Set(lines.map(({ path }) => path));
  const there = new Set(files);
  const exempt = (path: string): boolean => /\.dist-info\/RECORD(\.jws|\.p7s)?$/.test(path);
  return [
    ...files.filter((path) => !listed.has(path) && !exempt(path))
      .map((path) => `RECORD does not list "${path}"`),
    ...[...listed].filter((path) => !there.has(path) && !exempt(path))
      .map((path) => `RECORD lists "${path}", which is not in it`),
  ];
}
