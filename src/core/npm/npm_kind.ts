/**
 * What a package on npm is to everybody who plans, builds or reports: alone, or the main package of a platform family.
 *
 * @module
 */

import { isVersion } from "../model/version.ts";
import { type KindRules, oddCharacter } from "../model/kind.ts";
import type { NpmPackage } from "../model/package.ts";
import { platformName } from "./platform_name.ts";

/** Targets whose files the checkout itself may hold: the package that people install. */
const FROM_CHECKOUT: readonly string[] = ["noarch", "main"];

/** npm: names as validate-npm-package-name takes them for new packages, versions by semver, a family by its targets. */
export const NPM: KindRules<NpmPackage> = {
  kind: "npm",
  registry: "npm",
  manifest: "package.json",
  names: {
    key: "npm",
    pattern: "^(?!(node_modules|favicon\\.ico)$)" +
      "(@[a-z0-9_~-][a-z0-9._~-]*/[a-z0-9_-][a-z0-9._-]*|[a-z0-9][a-z0-9._-]*)$",
    maxLength: 214,
    words: "is lower case, `name` or `@scope/name`, of letters, digits, `-`, `_` and `.`, " +
      "does not start with a mark, and has 214 characters at most",
    oddity: (name) => {
      if (name !== name.toLowerCase()) return "it has capital letters";
      return oddCharacter(/[^a-z0-9._-]/u, name.replace(/^@([^/]+)\//, "$1"));
    },
    canonical: (name) => name,
  },
  artifacts: {
    ends: ({ triples }) => {
      if (triples.length === 0) return [{ target: "noarch", end: "pkg" }];
      const platforms = triples.map((triple) => ({ target: triple, end: triple }));
      return [...platforms, { target: "main", end: "main" }];
    },
    folder: (target) => FROM_CHECKOUT.includes(target) ? "." : `build/${target}`,
    isRequired: (target) => !FROM_CHECKOUT.includes(target),
    buildKeys: ({ build }) => build === "none" ? {} : { build },
    expectedFile: (_, target) =>
      FROM_CHECKOUT.includes(target) ? "package.json" : "* (the program, or the .node file)",
  },
  spelling: (version) => version,
  semver: (version) => isVersion(version) ? version : undefined,
  page: ({ registryName, version }) => `package/${registryName}/v/${version}`,
  memberName: platformName,
  templateKey: "platform_name",
  isFamily: ({ artifacts }) => artifacts.length > 1,
};
