/** Tags and globs, the slow way: one expression for each question. */

import type { Package } from "../../../src/core/model/package.ts";
import { type Numbers, takeApart } from "./naive_version.ts";

function plain(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** The tag of a release. */
export function tagOf({ name, tagFormat }: Package, version: string): string {
  return tagFormat.split("{name}").join(name).split("{version}").join(version);
}

/** The version that a tag of a package stands for; undefined for what is none of its tags. */
export function versionOfTag(pkg: Package, tag: string): Numbers | undefined {
  const form = plain(tagOf(pkg, "\u0001")).replace("\u0001", "(.+)");
  const [, text] = new RegExp(`^${form}$`).exec(tag) ?? [];
  return text === undefined ? undefined : takeApart(text);
}

/** Whether a path belongs to a glob; of globs, what the cases have. */
export function matchesOf(glob: string): (path: string) => boolean {
  const pieces = glob.split(/(\*\*\/|\/\*\*|\*|\{[^}]*\})/).map((piece) => {
    if (piece === "**/") return "(?:.*/)?";
    if (piece === "/**") return "/.+";
    if (piece === "*") return "[^/]*";
    if (piece.startsWith("{")) return `(?:${piece.slice(1, -1).split(",").map(plain).join("|")})`;
    return plain(piece);
  });
  const form = new RegExp(`^${pieces.join("")}$`, "s");
  return (path) => form.test(path);
}
