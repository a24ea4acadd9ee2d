/**
 * The lines of a commit message in which a person speaks: the body without quoted code and comments, in paragraphs.
 *
 * @module
 */

/** One line of a message's body. */
export interface BodyLine {
  /** Without the blanks around it. */
  readonly text: string;
  /** Whether it stands in the last paragraph that a person wrote. */
  readonly last: boolean;
  /** The line right below it in its paragraph; undefined for the last one. */
  readonly next: string | undefined;
}

/** A message, taken apart. */
export interface MessageLines {
  /** The first line that is not blank. */
  readonly subject: string;
  /** The lines after it, without blank ones. */
  readonly body: readonly BodyLine[];
}

/** What is added below a message by others: GitHub's squash (`---------`, co-authors), `-s`, `cherry-pick -x`. */
const ADDED = /^(-{3,}|\(cherry picked from commit .*\)|[a-z-]+-by:.*)$/i;

/** Takes a message apart. Line ends are LF, CRLF or CR. */
export function readMessage(message: string): MessageLines {
  const lines = message.split(/\r\n|\n|\r/).map((line) => line.trim());
  const start = lines.findIndex((line) => line !== "");
  const paragraphs = paragraphsOf(withoutComments(withoutCode(lines.slice(start + 1))));
  const own = paragraphs.findLastIndex((paragraph) => !paragraph.every((line) => ADDED.test(line)));
  return {
    subject: lines[start] ?? "",
    body: paragraphs.flatMap((paragraph, at) =>
      paragraph.map((text, row) => ({ text, last: at === own, next: paragraph[row + 1] }))
    ),
  };
}

function paragraphsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line === "") paragraphs.push([]);
    else paragraphs.at(-1)!.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** Empties the lines of fenced code blocks (CommonMark §4.5). A fence that nothing closes opens none. */
function withoutCode(lines: readonly string[]): readonly string[] {
  const kept = [...lines];
  // By fence character, the shortest fence that nothing below closes: longer ones need not be tried.
  const open = new Map<string, number>();
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(`{3,}|~{3,})/.exec(lines[at]!)?.[0];
    if (fence === undefined || fence.length >= (open.get(fence[0]!) ?? Infinity)) continue;
    // Each line is searched once: what stands between two fences is jumped over.
    let end = at + 1;
    while (end < lines.length && !closes(lines[end]!, fence)) end++;
    if (end === lines.length) open.set(fence[0]!, fence.length);
    else {
      kept.fill("", at, end + 1);
      at = end;
    }
  }
  return kept;
}

function closes(line: string, fence: string): boolean {
  return line.length >= fence.length && line === fence[0]!.repeat(line.length);
}

/**
 * Takes out what stands in `<!-- … -->`, as pull request templates do: squashing copies it into the message. Only whole
 * lines and the ends of lines are taken out, so that what is left begins as somebody wrote it: a line that begins in a
 * comment goes, and one with words behind a comment stays as it is.
 */
function withoutComments(lines: readonly string[]): readonly string[] {
  const hidden = hideComments(lines.join("\n")).split("\n");
  return lines.map((line, at) => {
    const seen = hidden[at]!.trimEnd();
    if (seen.startsWith(HIDDEN)) return "";
    const end = seen.indexOf(HIDDEN);
    return end === -1 || /[^\s\0]/.test(seen.slice(end)) ? line : line.slice(0, end).trimEnd();
  });
}

/** Stands for each character of a comment: a commit message cannot hold it (git commit-tree refuses NUL). */
const HIDDEN = "\0";

/** The text with every character of its comments hidden. A comment that nothing ends is none. */
function hideComments(text: string): string {
  const pieces: string[] = [];
  for (let at = 0;;) {
    const start = text.indexOf("<!--", at);
    const end = start === -1 ? -1 : text.indexOf("-->", start + 4) + 3;
    if (end <= 2) return [...pieces, text.slice(at)].join("");
    pieces.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, HIDDEN));
    at = end;
  }
}
