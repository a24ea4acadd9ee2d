/**
 * Judges the entries of an archive one by one: what may be unpacked anywhere without touching anything else, and how
 * much of it.
 *
 * @module
 */

import { posix } from "node:path";

/** How much an archive may hold. */
export interface ArchiveLimits {
  /** Entries of any kind. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly entryBytes: number;
  /** Bytes of the whole archive, unpacked, with its headers. */
  readonly totalBytes: number;
}

/** More than any registry takes, and little enough to read in seconds. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 100_000,
  entryBytes: 2 ** 30,
  totalBytes: 4 * 2 ** 30,
};

/** What a tar header says, as far as safety goes. */
export interface EntryHeader {
  readonly name: string;
  readonly size: number;
  /** `file`, `directory`, `symlink`, `link`, or in words what else it is. */
  readonly type: string;
  readonly linkname: string;
}

/** An entry that may pass, or why it may not. */
export type Verdict =
  | { readonly path: string; readonly type: "file" | "folder" | "link" }
  | { readonly refused: string };

/** What is wrong with an archive; becomes a failure that names it. */
export class Refusal extends Error {}

/** Remembers what it saw of one archive. */
export interface EntryGuard {
  /** Judges the next entry. `path` is empty for the archive's own root. */
  readonly admit: (header: EntryHeader) => Verdict;
}

/** What one archive holds so far, by path. */
interface Seen {
  readonly files: Set<string>;
  readonly links: Set<string>;
  readonly folders: Set<string>;
}

/** A guard for one archive. */
export function createEntryGuard(limits: Omit<ArchiveLimits, "totalBytes">): EntryGuard {
  const seen: Seen = { files: new Set(), links: new Set(), folders: new Set() };
  let count = 0;
  return {
    admit: (header) => {
      // Folders that are only named count too: one entry may name thousands.
      if (++count > limits.entries || seen.folders.size > limits.entries) {
        return { refused: `it holds more than ${limits.entries} entries` };
      }
      const entry = judgeHeader(header, limits);
      if ("refused" in entry) return entry;
      const clash = clashWith(seen, entry);
      if (clash !== undefined) return { refused: `"${header.name}" ${clash}` };
      remember(seen, entry);
      return entry;
    },
  };
}

type Entry = Exclude<Verdict, { readonly refused: string }>;

/** Linux opens no longer paths (PATH_MAX in limits.h). */
const LONGEST_PATH = 4096;

function judgeHeader(
  header: EntryHeader,
  { entryBytes }: Pick<ArchiveLimits, "entryBytes">,
): Verdict {
  const { name, size } = header;
  if (name.length > LONGEST_PATH) {
    return { refused: `"${name.slice(0, 60)}…" is a path of ${name.length} characters` };
  }
  const path = safePath(name);
  if (path === undefined) return { refused: `"${name}" would be unpacked outside its folder` };
  if (size > entryBytes) return { refused: `"${name}" is larger than ${entryBytes} bytes` };
  const type = typeOf(header);
  if (type === undefined) return { refused: `"${name}" is a ${header.type}` };
  if (type === "link" && !staysInside(path, header)) {
    return { refused: `"${name}" is a link to "${header.linkname}", outside the archive` };
  }
  return { path, type };
}

/** What stands in an entry's way, behind its name. */
function clashWith({ files, links, folders }: Seen, { path, type }: Entry): string | undefined {
  const above = parents(path);
  if (above.some((folder) => links.has(folder)) || (type === "link" && folders.has(path))) {
    return "is reached through a link";
  }
  if (above.some((folder) => files.has(folder))) return "needs a folder where there is a file";
  if (type === "folder") return files.has(path) ? "is a folder where there is a file" : undefined;
  if (folders.has(path)) return "is a file where there is a folder";
  return files.has(path) || links.has(path) ? "is in it twice" : undefined;
}

function remember({ files, links, folders }: Seen, { path, type }: Entry): void {
  for (const folder of parents(path)) folders.add(folder);
  ({ file: files, link: links, folder: folders })[type].add(path);
}

/**
 * A member's path without `.` parts; undefined when it is absolute on any system, climbs, or holds a NUL. A `\`
 * separates on Windows, so it counts as a separator here.
 */
export function safePath(name: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:|\0/.test(name)) return undefined;
  const parts = name.split(/[/\\]/);
  if (parts.includes("..")) return undefined;
  return name.split("/").filter((part) => part !== "" && part !== ".").join("/");
}

function typeOf(header: EntryHeader): "file" | "folder" | "link" | undefined {
  switch (header.type) {
    case "file":
      return "file";
    case "directory":
      return "folder";
    case "symlink":
    case "link":
      return "link";
    default:
      return undefined;
  }
}

/**
 * A symbolic link is resolved from its own folder, a hard link from the archive's root (POSIX pax). A `..` behind a
 * name is refused even when it looks harmless: that name may itself be a link, and then `..` is elsewhere.
 */
function staysInside(path: string, { type, linkname }: EntryHeader): boolean {
  if (linkname === "" || /^[/\\]|^[A-Za-z]:|\0/.test(linkname)) return false;
  const steps = linkname.replaceAll("\\", "/");
  if (/(^|\/)(?!\.{1,2}\/)[^/]+\/(.*\/)?\.\.(\/|$)/.test(steps)) return false;
  const from = type === "symlink" ? posix.dirname(path) : ".";
  const target = posix.normalize(posix.join(from, steps));
  return target !== ".." && !target.startsWith("../");
}

function parents(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
