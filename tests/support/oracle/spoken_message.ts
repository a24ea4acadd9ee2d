/**
 * Commit messages that are made of what they say: nobody has to read them to know it. Each part is one paragraph, or one
 * line of the paragraph before it.
 */

import type { Draw } from "./random.ts";

/** What one part of a message says about a release. */
export type Saying =
  /** Nothing, though it may look like something. */
  | { readonly is: "nothing" }
  /** A trailer; no names: it is for all. */
  | { readonly is: "trailer"; readonly word: string; readonly names?: readonly string[] }
  /** One word behind the key, alone or with a list, that is none of the four. */
  | { readonly is: "unknown word" }
  /** One of the four words, and then what is meant as a list and is none. */
  | { readonly is: "no list" };

export interface Part {
  readonly text: string;
  readonly says: Saying;
  /** Whether somebody else adds it below what a person wrote: co-authors, `cherry picked from`. */
  readonly isAdded?: boolean;
}

export interface SpokenMessage {
  readonly text: string;
  /** The paragraphs below the subject, each with its lines. */
  readonly paragraphs: readonly (readonly Part[])[];
}

const WORDS = ["patch", "minor", "major", "skip", "skip"];
const NOTHING: Saying = { is: "nothing" };

const SILENT: readonly Part[] = [
  { text: "Some words about it.", says: NOTHING },
  { text: "Release: the parser is now stable", says: NOTHING },
  { text: "Release: Patch the parser by hand", says: NOTHING },
  { text: "> release: major", says: NOTHING },
  { text: "```\nrelease: major\n```", says: NOTHING },
  { text: "~~~~ text\nrelease: skip\n~~~~", says: NOTHING },
  { text: "<!-- release: major\nrelease: [a] -->", says: NOTHING },
  { text: "prerelease: major", says: NOTHING },
  { text: "Co-authored-by: Bo <bo@example.com>", says: NOTHING, isAdded: true },
  { text: "(cherry picked from commit 0123456789)", says: NOTHING, isAdded: true },
];

const WRONG: readonly Part[] = [
  { text: "release: mnor", says: { is: "unknown word" } },
  { text: "RELEASE : latest [a]", says: { is: "unknown word" } },
  { text: "release:", says: { is: "unknown word" } },
  { text: "release: minor a", says: { is: "no list" } },
  { text: "release: patch []", says: { is: "no list" } },
  { text: "release: major [a", says: { is: "no list" } },
];

const SPELLINGS = ["release: ", "Release: ", "  release : ", "RELEASE:", "release:\t"];

function trailer(draw: Draw, names: readonly string[]): Part {
  const word = draw.pick(WORDS);
  const spelled = draw.chance(0.2) ? word.toUpperCase() : word;
  if (names.length === 0 || draw.chance(0.4)) {
    return { text: `${draw.pick(SPELLINGS)}${spelled}`, says: { is: "trailer", word } };
  }
  const list = draw.chance(0.1) ? names.join(" ,") : names.join(", ");
  return {
    text: `${draw.pick(SPELLINGS)}${spelled} [${list}]`,
    says: { is: "trailer", word, names },
  };
}

/** A message; `loud` is how likely it says something, and `wrong` how likely that is a mistake. */
export function drawMessage(
  draw: Draw,
  options: { readonly names: readonly string[]; readonly loud: number; readonly wrong: number },
): SpokenMessage {
  const { names, loud, wrong } = options;
  const part = (): Part => {
    // Each is a part of its own, though two may read alike.
    if (!draw.chance(loud)) return { ...draw.pick(SILENT) };
    if (draw.chance(wrong)) return { ...draw.pick(WRONG) };
    const all = draw.chance(wrong) ? [...names, "stranger"] : names;
    return trailer(draw, draw.some(draw.shuffled(all), 0.4));
  };
  const paragraphs = Array.from(
    { length: draw.below(4) },
    () => Array.from({ length: draw.chance(0.2) ? 2 : 1 }, part),
  );
  const body = paragraphs.map((parts) => parts.map(({ text }) => text).join("\n"));
  const subject = draw.chance(0.05) ? "release: major" : "Change something";
  const gap = draw.chance(0.1) ? "\n" : "\n\n";
  return { text: `${[subject, body.join("\n\n")].join(gap).trimEnd()}\n`, paragraphs };
}
