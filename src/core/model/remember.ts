/**
 * Remembering what was computed from an immutable value.
 *
 * @module
 */

/**
 * The same pure function, which computes once for each pair of objects and forgets with them: what the tags tell is
 * found out while git is at work, and asked for again when it is decided what ships.
 */
export function remembering<A extends object, B extends object, R>(
  compute: (a: A, b: B) => R,
): (a: A, b: B) => R {
  const known = new WeakMap<A, WeakMap<B, { readonly result: R }>>();
  return (a, b) => {
    const inner = known.get(a) ?? new WeakMap<B, { readonly result: R }>();
    known.set(a, inner);
    const found = inner.get(b) ?? { result: compute(a, b) };
    inner.set(b, found);
    return found.result;
  };
}
