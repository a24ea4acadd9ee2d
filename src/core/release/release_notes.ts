/**
 * The text of a GitHub Release: why it was made, where it lies, and the commits that went into it. Commit messages come
 * from anybody; nothing in them can become markup.
 *
 * @module
 */

/** A commit that touched the package. */
export interface NotesCommit {
  /** Full object id. */
  readonly id: string;
  /** The first line of its message, as anybody wrote it. */
  readonly subject: string;
}

/** What the text is made of. */
export interface NotesFacts {
  /** The package's name. */
  readonly name: string;
  readonly version: string;
  /** Why it was released, as a phrase: `files changed`. */
  readonly why: string;
  /** The release's page on its registry. */
  readonly registryUrl: string;
  /** The tag of the release before; null for the first. */
  readonly previousTag: string | null;
  readonly tag: string;
  /** Newest first. Left out for a first release: everything since the beginning is no news. */
  readonly commits: readonly NotesCommit[];
  /** The repository's address on the web, without a slash at the end; ids are not linked without one. */
  readonly repositoryUrl?: string;
}

/** GitHub takes 125,000 characters; the rest is room for what it counts otherwise. */
const MOST = 120_000;
const LONGEST_SUBJECT = 200;

/** The body of a GitHub Release, in Markdown, of 120,000 characters at most. */
export function releaseNotes(facts: NotesFacts): string {
  const { name, version, why, registryUrl, previousTag } = facts;
  const opening = `${code(name)} ${code(version)}, released for this reason: ${code(why)}.`;
  const page = `Get it from <${registryUrl.replace(/[<>\s]/g, encodeURIComponent)}>.`;
  const history = previousTag === null ? "" : changes(facts, previousTag);
  return [opening, page, history].filter((part) => part !== "").join("\n\n") + "\n";
}

function changes(facts: NotesFacts, previousTag: string): string {
  const { commits, repositoryUrl, tag } = facts;
  const range = `${encodeTag(previousTag)}...${encodeTag(tag)}`;
  const since = repositoryUrl === undefined
    ? code(previousTag)
    : `[${code(previousTag)}](${repositoryUrl}/compare/${range})`;
  if (commits.length === 0) return `No commit touched its files since ${since}.`;
  const { lines, rest } = bounded(commits.map((commit) => line(commit, repositoryUrl)));
  const more = rest === 0 ? [] : [`- … and ${rest} more`];
  return [`Commits that touched its files since ${since}:`, "", ...lines, ...more].join("\n");
}

function line({ id, subject }: NotesCommit, repositoryUrl: string | undefined): string {
  const short = id.slice(0, 8);
  const link = repositoryUrl === undefined
    ? code(short)
    : `[${code(short)}](${repositoryUrl}/commit/${id})`;
  return `- ${code(cut(subject))} (${link})`;
}

/** As many lines as fit beside the rest of the text. */
function bounded(lines: readonly string[]): { lines: readonly string[]; rest: number } {
  const room = MOST - 10_000;
  let size = 0;
  const end = lines.findIndex((line) => (size += line.length + 1) > room);
  return end === -1 ? { lines, rest: 0 } : { lines: lines.slice(0, end), rest: lines.length - end };
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_SUBJECT) return text;
  return `${characters.slice(0, LONGEST_SUBJECT - 1).join("")}…`;
}

/**
 * Text as a code span (CommonMark §6.1), in which GitHub finds neither markup nor mentions, references or addresses.
 * Line ends, controls, and the characters that turn the direction of writing become blanks.
 */
function code(text: string): string {
  // deno-lint-ignore no-control-regex
  const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;
  const plain = text.replace(unseen, " ").trim();
  if (plain === "") return "(no subject)";
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = longest === 0 ? "" : " ";
  return `${fence}${padding}${plain}${padding}${fence}`;
}

/** A tag as part of an address: `@scope/pkg-v1` keeps its slash, and nothing ends the link early. */
function encodeTag(tag: string): string {
  return tag.split("/").map(encodeURIComponent).join("/").replace(
    /[()']/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
