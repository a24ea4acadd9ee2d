/**
 * What crates.io would refuse, found before anything is built. cargo warns of some of it, and its dry run is green for
 * all of it. Limits are those of rust-lang/crates.io (`src/controllers/krate/publish.rs`, `crates_io_validation`).
 *
 * @module
 */

import { crateNameFault } from "../../core/crates/crates_index.ts";
import { licenseFault } from "../../core/crates/license_rule.ts";
import { addressFault, isKeyword, LONGEST_DESCRIPTION } from "../../core/crates/metadata_rules.ts";
import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { CargoDependency, CargoMember } from "./cargo_workspace.ts";
import type { CratesRelease } from "./crates_work.ts";

/** The largest `.crate` that crates.io takes, in bytes, unless its team raised it for one crate. */
export const MOST_CRATE_BYTES: number = 10 * 1024 * 1024;

const MOST_KEYWORDS = 5;
const MOST_CATEGORIES = 5;
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
    ...isEmpty(description) ? ["description"] : [],
    ...isEmpty(license) && isEmpty(license_file) ? ["license"] : [],
  ];
  if (missing.length === 0) return [];
  return [refused(
    `Cargo.toml has no ${missing.join(" and no ")}`,
    `Add ${missing.map((key) => `\`${key} = "…"\``).join(" and ")} to [package]${
      missing.includes("license") ? " (`license-file` does as well as `license`)" : ""
    }`,
  )];
};

/** crates.io trims nothing. */
const isEmpty = (text: string | null): boolean => text === null || text === "";

const licenseIsSpdx: Rule = ({ license }) => {
  // An empty one beside `license-file` is judged too.
  const fault = license === null ? undefined : licenseFault(license);
  if (fault === undefined) return [];
  return [refused(
    `crates.io does not take the licence "${license}": ${fault}`,
    "Write identifiers of https://spdx.org/licenses with AND, OR and WITH; for another licence name its file in `license-file` and leave `license` out",
  )];
};

const withinLimits: Rule = (member, { version }) => {
  const { description, keywords, categories, dependencies, features } = member;
  const declared = Object.entries(features).filter(([name, items]) => !isImplicit(name, items));
  const limits: [string, number, number][] = [
    ["keywords", keywords.length, MOST_KEYWORDS],
    ["categories", categories.length, MOST_CATEGORIES],
    [
      "bytes of description",
      new TextEncoder().encode(description ?? "").length,
      LONGEST_DESCRIPTION,
    ],
    ["characters of version", version.length, LONGEST_VERSION],
    ["dependencies", dependencies.filter((one) => !isStripped(one)).length, MOST_DEPENDENCIES],
    ["features", declared.length, MOST_FEATURES],
    ...declared.map(([name, items]): [string, number, number] => [
      `items in the feature "${name}"`,
      items.length,
      MOST_FEATURES,
    ]),
  ];
  return limits.filter(([, count, most]) => count > most).map(([what, count, most]) =>
    refused(`it has ${count} ${what}, and crates.io takes ${most}`, `Keep it to ${most} ${what}`)
  );
};

/** cargo lists a feature for every optional dependency; only what a manifest declares is counted. */
function isImplicit(name: string, items: readonly string[]): boolean {
  return items.length === 1 && items[0] === `dep:${name}`;
}

const keywordsAreValid: Rule = ({ keywords }) =>
  keywords.filter((word) => !isKeyword(word)).map((word) =>
    refused(
      `the keyword "${word}" is not one for crates.io`,
      'Use at most 20 ASCII letters, digits, "_", "-" and "+", with a letter or digit first',
    )
  );

const urlsAreWeb: Rule = ({ homepage, documentation, repository }) =>
  Object.entries({ homepage, documentation, repository }).flatMap(([key, url]) => {
    const fault = url === null ? undefined : addressFault(url);
    return fault === undefined ? [] : [refused(
      `\`${key}\` is "${url}", and ${fault}`,
      `Write the whole address in \`${key}\`, or leave it out`,
    )];
  });

/** A feature that the verification build is told to switch on, and that the crate does not have. */
const featuresExist: Rule = ({ features }, { package: { features: wanted } }) =>
  wanted.filter((name) => !Object.hasOwn(features, name)).map((name) => ({
    code: "PIOT_CRATES_MANIFEST",
    found:
      `putitoutthere.toml builds it with the feature "${name}", and Cargo.toml has no such feature`,
    hint: `Mend \`features\` in putitoutthere.toml, or declare "${name}" under [features]`,
  }));

const dependenciesAreFound: Rule = ({ dependencies }) => dependencies.flatMap(judgeDependency);

/** cargo leaves dev-dependencies without a version out of what it publishes. */
function isStripped({ req, kind, path, source }: CargoDependency): boolean {
  const isElsewhere = path !== undefined || source?.startsWith("git+") === true;
  return req === "*" && kind === "dev" && isElsewhere;
}

function judgeDependency(dependency: CargoDependency): Finding[] {
  if (isStripped(dependency)) return [];
  const { name, req, path, source, registry } = dependency;
  const isElsewhere = path !== undefined || source?.startsWith("git+") === true;
  if (registry !== null) {
    return [refused(
      `its dependency "${name}" is on another registry (${registry})`,
      "Depend on crates of crates.io only",
    )];
  }
  if (req !== "*") return [];
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
  licenseIsSpdx,
  withinLimits,
  keywordsAreValid,
  urlsAreWeb,
  featuresExist,
  dependenciesAreFound,
];
