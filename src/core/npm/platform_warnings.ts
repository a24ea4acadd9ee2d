/**
 * What is odd about a platform family as a whole: machines that it seems to be for and that none of its packages is
 * installed on, and scripts that look for its packages under other names.
 *
 * @module
 */

import type { BinaryUse } from "../target/fits_triple.ts";
import { KNOWN_TRIPLES, platformOf, spellingsOf } from "../target/target.ts";
import { platformName } from "./platform_package.ts";

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

/** What is searched. */
export interface LoaderFacts {
  /** The main package's name on npm. */
  readonly name: string;
  readonly triples: readonly string[];
  /** The texts of its scripts. */
  readonly scripts: readonly string[];
}

/**
 * Sentences about platform packages that no script mentions. Loaders that put names together at run time use Node's words,
 * so for targets spelled that way only a loader that spells one of them otherwise is told of.
 */
export function loaderWarnings({ name, triples, scripts }: LoaderFacts): readonly string[] {
  const mentions = (spelling: string): boolean => {
    const wanted = platformName(name, spelling);
    return scripts.some((script) => holdsWord(script, wanted));
  };
  const unknown: string[] = [];
  const warnings = triples.flatMap((triple) => {
    if (mentions(triple)) return [];
    const other = spellingsOf(triple).find((spelling) => spelling !== triple && mentions(spelling));
    if (other === undefined) {
      if (!isNodeStyle(triple)) unknown.push(platformName(name, triple));
      return [];
    }
    return [
      `the scripts of "${name}" look for "${platformName(name, other)}", which is published as "${
        platformName(name, triple)
      }": write the target as "${other}", or change the scripts`,
    ];
  });
  if (unknown.length === 0) return warnings;
  return [
    ...warnings,
    `no script of "${name}" mentions ${
      unknown.map((pkg) => `"${pkg}"`).join(", ")
    }: loaders that napi-rs writes look for names such as "${name}-linux-x64-gnu"`,
  ];
}

/** Whether a name is there and does not go on: `demo-linux-x64` is not in `demo-linux-x64-gnu`. */
function holdsWord(script: string, word: string): boolean {
  for (let at = script.indexOf(word); at >= 0; at = script.indexOf(word, at + 1)) {
    if (!/[\w-]/.test(script[at + word.length] ?? " ")) return true;
  }
  return false;
}

/** Node-style spellings begin with `process.platform`; in Rust triples the processor comes first. */
function isNodeStyle(triple: string): boolean {
  return /^(darwin|ios|win32|cygwin|linux|android|openharmony|freebsd|openbsd|netbsd|sunos|aix|haiku)-/
    .test(triple);
}
