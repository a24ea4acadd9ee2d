/**
 * What each registry takes for a name, when it holds two names for one, and where people find a release there.
 *
 * @module
 */

import type { Kind } from "../model/package.ts";
import { normaliseName, pypiVersion } from "../pypi/spelling.ts";

/** A name's form, as a regular expression source that JSON Schema understands too, and its greatest length. */
export interface NameForm {
  readonly pattern: string;
  readonly maxLength: number;
  /** What it may not hold, a scope's marks apart. */
  readonly odd: RegExp;
  /** The form in words, to stand after "a name there …". */
  readonly words: string;
}

/**
 * crates.io: crates_io_validation. PyPI: the name field of the core metadata, any case; its file names must fit into
 * 255 bytes. npm: what validate-npm-package-name takes for new packages.
 */
export const NAME_FORMS: Readonly<Record<Kind, NameForm>> = {
  crates: {
    pattern: "^[A-Za-z][A-Za-z0-9_-]*$",
    maxLength: 64,
    odd: /[^A-Za-z0-9_-]/u,
    words: "starts with a letter and goes on with letters, digits, `-` and `_`, 64 at most",
  },
  pypi: {
    pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    maxLength: 200,
    odd: /[^A-Za-z0-9._-]/u,
    words: "holds letters, digits, `.`, `-` and `_`, and starts and ends with a letter or digit",
  },
  npm: {
    pattern: "^(?!(node_modules|favicon\\.ico)$)" +
      "(@[a-z0-9_~-][a-z0-9._~-]*/[a-z0-9_-][a-z0-9._-]*|[a-z0-9][a-z0-9._-]*)$",
    maxLength: 214,
    odd: /[^a-z0-9._-]/u,
    words: "is lower case, `name` or `@scope/name`, of letters, digits, `-`, `_` and `.`, " +
      "does not start with a mark, and has 214 characters at most",
  },
};

/** What is wrong with a name on a registry, as a clause; undefined when the registry takes it. */
export function registryNameProblem(kind: Kind, name: string): string | undefined {
  const form = NAME_FORMS[kind];
  if (name === "") return "it is empty";
  if (name.length > form.maxLength) return `it is longer than ${form.maxLength} characters`;
  if (new RegExp(form.pattern, "u").test(name)) return undefined;
  if (kind === "npm" && name !== name.toLowerCase()) return "it has capital letters";
  const bad = form.odd.exec(kind === "npm" ? name.replace(/^@([^/]+)\//, "$1") : name);
  if (bad !== null) return `it holds ${JSON.stringify(bad[0])}`;
  return /[A-Za-z0-9]$/.test(name) && /^[A-Za-z]/.test(name)
    ? "the registry keeps it for itself"
    : "names there do not start or end so";
}

/**
 * The form under which a registry holds two names for one: crates.io folds case and `_` into `-`, PyPI normalises
 * (PEP 503), npm takes names as they are.
 */
export function canonicalRegistryName(kind: Kind, name: string): string {
  switch (kind) {
    case "crates":
      return name.toLowerCase().replaceAll("_", "-");
    case "pypi":
      return normaliseName(name);
    case "npm":
      return name;
  }
}

/** What a page is about. `registryName` is the name on the registry, `version` is in semver's spelling. */
export interface PageOf {
  readonly kind: Kind;
  readonly registryName: string;
  readonly version: string;
}

/**
 * The address of a release's page. `base` is the registry's website, without a slash at the end; npm's pages lie below
 * `package/` and have a `v/` before the version.
 */
export function registryPage({ kind, registryName, version }: PageOf, base: string): string {
  switch (kind) {
    case "crates":
      return `${base}/crates/${registryName}/${version}`;
    case "pypi":
      return `${base}/project/${registryName}/${pypiVersion(version)}/`;
    case "npm":
      return `${base}/package/${registryName}/v/${version}`;
  }
}
