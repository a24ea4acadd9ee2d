/**
 * What is odd about a platform family as a whole: machines that it seems to be for and that none of its packages is
 * installed on.
 *
 * @module
 */

import type { BinaryUse } from "../target/fits_triple.ts";
import { KNOWN_TRIPLES, platformOf } from "../target/target.ts";

/** A family. */
export interface GapFacts {
  /** The main package's name on npm. */
  readonly name: string;
  readonly triples: readonly string[];
  readonly use: BinaryUse;
}

/**
 * Sentences about processors that Linux is served with musl only: npm installs such a package on Alpine and its like and
 * nowhere else, even when the program in it is static and would run anywhere.
 */
export function gapWarnings({ name, triples, use }: GapFacts): readonly string[] {
  const linux = triples.map((triple) => ({ triple, ...platformOf(triple) }))
    .filter(({ os }) => os === "linux");
  return linux.filter(({ libc }) => libc === "musl").flatMap(({ triple, cpu }) => {
    if (linux.some((target) => target.cpu === cpu && target.libc !== "musl")) return [];
    const known = KNOWN_TRIPLES.filter((candidate) => {
      const platform = platformOf(candidate);
      return platform.os === "linux" && platform.cpu === cpu && platform.libc !== "musl";
    });
    const free = known.find((candidate) => platformOf(candidate).libc === undefined);
    const glibc = known.find((candidate) =>
      candidate.startsWith("linux-") === triple.startsWith("linux-")
    );
    return [
      `"${name}" has "${triple}", and nothing for linux ${cpu} with glibc, which most distributions have: add "${glibc}"${
        free === undefined || use === "addon"
          ? ""
          : `, or name the target "${free}" when one static program runs on both`
      }`,
    ];
  });
}
