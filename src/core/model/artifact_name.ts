/**
 * The names under which build jobs upload their artifacts: one rule for the matrix that gives them out and for the
 * readers that look for them.
 *
 * @module
 */

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

/** What decides which artifacts a package has. */
export interface ArtifactOwner {
  readonly name: string;
  readonly kind: "crates" | "pypi" | "npm";
  /** The triples it is built for; empty when it has none. */
  readonly triples: readonly string[];
}

/** One artifact of a package. */
export interface ArtifactName {
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** What the build job uploads it as. */
  readonly name: string;
}

/** Every artifact of a package, in the order of its matrix rows. */
export function artifactNames(owner: ArtifactOwner): ArtifactName[] {
  const start = encodeName(owner.name);
  const of = (target: string, end: string): ArtifactName => ({ target, name: `${start}-${end}` });
  if (owner.kind === "crates") return [of("noarch", "crate")];
  if (owner.kind === "npm") {
    if (owner.triples.length === 0) return [of("noarch", "pkg")];
    return [...owner.triples.map((triple) => of(triple, triple)), of("main", "main")];
  }
  const wheels = owner.triples.length === 0 ? ["any"] : owner.triples;
  return [...wheels.map((target) => of(target, `wheel-${target}`)), of("sdist", "sdist")];
}
