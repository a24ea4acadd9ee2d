/**
 * Tokens of the services of a rehearsal, in the shapes that the real ones have.
 *
 * @module
 */

/** One token for each service. */
export type Tokens = Readonly<Record<"crates" | "pypi" | "npm" | "github", string>>;

/** Makes up tokens that no service but those of this rehearsal knows. */
export function makeTokens(): Tokens {
  return {
    crates: secret("cio"),
    pypi: pypiToken(),
    npm: secret("npm_"),
    github: secret("ghs_"),
  };
}

function secret(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll("-", "")}`;
}

/** PyPI's tokens are longer than others: `pypi-` and at least 85 characters of base64url. */
function pypiToken(): string {
  return `pypi-${Array.from({ length: 3 }, () => secret("")).join("")}`;
}
