/**
 * Judges the entries of an archive one by one: what may be unpacked anywhere without touching anything else.
 *
 * @module
 */

import { posix } from "node:path";
import type { ArchiveLimits } from "./tarball.ts";

/** What a tar header says, as far as safety goes. */
export interface EntryHeader {
  readonly name: string;
  readonly size: number;
  readonly type?: string | undefined;
  readonly linkname?: string | undefined;
}

/** An entry that may pass, or why it may not. */
export type Verdict =
  | { readonly path: string; readonly type: "file" | "folder" | "link" }
  | { readonly refused: string };

/** Remembers what it saw of one archive. */
export interface EntryGuard {
  /** Judges the next entry. `path` is empty for the archive's own root. */
  readonly admit: (header: EntryHeader) => Verdict;
}

/** A guard for one archive. */
export function createEntryGuard(limits: Omit<ArchiveLimits, "totalBytes">): EntryGuard {
  const seen = new Set<string>();
  const links = new Set<string>();
  const folders = new Set<string>();
  let count = 0;
  return {
    admit: (header) => {
      if (++count > limits.entries) return refused(`it holds more than ${limits.entries} entries`);
      const { name } = header;
      const path = safePath(name);
      if (path === undefined) return refused(`"${name}" would be unpacked outside its folder`);
      if (header.size > limits.entryBytes) {
        return refused(`"${name}" is larger than ${limits.entryBytes} bytes`);
      }
      const type = typeOf(header);
      if (type === undefined) return refused(`"${name}" is a ${header.type}`);
      if (type === "link" && !staysInside(path, header)) {
        return refused(`"${name}" is a link to "${header.linkname}", outside the archive`);
      }
      const above = parents(path);
      if (above.some((folder) => links.has(folder)) || (type === "link" && folders.has(path))) {
        return refused(`"${name}" is reached through a link`);
      }
      for (const folder of above) folders.add(folder);
      if (type === "folder") folders.add(path);
      if (type !== "folder" && seen.has(path)) return refused(`"${name}" is in it twice`);
      if (type !== "folder") seen.add(path);
      if (type === "link") links.add(path);
      return { path, type };
    },
  };
}

function refused(reason: string): Verdict {
  return { refused: reason };
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
  switch (header.type ?? "file") {
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
function staysInside(path: string, { type, linkname = "" }: EntryHeader): boolean {
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
