/**
 * Which names git takes for a tag.
 *
 * @module
 */

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** A loose ref is written beside its lock file, and file systems take 255 bytes for a name. */
const LONGEST_PART = 255 - ".lock".length;

/** Words with a dot or a slash between them: nearly every tag, of thousands. */
const USUAL = /^@?[\w+-]+(?:[./][\w+-]+)*$/;

/**
 * What is wrong with a name as a tag (git-check-ref-format(1), and `git tag`, which refuses a leading `-`); undefined
 * when git takes it. A clause to stand after a colon: `it holds ".."`.
 */
export function tagProblem(tag: string): string | undefined {
  if (tag === "") return "it is empty";
  if (tag.startsWith("-")) return `it starts with "-"`;
  if (USUAL.test(tag) && tag.length <= LONGEST_PART && !tag.includes(".lock")) return undefined;
  const bad = FORBIDDEN.exec(tag)?.[0];
  if (bad !== undefined) return `it holds ${JSON.stringify(bad)}`;
  for (const sequence of ["..", "@{", "//"]) {
    if (tag.includes(sequence)) return `it holds ${JSON.stringify(sequence)}`;
  }
  if (tag.startsWith("/")) return `it starts with "/"`;
  for (const end of ["/", "."]) if (tag.endsWith(end)) return `it ends with "${end}"`;
  const parts = tag.split("/");
  if (parts.some((part) => part.startsWith("."))) return `a part of it starts with "."`;
  if (parts.some((part) => part.endsWith(".lock"))) return `a part of it ends with ".lock"`;
  if (parts.some((part) => new TextEncoder().encode(part).length > LONGEST_PART)) {
    return `a part of it is longer than ${LONGEST_PART} bytes`;
  }
  return undefined;
}
