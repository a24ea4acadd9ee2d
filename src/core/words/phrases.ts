/**
 * Phrases that many sentences share: a text in quotes, a long list, "Did you mean …?".
 *
 * @module
 */

/** A text in double quotes, cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** The first few of some words, and how many there are besides: `a, b and 3 more`. */
export function someOf(words: readonly string[], most: number): string {
  const shown = words.slice(0, most).join(", ");
  return words.length > most ? `${shown} and ${words.length - most} more` : shown;
}

/** Words that differ only in case or in `-` against `_` are the same slip of the fingers. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

/**
 * The edits between two words: letters put in, left out or exchanged, and neighbours swapped (the restricted
 * Damerau-Levenshtein distance).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The candidate that a mistyped word most likely stands for; undefined when none is near. One edit is allowed for every
 * three letters, at least one, and some letter must be the same: short words do not attract everything. Among equals
 * the first candidate wins.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.includes(word)) return word;
  const folded = fold(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const [shorter, longer] = [word.length, candidate.length].sort((a, b) => a - b);
    const limit = Math.min(shorter! - 1, Math.max(1, Math.floor(longer! / 3)));
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(folded, fold(candidate));
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/** The question itself, ready to stand in a hint; an empty list when nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string[] {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? [] : [`Did you mean ${JSON.stringify(candidate)}?`];
}
