/** Numbers from a seed: the same today and tomorrow, here and there. */

/** Draws from a seed. */
export interface Draw {
  /** A whole number from 0 on, below `end`. */
  readonly below: (end: number) => number;
  /** True so often, from 0 to 1. */
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(things: readonly T[]) => T;
  /** Each of the things with a chance, in their order. */
  readonly some: <T>(things: readonly T[], share: number) => readonly T[];
  /** The things in another order. */
  readonly shuffled: <T>(things: readonly T[]) => readonly T[];
}

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state, enough for histories. */
export function drawFrom(seed: number): Draw {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const chance = (share: number): boolean => next() < share;
  return {
    below,
    chance,
    pick: (things) => things[below(things.length)]!,
    some: (things, share) => things.filter(() => chance(share)),
    shuffled: (things) => {
      const keyed = things.map((thing) => ({ thing, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ thing }) => thing);
    },
  };
}
