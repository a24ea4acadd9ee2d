/**
 * What a wheel says of itself in its `.dist-info` folder beside the metadata: `RECORD`, the list of its files with their
 * digests (recording installed projects, PEP 427), and `WHEEL` (binary distribution format).
 *
 * @module
 */

import type { WheelName } from "./file_name.ts";

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

/**
 * Reads RECORD. It is CSV: a field with a comma or a quote is quoted, and `""` stands for a quote. Some that were written on
 * Windows have `\` between the parts of a path, which PyPI and pip take.
 */
export function parseRecord(text: string): readonly RecordLine[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "").map((line) => {
    const [path = "", hash = "", size = ""] = splitCsv(line);
    const [algorithm = "", ...digest] = hash.split("=");
    return {
      path: path.replaceAll("\\", "/"),
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

/** Where WHEEL and the file's name do not agree, as clauses. */
export function wheelFileProblems(text: string, name: WheelName): readonly string[] {
  const headers = text.split(/\r?\n/).map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line)).filter(
    (match) => match !== null,
  );
  const of = (header: string): string[] =>
    headers.filter(([, key = ""]) => key.toLowerCase() === header).map(([, , value = ""]) => value);
  const [version] = of("wheel-version");
  const [build] = of("build");
  return [
    ...(version === undefined ? ["WHEEL has no Wheel-Version"] : []),
    ...(version !== undefined && !/^1\.\d+$/.test(version)
      ? [`WHEEL has Wheel-Version "${version}", installers know 1.x`]
      : []),
    ...(build !== undefined && build !== name.build
      ? [
        `WHEEL has build "${build}", the file name ${
          name.build === undefined ? "none" : `"${name.build}"`
        }`,
      ]
      : []),
    ...tagProblems(of("tag"), name),
  ];
}

function tagProblems(declared: readonly string[], name: WheelName): string[] {
  const spread = declared.flatMap(expandTag);
  const named = name.pythons.flatMap((python) =>
    name.abis.flatMap((abi) => name.platforms.map((platform) => `${python}-${abi}-${platform}`))
  );
  const missing = named.filter((tag) => !spread.includes(tag));
  const extra = spread.filter((tag) => !named.includes(tag));
  return [
    ...(missing.length === 0 ? [] : [`WHEEL lacks the tag ${quoted(missing)} of the file name`]),
    ...(extra.length === 0 ? [] : [`WHEEL has the tag ${quoted(extra)}, the file name has not`]),
  ];
}

/** Some writers leave a tag compressed, as `py2.py3-none-any`. */
function expandTag(tag: string): string[] {
  const [pythons = "", abis = "", platforms = ""] = tag.split("-");
  return pythons.split(".").flatMap((python) =>
    abis.split(".").flatMap((abi) =>
      platforms.split(".").map((platform) => `${python}-${abi}-${platform}`)
    )
  );
}

function quoted(tags: readonly string[]): string {
  return tags.map((tag) => `"${tag}"`).join(", ");
}
