/**
 * Which packages a set of changed files touches, and which depend on those.
 *
 * @module
 */

import type { Standing } from "../model/facts.ts";
import { type GlobHit, indexGlobs } from "../model/glob.ts";
import type { Config } from "../model/package.ts";

/** The file that shows that a package is touched: of all, the first by its name. */
export interface Touch {
  readonly file: string;
  /** The first of the package's globs that matches it. */
  readonly glob: string;
}

/** Touched packages by name. */
export type Touches = ReadonlyMap<string, Touch>;

/** Finds the packages that files belong to. */
export type Attribute = (files: readonly string[]) => Touches;

/** Makes the finder for a configuration. */
export function attribution(config: Config): Attribute {
  const hitsOf = indexGlobs(config.packages);
  const order = new Map(config.packages.map(({ name, paths }) => [name, paths]));
  const prior = (a: GlobHit, b: GlobHit): boolean => {
    const paths = order.get(a.owner)!;
    return paths.indexOf(a.pattern) < paths.indexOf(b.pattern);
  };
  return (files) => {
    const touches = new Map<string, Touch>();
    for (const file of files) {
      const hits = new Map<string, GlobHit>();
      for (const hit of hitsOf(file)) {
        const known = hits.get(hit.owner);
        if (known === undefined || prior(hit, known)) hits.set(hit.owner, hit);
      }
      for (const { owner, pattern } of hits.values()) {
        const known = touches.get(owner);
        if (known === undefined || file < known.file) touches.set(owner, { file, glob: pattern });
      }
    }
    return touches;
  };
}

/** What changed since each commit of a last release. */
export function touchesByCommit(
  { config, changes }: Pick<Standing, "config" | "changes">,
): ReadonlyMap<string, Touches> {
  const attribute = attribution(config);
  return new Map([...changes].map(([commit, files]) => [commit, attribute(files)]));
}
