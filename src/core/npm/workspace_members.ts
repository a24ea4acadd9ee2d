/**
 * Which folders are workspaces of an npm project.
 *
 * @module
 */

import { compileGlobs } from "../model/glob.ts";
import type { PackageJson } from "./package_json.ts";

/**
 * Whether the project of a package.json counts a folder, `/`-separated and relative to it, among its `workspaces`. The
 * last pattern that fits decides, so a later one brings back what an earlier `!` took out (@npmcli/map-workspaces).
 */
export function isWorkspaceMember({ raw }: PackageJson, folder: string): boolean {
  return patternsOf(raw["workspaces"]).reduce((isMember, pattern) => {
    const marks = /^!*/.exec(pattern)![0].length;
    const glob = pattern.slice(marks).replace(/^\.?\/+/, "");
    return compileGlobs([glob])(folder) ? marks % 2 === 0 : isMember;
  }, false);
}

/** A list, or a table with one. */
function patternsOf(workspaces: unknown): readonly string[] {
  const list = Array.isArray(workspaces)
    ? workspaces
    : (workspaces as { readonly packages?: unknown } | null | undefined)?.packages;
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}
