/**
 * Whether the scripts of a main package look for its platform packages under the names that those are published with.
 *
 * @module
 */

import { spellingsOf } from "../target/target.ts";
import { platformName } from "./platform_names.ts";

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
      unknown.map((one) => `"${one}"`).join(", ")
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
