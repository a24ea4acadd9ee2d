/**
 * What crates.io would refuse, found before anything is built. cargo warns of some of it, and its dry run is green for
 * all of it. Limits are those of rust-lang/crates.io (`src/controllers/krate/publish.rs`, `crates_io_validation`).
 *
 * @module
 */

import { crateNameFault } from "../../core/crates/crates_index.ts";
import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { CargoDependency, CargoMember } from "./cargo_workspace.ts";
import type { CratesRelease } from "./crates_work.ts";

/** The largest `.crate` that crates.io takes, in bytes, unless its team raised it for one crate. */
export const MOST_CRATE_BYTES: number = 10 * 1024 * 1024;

const MOST_KEYWORDS = 5;
const LONGEST_KEYWORD = 20;
const MOST_CATEGORIES = 5;
const LONGEST_DESCRIPTION = 1000;
const LONGEST_VERSION = 150;
const MOST_DEPENDENCIES = 500;
const MOST_FEATURES = 300;

interface Finding {
  readonly code: FailureCode;
  /** A clause that ends "Cannot publish demo: …". */
  readonly found: string;
  readonly hint: string;
}

type Rule = (member: CargoMember, release: CratesRelease) => readonly Finding[];

/** Every reason why crates.io would not take a crate. */
export function preflight(member: CargoMember, release: CratesRelease): Failure[] {
  const file = `${release.package.path}/Cargo.toml`.replace(/^\.\//, "");
  return RULES.flatMap((rule) => rule(member, release)).map(({ code, found, hint }) =>
    new Failure(code, `Cannot publish ${release.package.name}: ${found}`, {
      hint,
      location: { file },
    })
  );
}

const refused = (found: string, hint: string): Finding => ({
  code: "PIOT_CRATES_UNPUBLISHABLE",
  found,
  hint,
});

const namesAgree: Rule = ({ name }, { package: { registryName } }) =>
  name === registryName ? [] : [{
    code: "PIOT_CRATES_MANIFEST",
    found: `Cargo.toml names the crate "${name}", putitoutthere.toml "${registryName}"`,
    hint: `Set \`crate = "${name}"\` in putitoutthere.toml, or mend \`name\` in Cargo.toml`,
  }];

const nameIsValid: Rule = ({ name }) => {
  const fault = crateNameFault(name);
  if (fault === undefined) return [];
  return [refused(`the name "${name}" is not one for crates.io: ${fault}`, "Rename the crate")];
};

const mayBePublished: Rule = ({ publish }) => {
  if (publish === null || publish.includes("crates-io")) return [];
  const said = publish.length === 0 ? "false" : `["${publish.join('", "')}"]`;
  return [refused(
    `Cargo.toml says \`publish = ${said}\``,
    'Remove `publish`, add "crates-io" to it, or remove the package from putitoutthere.toml',
  )];
};

const hasMetadata: Rule = ({ description, license, license_file }) => {
  const missing = [
    ...isBlank(description) ? ["description"] : [],
    ...isBlank(license) && isBlank(license_file) ? ["license"] : [],
  ];
  if (missing.length === 0) return [];
  return [refused(
    `Cargo.toml has no ${missing.join(" and no ")}`,
    `Add ${missing.map((key) => `\`${key} = "…"\``).join(" and ")} to [package]${
      missing.includes("license") ? " (`license-file` does as well as `license`)" : ""
    }`,
  )];
};

const isBlank = (text: string | null): boolean => text === null || text.trim() === "";

const withinLimits: Rule = (member, { version }) => {
  const { description, keywords, categories, dependencies, features } = member;
  const limits: [string, number, number][] = [
    ["keywords", keywords.length, MOST_KEYWORDS],
    ["categories", categories.length, MOST_CATEGORIES],
    [
      "bytes of description",
      new TextEncoder().encode(description ?? "").length,
      LONGEST_DESCRIPTION,
    ],
    ["characters of version", version.length, LONGEST_VERSION],
    ["dependencies", dependencies.length, MOST_DEPENDENCIES],
    ["features", Object.keys(features).length, MOST_FEATURES],
  ];
  return limits.filter(([, count, most]) => count > most).map(([what, count, most]) =>
    refused(`it has ${count} ${what}, and crates.io takes ${most}`, `Keep it to ${most} ${what}`)
  );
};

const keywordsAreValid: Rule = ({ keywords }) =>
  keywords.filter((word) =>
    word.length > LONGEST_KEYWORD || !/^[A-Za-z0-9][A-Za-z0-9_+-]*$/.test(word)
  ).map((word) =>
    refused(
      `the keyword "${word}" is not one for crates.io`,
      `Use at most ${LONGEST_KEYWORD} ASCII letters, digits, "_", "-" and "+", with a letter or digit first`,
    )
  );

const urlsAreWeb: Rule = ({ homepage, documentation, repository }) =>
  Object.entries({ homepage, documentation, repository }).filter(([, url]) =>
    !isBlank(url) && !/^https?:\/\//.test(url!)
  ).map(([key, url]) =>
    refused(`\`${key}\` is "${url}"`, `Begin \`${key}\` with https:// or http://`)
  );

const dependenciesAreFound: Rule = ({ dependencies }) => dependencies.flatMap(judgeDependency);

function judgeDependency({ name, req, kind, path, source, registry }: CargoDependency): Finding[] {
  const isElsewhere = path !== undefined || source?.startsWith("git+") === true;
  if (registry !== null) {
    return [refused(
      `its dependency "${name}" is on another registry (${registry})`,
      "Depend on crates of crates.io only",
    )];
  }
  if (req !== "*") return [];
  // cargo leaves dev-dependencies without a version out of what it publishes.
  if (isElsewhere && kind === "dev") return [];
  if (isElsewhere) {
    return [refused(
      `its dependency "${name}" has no version`,
      `Write \`version = "…"\` beside its \`${path === undefined ? "git" : "path"}\``,
    )];
  }
  return [refused(
    `its dependency "${name}" has the requirement "*"`,
    "Write the version that it is known to work with",
  )];
}

const RULES: readonly Rule[] = [
  namesAgree,
  nameIsValid,
  mayBePublished,
  hasMetadata,
  withinLimits,
  keywordsAreValid,
  urlsAreWeb,
  dependenciesAreFound,
];
