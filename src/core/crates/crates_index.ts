/**
 * How crates.io names crates and lists them: which names it takes, when two versions are one to it, and its sparse
 * index, where a crate's file holds one JSON document per line, one line per version, oldest first.
 *
 * @module
 */

/**
 * A version without its build metadata: crates.io lets `1.0.0+a` and `1.0.0` not stand side by side, so they are one
 * version to a publisher.
 */
export function withoutBuild(version: string): string {
  return version.split("+")[0]!;
}

/** Whether two versions are one to crates.io. */
export function isSameVersion(left: string, right: string): boolean {
  return withoutBuild(left) === withoutBuild(right);
}

/** The longest name that crates.io takes, in characters. */
const LONGEST_NAME = 64;

/**
 * What is wrong with a crate's name, as a clause; undefined for one that crates.io takes: an ASCII letter, then
 * letters, digits, `-` and `_` (rust-lang/crates.io, crates_io_validation).
 */
export function crateNameFault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} characters`;
  if (!/^[A-Za-z]/.test(name)) return "its first character is not an ASCII letter";
  const odd = /[^A-Za-z0-9_-]/u.exec(name)?.[0];
  return odd === undefined ? undefined : `it has a "${odd}"`;
}

/**
 * The path of a crate's index file below the index's root: `serde` → `se/rd/serde`, `abc` → `3/a/abc`. Letters are
 * lowered, `-` and `_` stay what they are (cargo reference, "Index files").
 */
export function sparseIndexPath(name: string): string {
  const lower = name.toLowerCase();
  if (lower.length <= 2) return `${lower.length}/${lower}`;
  if (lower.length === 3) return `3/${lower[0]}/${lower}`;
  return `${lower.slice(0, 2)}/${lower.slice(2, 4)}/${lower}`;
}

/** What one line says, as far as a publisher needs it. */
export interface IndexEntry {
  /** The version as it was published, with its build metadata. */
  readonly version: string;
  /** sha256 of the `.crate`, lower-case hex. */
  readonly cksum: string;
  /** A yanked version stays in the index and can never be published again. */
  readonly yanked: boolean;
}

/** The newest layout of a line that is understood; cargo passes over lines with a higher `v`. */
const NEWEST_LAYOUT = 2;

/**
 * Reads an index file. Lines of an unknown layout are passed over, as cargo does; undefined when a line is not what an
 * index holds at all (an error page, half a file) or is of another crate than the one of `name`, since nothing may be
 * concluded from such an answer.
 */
export function parseIndexLines(text: string, name?: string): readonly IndexEntry[] | undefined {
  const entries: IndexEntry[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const entry = parseLine(line, name);
    if (entry === undefined) return undefined;
    if (entry !== "unknown layout") entries.push(entry);
  }
  return entries;
}

function parseLine(line: string, name?: string): IndexEntry | "unknown layout" | undefined {
  const held = parseObject(line);
  if (held === undefined) return undefined;
  if (name !== undefined && String(held.name).toLowerCase() !== name.toLowerCase()) {
    return undefined;
  }
  if (typeof held.v === "number" && held.v > NEWEST_LAYOUT) return "unknown layout";
  const { vers, cksum, yanked } = held;
  if (typeof vers !== "string" || typeof cksum !== "string") return undefined;
  return { version: vers, cksum: cksum.toLowerCase(), yanked: yanked === true };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}
