/**
 * The names under which build jobs upload their artifacts: one rule for the matrix that gives them out and for the
 * readers that look for them.
 *
 * @module
 */

import type { KindRules } from "./kind.ts";
import type { Built } from "./package.ts";

/** A package's name as its artifacts carry it: `/` cannot stand there and becomes `__`. `@a/b` → `@a__b`. */
export function encodeName(name: string): string {
  return name.replaceAll("/", "__");
}

/**
 * What artifact names may not hold (actions/toolkit, packages/artifact/src/internal/upload/
 * path-and-artifact-name-validation.ts).
 */
// deno-lint-ignore no-control-regex
const FORBIDDEN = /[":<>|*?\r\n\\/\u0000-\u001f\u007f]/u;

/** The first character that an artifact's name may not hold; undefined when there is none. */
export function forbiddenCharacter(artifactName: string): string | undefined {
  return FORBIDDEN.exec(artifactName)?.[0];
}

/** One artifact of a package. */
export interface ArtifactName {
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** What the build job uploads it as. */
  readonly name: string;
}

/** Every artifact of a package, in the order of its matrix rows. */
export function artifactNames(
  { name, ...built }: Built & { readonly name: string },
  { artifacts }: Pick<KindRules, "artifacts">,
): readonly ArtifactName[] {
  const start = encodeName(name);
  return artifacts.ends(built).map(({ target, end }) => ({ target, name: `${start}-${end}` }));
}
