/**
 * Where a crate's file lies in the sparse index.
 *
 * @module
 */

/**
 * The path of a crate's index file below the index's root: `serde` → `se/rd/serde`, `abc` → `3/a/abc`. Letters are
 * lowered, `-` and `_` stay what they are (cargo reference, "Index files").
 */
export function sparseIndexPath(name: string): string {
  const lower = name.toLowerCase();
  if (lower.length <= 2) return `${lower.length}/${lower}`;
  if (lower.length === 3) return `3/${lower[0]}/${lower}`;
  return `${lower.slice(0, 2)}/${lower.slice(2, 4)}/${lower}`;
}
