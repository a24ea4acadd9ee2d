/**
 * Remembering what was computed from an immutable value.
 *
 * @module
 */

/**
 * The same pure function, which computes once for each pair of objects and forgets with them. Facts are decided upon
 * twice, when it is found out which messages have to be read and when the plan is made; what it takes is large.
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
