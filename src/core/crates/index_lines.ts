/**
 * A crate's file in the sparse index: one JSON document per line, one line per version, oldest first.
 *
 * @module
 */

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
 * index holds at all (an error page, half a file), since nothing may be concluded from such an answer.
 */
export function parseIndexLines(text: string): readonly IndexEntry[] | undefined {
  const entries: IndexEntry[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const entry = parseLine(line);
    if (entry === undefined) return undefined;
    if (entry !== "unknown layout") entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): IndexEntry | "unknown layout" | undefined {
  const held = parseObject(line);
  if (held === undefined) return undefined;
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
