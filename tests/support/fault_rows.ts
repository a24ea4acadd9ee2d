/** The faults that rehearsals meet in tests: each row is what one rehearsal is given. */

import type { PlaceName } from "../../src/rehearsal/server/places.ts";

/**
 * Faults of one rehearsal, and what they leave in the transparency log. Those of one row hit what does not depend on one
 * another: another registry, another package, or what comes after.
 */
export interface FaultRow {
  readonly faults: readonly string[];
  /** The file that is signed twice, since nobody knew of the first time: the log has an entry more about it. */
  readonly signedTwice?: string;
}

const READ = ["lost-before", "429", "500"];
const WRITE = [...READ, "lost-after"];
/** git knows no 429. */
const GIT_READ = ["lost-before", "500"];

function rows(places: readonly string[], hows: readonly string[]): readonly FaultRow[] {
  return places.flatMap((place) => together([place], hows));
}

/** A row for each way to break requests, in which it breaks one at every place. */
function together(places: readonly string[], hows: readonly string[]): readonly FaultRow[] {
  return hows.map((how) => ({ faults: places.map((place) => `${place}:${how}`) }));
}

/** The example: three registries, tokens alone. */
export const EXAMPLE_FAULTS: readonly FaultRow[] = [
  // Projects of PyPI wait for the crate, packages of npm for neither.
  ...together(["crates-upload", "npm-upload"], [...WRITE, "swallowed"]),
  ...together(["pypi-upload", "npm-upload#3"], ["lost-before", "lost-after", "500", "swallowed"]),
  ...together(["pypi-upload", "release"], ["429"]),
  ...together(["pypi-upload#2", "tag-push"], ["lost-before", "lost-after", "500"]),
  ...together(["tag-push#3", "release"], ["lost-before", "lost-after", "500"]),
  { faults: ["crates-index:500", "npm-read:500"] },
  { faults: ["crates-config:500", "npm-read:429"] },
  ...rows(["pypi-read"], ["lost-before"]),
];

const PROGRAM = "@ada/engine-linux-x64-gnu@1.4.1";
const MAIN = "@ada/engine@1.4.1";

/** A trusted job: a family that npm trusts it with, and a package that is new. */
export const TRUSTED_FAULTS: readonly FaultRow[] = [
  // What is new is published with a token, whatever becomes of identities: it has a tag and a release all the same.
  ...together(["identity-token", "release"], WRITE),
  ...together(["npm-exchange", "tag-push"], WRITE),
  ...together(["fulcio-certificate", "release-read"], READ),
  ...together(["rekor-entry", "github-read"], READ),
  ...rows(["fulcio-certificate", "rekor-entry"], ["lost-after"]),
  // Tokens grow old meanwhile.
  ...rows(["identity-token", "npm-exchange", "fulcio-certificate", "rekor-entry"], ["slow"]),
  // Three packages are exchanged for; the fourth identity token is the first one for Sigstore.
  ...together(["identity-token#4", "npm-read"], READ),
  ...rows(["identity-token#4"], ["lost-after"]),
  ...rows(["npm-upload=@ada/engine"], ["lost-after", "slow"]),
  ...rows(["npm-upload=@ada/engine"], READ).map((row) => ({ ...row, signedTwice: MAIN })),
  ...together(["npm-whoami", "npm-waiting"], READ),
  // A run that cannot see the tags ends there.
  ...rows(["tag-read"], GIT_READ),
  ...together(["npm-visibility", "tag-push-start"], GIT_READ),
  ...together(["npm-visibility", "npm-read#5"], ["429"]),
  ...rows(["npm-read#5"], GIT_READ),
  // Deno notices a dropped connection that was used before only when the time is up: half a minute.
  ...["429", "500", "slow"].map((how) => ({
    faults: ["rekor-entry:lost-after", `rekor-read:${how}`],
  })),
  // As long as the first run lasts: nothing that it repeats helps.
  ...together(["npm-exchange#1+", "github-read#1+"], ["500"]),
  ...together(["fulcio-certificate#1+", "tag-push#1+"], ["500"]),
  ...rows(
    [
      ...[
        "identity-token#1+",
        "identity-token#4+",
        "rekor-entry#1+",
        "npm-read#1+",
        "npm-waiting#1+",
      ],
      ...["npm-visibility#1+"],
    ],
    ["500"],
  ),
  ...rows(["npm-exchange#1+", "npm-visibility#1+"], ["lost-before"]),
  { faults: ["npm-upload#1+:500"], signedTwice: PROGRAM },
  { faults: ["rekor-entry#1+:lost-after"], signedTwice: PROGRAM },
];

/** The same job, that npm trusts to stage and no more. */
export const STAGED_FAULTS: readonly FaultRow[] = [
  ...rows(["npm-stage"], ["lost-after", "slow"]),
  ...rows(["npm-stage"], READ).map((row) => ({ ...row, signedTwice: PROGRAM })),
  ...rows([`npm-stage=@ada/engine`], ["lost-after"]),
  ...rows([`npm-stage=@ada/engine`], ["500"]).map((row) => ({ ...row, signedTwice: MAIN })),
  // An upload that npm does not allow: what is not known to be refused is not staged.
  ...rows(["npm-upload=@ada/engine-linux-x64-gnu"], [...READ, "lost-after"]).map((row) => ({
    ...row,
    signedTwice: PROGRAM,
  })),
  ...rows(["npm-waiting", "npm-waiting#1+", "npm-exchange#1+"], ["500"]),
  { faults: ["rekor-entry:lost-after"] },
  ...together(["tag-push#2", "release#2"], ["lost-before", "lost-after"]),
  // A package whose tag is refused is not announced by the same run.
  ...rows(["tag-push#2", "release#2"], ["500"]),
];

/** Places that no run asks at, and who does. */
export const UNASKED: Partial<Readonly<Record<PlaceName, string>>> = {
  "crates-read": "a run asks it for crates alone whose metadata names categories",
  "crates-yank": "cargo, for its user",
  "crates-download": "cargo, when it installs",
  "crates-exchange": "a job with an identity that has crates to publish",
  "crates-revoke": "a run that exchanged an identity token for crates",
  "crates-people": "cargo, for its user",
  "pypi-audience": "a job with an identity that has projects of PyPI to publish",
  "pypi-mint": "such a job too",
  "pypi-download": "pip, when it installs",
  "npm-download": "npm, when it installs",
  "npm-approval": "npm, for a maintainer",
  "npm-attestations": "npm, when it audits signatures",
  "npm-dist-tag": "npm, for its user",
  "npm-people": "npm, for its user",
  "npm-upkeep": "npm, for a maintainer",
  "tag-api": "a run whose push GitHub refuses because of workflow files",
  "identity-keys": "a registry that verifies an identity token",
};
