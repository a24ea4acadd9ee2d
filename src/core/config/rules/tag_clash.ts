/**
 * Whether two tag formats can give the same tag, or tags that git cannot hold side by side, for any two versions.
 *
 * @module
 */

import type { TagShape } from "../../release/tag.ts";

/** The tags of a shape, as an automaton; with `below`, every name in the folder that such a tag would be. */
interface Language extends TagShape {
  readonly below: boolean;
}

/** A state: its place in the prefix, in the version, in the suffix, or below the tag. */
type State = string;

const DIGIT = /[0-9]/;
const LETTER = /[A-Za-z-]/;

/** The grammar of semver 2.0.0 as transitions: [from, characters, to]. `N` reads a number, `P` a pre-release, `B` build metadata. */
const GRAMMAR: readonly (readonly [State, RegExp, State])[] = [
  ...["0", "1", "2"].flatMap((part): [State, RegExp, State][] => [
    [`N${part}`, /0/, `Z${part}`],
    [`N${part}`, /[1-9]/, `D${part}`],
    [`D${part}`, DIGIT, `D${part}`],
  ]),
  ...["Z", "D"].flatMap((end): [State, RegExp, State][] => [
    [`${end}0`, /\./, "N1"],
    [`${end}1`, /\./, "N2"],
    [`${end}2`, /-/, "P"],
    [`${end}2`, /\+/, "B"],
  ]),
  ["P", /0/, "PZ"],
  ["P", /[1-9]/, "PD"],
  ["PD", DIGIT, "PD"],
  // A part with a letter in it may start with any digits, zeros too.
  ["P", DIGIT, "PA"],
  ["PA", DIGIT, "PA"],
  ["PA", LETTER, "PL"],
  ["P", LETTER, "PL"],
  ["PL", /[0-9A-Za-z-]/, "PL"],
  ...["PZ", "PD", "PL"].flatMap((end): [State, RegExp, State][] => [
    [end, /\./, "P"],
    [end, /\+/, "B"],
  ]),
  ["B", /[0-9A-Za-z-]/, "BL"],
  ["BL", /[0-9A-Za-z-]/, "BL"],
  ["BL", /\./, "B"],
];

const VERSION_ENDS: ReadonlySet<State> = new Set(["Z2", "D2", "PZ", "PD", "PL", "BL"]);

function start(language: Language): State {
  return language.prefix === "" ? "N0" : "prefix 0";
}

function afterTag(language: Language, character: string): State[] {
  return language.below && character === "/" ? ["folder"] : [];
}

function step(language: Language, state: State, character: string): State[] {
  const [place = "", count = "0"] = state.split(" ");
  const { prefix, suffix } = language;
  const at = Number(count);
  if (place === "prefix") {
    if (character !== prefix[at]) return [];
    return [at + 1 === prefix.length ? "N0" : `prefix ${at + 1}`];
  }
  if (place === "folder") return ["folder name"];
  if (place === "suffix") {
    if (at === suffix.length) return afterTag(language, character);
    return character === suffix[at] ? [`suffix ${at + 1}`] : [];
  }
  const onwards = GRAMMAR.filter(([from, set]) => from === state && set.test(character));
  const ended = VERSION_ENDS.has(state) ? step(language, "suffix 0", character) : [];
  return [...onwards.map(([, , to]) => to), ...ended];
}

function accepts(language: Language, state: State): boolean {
  if (language.below) return state === "folder name";
  const ended = VERSION_ENDS.has(state) ? "suffix 0" : state;
  return ended === `suffix ${language.suffix.length}`;
}

/** The shortest text that is in both languages; undefined when there is none. */
function common(a: Language, b: Language): string | undefined {
  const alphabet = new Set(`0a1-.+/${a.prefix}${a.suffix}${b.prefix}${b.suffix}`);
  const seen = new Set<string>();
  let front = [{ text: "", states: [start(a), start(b)] as const }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { text, states: [left, right] } of front) {
      if (accepts(a, left) && accepts(b, right)) return text;
      for (const character of alphabet) {
        for (const onLeft of step(a, left, character)) {
          for (const onRight of step(b, right, character)) {
            const key = `${onLeft}|${onRight}`;
            if (seen.has(key)) continue;
            seen.add(key);
            next.push({ text: text + character, states: [onLeft, onRight] });
          }
        }
      }
    }
    front = next;
  }
  return undefined;
}

/** How two shapes clash. */
export type Clash =
  /** A tag that both can give. */
  | { readonly kind: "same"; readonly tag: string }
  /** A tag of one that lies in the folder that a tag of the other would be: git cannot hold both. */
  | { readonly kind: "folder"; readonly tag: string };

/** How two shapes clash; undefined when no two versions make them. */
export function tagClash(a: TagShape, b: TagShape): Clash | undefined {
  if (!a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix)) return undefined;
  const same = common({ ...a, below: false }, { ...b, below: false });
  if (same !== undefined) return { kind: "same", tag: same };
  const [outer, inside] = slashes(a) < slashes(b) ? [a, b] : [b, a];
  if (slashes(outer) === slashes(inside)) return undefined;
  const tag = common({ ...outer, below: true }, { ...inside, below: false });
  return tag === undefined ? undefined : { kind: "folder", tag };
}

function slashes({ prefix, suffix }: TagShape): number {
  return `${prefix}${suffix}`.split("/").length;
}
