/**
 * Every code a {@link Failure} can carry: its exit status, what trips it, and the way out. `docs/errors.md` is written
 * from this table. Codes are public: one is added, none is renamed.
 *
 * @module
 */

/** What the documentation says of one code. */
export interface FailureDoc {
  /** 1: the release or the check did not succeed. 2: the input is wrong. */
  readonly exit: 1 | 2;
  /** What trips it, as a sentence. */
  readonly trips: string;
  /** The way out, as a sentence. */
  readonly mend: string;
}

/** A code of the closed set. */
export type FailureCode =
  // general
  | "PIOT_SEVERAL_PROBLEMS"
  | "PIOT_USAGE"
  | "PIOT_INTERRUPTED"
  // configuration
  // publish
  | "PIOT_UNTAGGED_HISTORY"
  | "PIOT_PLAN_INVALID"
  | "PIOT_PLAN_STALE"
  | "PIOT_NO_WORK"
  | "PIOT_CONFIG_SYNTAX"
  | "PIOT_CONFIG_INVALID"
  | "PIOT_CONFIG_UNKNOWN_KEY"
  | "PIOT_CONFIG_CYCLE"
  | "PIOT_CONFIG_TAG_CLASH"
  | "PIOT_TARGET_UNKNOWN"
  // release requests
  | "PIOT_RELEASE_REQUEST_INVALID"
  | "PIOT_RELEASE_REQUEST_CONFLICT"
  | "PIOT_RELEASE_REQUEST_UNMATCHED"
  // plan
  | "PIOT_CONFIG_MISSING"
  | "PIOT_NOT_A_REPOSITORY"
  | "PIOT_NO_COMMIT"
  | "PIOT_COMMIT_UNKNOWN"
  | "PIOT_SHALLOW_CLONE"
  | "PIOT_TREELESS_CLONE"
  | "PIOT_TRAILER_INVALID"
  | "PIOT_TRAILER_UNKNOWN_PACKAGE"
  | "PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE"
  | "PIOT_RELEASE_REQUEST_VERSION_TAKEN"
  // report
  | "PIOT_OUTPUTS_TOO_LARGE"
  | "PIOT_RUNNER_FILE"
  // host
  | "PIOT_FILE_UNREADABLE"
  | "PIOT_PROGRAM_MISSING"
  | "PIOT_NETWORK"
  | "PIOT_URL_INSECURE"
  | "PIOT_GIT"
  // tags and GitHub
  | "PIOT_TAG_ELSEWHERE"
  | "PIOT_TAG_WORKFLOWS"
  | "PIOT_TAG_RULESET"
  | "PIOT_TAG_CREDENTIAL"
  | "PIOT_TAG_PERMISSION"
  | "PIOT_TAG_REMOTE"
  | "PIOT_TAG_REFUSED"
  | "PIOT_GITHUB_CREDENTIAL"
  | "PIOT_GITHUB_PERMISSION"
  | "PIOT_GITHUB_WORKFLOWS"
  | "PIOT_GITHUB_RULESET"
  | "PIOT_GITHUB_TAG_MISSING"
  | "PIOT_GITHUB_TAG_SPENT"
  | "PIOT_GITHUB_BUSY"
  | "PIOT_GITHUB_REFUSED"
  | "PIOT_GITHUB_UNKNOWN"
  // registry
  | "PIOT_REGISTRY_UNKNOWN"
  | "PIOT_REGISTRY_REFUSED"
  | "PIOT_REGISTRY_BUSY"
  | "PIOT_AUTH_MISSING"
  | "PIOT_AUTH_REFUSED"
  | "PIOT_VERSION_TAKEN"
  // artifact
  | "PIOT_ARTIFACT_MISSING"
  | "PIOT_ARTIFACT_INVALID"
  | "PIOT_BINARY_MISMATCH"
  // npm
  | "PIOT_NPM_MANIFEST"
  | "PIOT_NPM_PRIVATE"
  | "PIOT_NPM_WORKSPACE"
  | "PIOT_NPM_UNPUBLISHED"
  | "PIOT_NPM_ACCESS"
  // identity and provenance
  | "PIOT_OIDC_UNAVAILABLE"
  | "PIOT_OIDC_REFUSED"
  | "PIOT_PROVENANCE_IDENTITY"
  | "PIOT_PROVENANCE_REPOSITORY"
  | "PIOT_PROVENANCE_VISIBILITY"
  | "PIOT_PROVENANCE_RUNNER"
  | "PIOT_PROVENANCE_ACCESS"
  | "PIOT_PROVENANCE_SIGNING"
  // crates
  | "PIOT_CARGO"
  | "PIOT_DIRTY_TREE"
  | "PIOT_CRATES_MANIFEST"
  | "PIOT_CRATES_SHARED_VERSION"
  | "PIOT_CRATES_UNPUBLISHABLE"
  | "PIOT_CRATES_NAME_TAKEN"
  | "PIOT_CRATES_TRUSTPUB_ONLY"
  | "PIOT_CRATES_DEPENDENCY"
  // pypi
  | "PIOT_VERSION_UNMAPPABLE"
  | "PIOT_RELEASE_CLOSED"
  | "PIOT_PROJECT_CLOSED"
  | "PIOT_PYPROJECT_INVALID";

/** The documentation of every code. */
export const FAILURE_CODES: Readonly<Record<FailureCode, FailureDoc>> = {
  // general
  PIOT_SEVERAL_PROBLEMS: {
    exit: 1,
    trips: "Several independent problems were found before anything was written.",
    mend: "Mend each problem that is listed under it; each has its own code.",
  },
  PIOT_USAGE: {
    exit: 2,
    trips: "A command, flag or argument is unknown, missing or malformed.",
    mend: "Run the command with `--help`.",
  },
  PIOT_INTERRUPTED: {
    exit: 1,
    trips: "The run was interrupted by a signal.",
    mend: "Run the same command again from the same commit.",
  },
  // configuration
  PIOT_CONFIG_SYNTAX: {
    exit: 2,
    trips: "`putitoutthere.toml` is not valid TOML.",
    mend: "Mend the line that is shown; a string or bracket may have been left open above it.",
  },
  PIOT_CONFIG_INVALID: {
    exit: 2,
    trips:
      "`putitoutthere.toml` says something that cannot be: a key is missing, or a value is wrong.",
    mend: "Mend each problem that is listed; `docs/configuration.md` has every key.",
  },
  PIOT_CONFIG_UNKNOWN_KEY: {
    exit: 2,
    trips: "`putitoutthere.toml` has a key that does not exist there.",
    mend: "Correct its spelling, move it to the table that it belongs to, or remove it.",
  },
  PIOT_CONFIG_CYCLE: {
    exit: 2,
    trips: "Packages depend on each other in a circle through `depends_on`.",
    mend: "Remove one `depends_on` of the circle that is shown.",
  },
  PIOT_CONFIG_TAG_CLASH: {
    exit: 2,
    trips:
      "Two packages could be given the same git tag, or tags that git cannot hold side by side.",
    mend: "Change the `tag_format` of one of them: a tag must tell whose release it is.",
  },
  PIOT_TARGET_UNKNOWN: {
    exit: 2,
    trips: "A target is not one of the triples that are known.",
    mend: "Correct its spelling; the message lists every known target.",
  },
  // release requests
  PIOT_RELEASE_REQUEST_INVALID: {
    exit: 2,
    trips: "What `--release` says cannot be read.",
    mend:
      "Write `name`, `name@minor` or `name@1.4.0`, or one of the documents in `docs/release-requests.md`.",
  },
  PIOT_RELEASE_REQUEST_CONFLICT: {
    exit: 2,
    trips: "`--release` asks for one package in two different ways.",
    mend: "Ask for each package once, or in the same words each time.",
  },
  PIOT_RELEASE_REQUEST_UNMATCHED: {
    exit: 2,
    trips: "release-please or release-plz released folders or crates, and none is declared here.",
    mend:
      "Declare them in putitoutthere.toml with the same folder or crate name, or ask for packages by name.",
  },
  // plan
  PIOT_CONFIG_MISSING: {
    exit: 2,
    trips: "There is no configuration file where one was looked for.",
    mend: "Run `putitoutthere init`, or name the file with `--config`.",
  },
  PIOT_NOT_A_REPOSITORY: {
    exit: 2,
    trips: "A plan was asked for in a folder that is in no git work tree.",
    mend: "Run it in a clone; a snapshot folder can be published with `--plan` or `--release`.",
  },
  PIOT_NO_COMMIT: {
    exit: 2,
    trips: "The repository has no commit yet, so there is nothing to plan.",
    mend: "Commit first.",
  },
  PIOT_COMMIT_UNKNOWN: {
    exit: 2,
    trips: "`--at` names something that is no commit of this clone.",
    mend: "Name a branch, a tag or a commit that this clone has; fetch it first if need be.",
  },
  PIOT_SHALLOW_CLONE: {
    exit: 2,
    trips: "The clone is shallow, and what it leaves out decides what ships.",
    mend:
      "Set `fetch-depth: 0` on actions/checkout, with `filter: blob:none` for a large repository.",
  },
  PIOT_TREELESS_CLONE: {
    exit: 2,
    trips: "The clone was made with `--filter=tree:…`, so git would fetch every folder one by one.",
    mend: "Clone with `filter: blob:none` instead; it is nearly as small.",
  },
  PIOT_TRAILER_INVALID: {
    exit: 2,
    trips: "The last paragraph of HEAD's message has a `release:` line that is no trailer.",
    mend:
      "Write `release: patch`, `minor`, `major` or `skip`, with `[names]` after it if need be; add an empty commit with the right one.",
  },
  PIOT_TRAILER_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "HEAD's trailer names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml; add an empty commit with the right trailer.",
  },
  PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "`--release` names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml.",
  },
  PIOT_RELEASE_REQUEST_VERSION_TAKEN: {
    exit: 2,
    trips: "`--release` asks for a version whose tag stands on another commit.",
    mend: "Ask for a version that was not released yet, or check that commit out and run there.",
  },
  // report
  PIOT_OUTPUTS_TOO_LARGE: {
    exit: 1,
    trips: "The build matrix is larger than the outputs of a GitHub job may be.",
    mend: "Release fewer packages in one run, with `--release`.",
  },
  PIOT_RUNNER_FILE: {
    exit: 1,
    trips: "A file that the GitHub runner offers for outputs or summaries cannot be written.",
    mend: "Run inside a step of a workflow, or unset the variable that the message names.",
  },
  // host
  PIOT_FILE_UNREADABLE: {
    exit: 2,
    trips: "A file that the command needs cannot be read.",
    mend: "Check the path and its permissions.",
  },
  PIOT_PROGRAM_MISSING: {
    exit: 1,
    trips: "A program that the command starts (git or cargo) is not on PATH.",
    mend: "Install it, or put its folder on PATH.",
  },
  PIOT_NETWORK: {
    exit: 1,
    trips: "No answer came from a server: name lookup, connection, TLS or time limit.",
    mend: "Check the network and the service's status page, then run again.",
  },
  PIOT_URL_INSECURE: {
    exit: 2,
    trips: "An endpoint uses plain HTTP and is not on this machine.",
    mend: "Use https, or a loopback address for rehearsals.",
  },
  PIOT_GIT: {
    exit: 1,
    trips: "git ended with an error.",
    mend: "Read what git says; run the same command by hand in the repository to see more.",
  },
  // tags and GitHub
  PIOT_TAG_ELSEWHERE: {
    exit: 1,
    trips: "The tag of this release stands on another commit, in this repository or on its remote.",
    mend:
      "Release from the commit that the tag names, or release a higher version; tags are never moved.",
  },
  PIOT_TAG_WORKFLOWS: {
    exit: 1,
    trips:
      "GitHub refused the tag because it did not find the commit's workflow files on a branch, and the token may not write workflows.",
    mend:
      "Push the tag with a token that has the Workflows permission, or by hand; running again then goes on from there.",
  },
  PIOT_TAG_RULESET: {
    exit: 1,
    trips:
      "A ruleset or a tag protection of the repository forbids the credential to create the tag.",
    mend:
      "Let a GitHub App bypass the rule and push with its token (the app of GITHUB_TOKEN cannot be let through), or exempt the tag's pattern.",
  },
  PIOT_TAG_CREDENTIAL: {
    exit: 1,
    trips: "The git remote accepted no credential.",
    mend:
      "Keep `persist-credentials` of actions/checkout on, or give GITHUB_TOKEN to the publish step; elsewhere set up git's own credentials.",
  },
  PIOT_TAG_PERMISSION: {
    exit: 1,
    trips: "The git remote knows the credential and does not let it write.",
    mend: "Give the publish job `permissions: contents: write`, or use a credential that may push.",
  },
  PIOT_TAG_REMOTE: {
    exit: 1,
    trips: "The git remote cannot be reached, or there is no repository at its address.",
    mend:
      "Check `git remote -v`, the network, and that the credential may see the repository; then run again.",
  },
  PIOT_TAG_REFUSED: {
    exit: 1,
    trips: "The git remote refused the tag for a reason of its own, such as a hook.",
    mend: "Read the remote's words; mend that, and run again from the same commit.",
  },
  PIOT_GITHUB_CREDENTIAL: {
    exit: 1,
    trips: "GitHub's API did not accept the token.",
    mend: "Give the publish step a GITHUB_TOKEN that is valid, and run again.",
  },
  PIOT_GITHUB_PERMISSION: {
    exit: 1,
    trips:
      "GitHub's API knows the token and does not let it do this, or hides the repository from it.",
    mend: "Give the publish job `permissions: contents: write`, and run again.",
  },
  PIOT_GITHUB_WORKFLOWS: {
    exit: 1,
    trips:
      "GitHub's API asks for the Workflows permission, as it does for a commit whose workflow files differ from those of the branches.",
    mend: "Use a token that has the Workflows permission, and run again.",
  },
  PIOT_GITHUB_RULESET: {
    exit: 1,
    trips: "A ruleset of the repository forbids the token to make the GitHub Release.",
    mend: "Let the token's app bypass the rule, and run again.",
  },
  PIOT_GITHUB_TAG_MISSING: {
    exit: 1,
    trips: "The GitHub repository does not have the tag that a GitHub Release is to be made for.",
    mend:
      "Check that the git remote is the repository that GITHUB_REPOSITORY names, and run again.",
  },
  PIOT_GITHUB_TAG_SPENT: {
    exit: 1,
    trips:
      "An immutable GitHub Release once used this tag and was deleted; the name can never be used again.",
    mend: "Leave this version without a GitHub Release, or release a higher version.",
  },
  PIOT_GITHUB_BUSY: {
    exit: 1,
    trips: "GitHub's API limits the rate of requests for longer than a run should wait.",
    mend: "Run again from the same commit after the time that the message names.",
  },
  PIOT_GITHUB_REFUSED: {
    exit: 1,
    trips: "GitHub's API refused the request.",
    mend: "Read GitHub's words; mend that, and run again from the same commit.",
  },
  PIOT_GITHUB_UNKNOWN: {
    exit: 1,
    trips: "GitHub's API failed, so that nobody knows whether the request took effect.",
    mend:
      "Look at GitHub's status page, and run again from the same commit; what is there is kept.",
  },
  // registry
  PIOT_REGISTRY_UNKNOWN: {
    exit: 1,
    trips:
      "A registry gave no definite answer to the question what it holds: an error of its own, a block page, or no JSON.",
    mend:
      "Check the registry's status page, then run again; nothing is taken for absent on such an answer.",
  },
  PIOT_REGISTRY_REFUSED: {
    exit: 1,
    trips: "A registry read the upload and refused it; its own words are in the message.",
    mend: "Mend what the registry names, then run again from the same commit.",
  },
  PIOT_REGISTRY_BUSY: {
    exit: 1,
    trips: "A registry's rate limit was reached.",
    mend: "Wait as long as the message says, then run again; what was uploaded already is skipped.",
  },
  PIOT_AUTH_MISSING: {
    exit: 1,
    trips: "There is no credential for a registry that something is to be uploaded to.",
    mend: "Set up trusted publishing or the token variable that the message names.",
  },
  PIOT_AUTH_REFUSED: {
    exit: 1,
    trips: "A registry does not accept the credential, or not for this package.",
    mend:
      "Make a new token, or give the token or the trusted publisher write access to the package.",
  },
  PIOT_VERSION_TAKEN: {
    exit: 1,
    trips: "The registry already has this version with other content.",
    mend: "Release under a higher version; a published version cannot be replaced.",
  },
  // artifact
  PIOT_ARTIFACT_MISSING: {
    exit: 1,
    trips: "A built file that the release needs is not among the artifacts.",
    mend: "Make the build job upload the folder that the message names.",
  },
  PIOT_ARTIFACT_INVALID: {
    exit: 1,
    trips:
      "A built file is not what the plan asks for, or an archive is damaged or unsafe to read.",
    mend: "Mend the build so that it makes the file that the message describes.",
  },
  PIOT_BINARY_MISMATCH: {
    exit: 1,
    trips:
      "A program or an addon was built for another platform than the package that carries it, or linked so that it cannot work there.",
    mend: "Make each build job upload what it built for its own target.",
  },
  // npm
  PIOT_NPM_MANIFEST: {
    exit: 1,
    trips:
      "A package.json cannot be published as it is: a name, field or setting contradicts the plan.",
    mend: "Mend the field that the message names.",
  },
  PIOT_NPM_PRIVATE: {
    exit: 1,
    trips: "A package.json says `private: true`, which npm never publishes.",
    mend: "Remove `private` from package.json, or remove the package from putitoutthere.toml.",
  },
  PIOT_NPM_WORKSPACE: {
    exit: 1,
    trips: "A `workspace:` range names a package whose version is not known.",
    mend:
      "Declare the sibling in putitoutthere.toml and in depends_on, or write a version range instead.",
  },
  PIOT_NPM_UNPUBLISHED: {
    exit: 1,
    trips:
      "The version, or the whole package, was unpublished from npm, and its number cannot be used again.",
    mend: "Release under a version that never was on npm; after a full unpublish wait 24 hours.",
  },
  PIOT_NPM_ACCESS: {
    exit: 1,
    trips:
      "A package is restricted on npm and declared public here: publishing it would show it to everybody.",
    mend:
      'Set `access = "restricted"` in putitoutthere.toml, or make the package public on npm\'s site first.',
  },
  // identity and provenance
  PIOT_OIDC_UNAVAILABLE: {
    exit: 1,
    trips: "The job has no identity token, so that trusted publishing cannot be used.",
    mend:
      "Give the publish job `permissions: id-token: write` (on GitLab `id_tokens`), or pass a registry token.",
  },
  PIOT_OIDC_REFUSED: {
    exit: 1,
    trips: "A registry gives no credential for the job's identity token.",
    mend:
      "Compare the claims in the message with the trusted publisher that the registry has on file.",
  },
  PIOT_PROVENANCE_IDENTITY: {
    exit: 1,
    trips: "Provenance is asked for, and the job has no identity that it could be signed with.",
    mend:
      "Publish from GitHub Actions with `permissions: id-token: write`, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_REPOSITORY: {
    exit: 1,
    trips:
      "`repository` in package.json is not the repository of this run, so that npm would refuse its provenance.",
    mend: "Write this run's repository into package.json, in the same upper and lower case.",
  },
  PIOT_PROVENANCE_VISIBILITY: {
    exit: 1,
    trips: "Provenance is asked for, and the repository is not public.",
    mend: "Make the repository public, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_RUNNER: {
    exit: 1,
    trips: "Provenance is asked for, and the runner is not one of GitHub's own.",
    mend: "Publish on a GitHub-hosted runner, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_ACCESS: {
    exit: 1,
    trips: "Provenance is asked for, and the package is restricted.",
    mend: 'Set `access = "public"`, or remove `publishConfig.provenance`.',
  },
  PIOT_PROVENANCE_SIGNING: {
    exit: 1,
    trips:
      "Sigstore did not sign: its certificate authority or its log refused, or gave no answer.",
    mend:
      "Check Sigstore's status page and run again; a file whose provenance is not signed is not sent.",
  },
  // crates
  PIOT_CARGO: {
    exit: 1,
    trips:
      "cargo ended with an error before anything was sent: a manifest, a build, or its settings.",
    mend: "Read what cargo says; the same command can be run by hand in the crate's folder.",
  },
  PIOT_DIRTY_TREE: {
    exit: 1,
    trips:
      "Files differ from the commit that is released, and a crate would be packaged with them.",
    mend: "Commit or restore the files that are listed, or keep them out with .gitignore.",
  },
  PIOT_CRATES_MANIFEST: {
    exit: 1,
    trips: "A Cargo.toml is missing, unreadable, or disagrees with putitoutthere.toml.",
    mend: "Mend the line that the message names.",
  },
  PIOT_CRATES_SHARED_VERSION: {
    exit: 1,
    trips:
      "Crates that inherit one version from [workspace.package] are planned at different versions.",
    mend: "Give each crate a version of its own, or release them together at one version.",
  },
  PIOT_CRATES_UNPUBLISHABLE: {
    exit: 1,
    trips:
      "crates.io would refuse the crate: metadata, a dependency, its size or `publish` stands against it.",
    mend: "Mend what the message names in Cargo.toml.",
  },
  PIOT_CRATES_NAME_TAKEN: {
    exit: 1,
    trips: "crates.io has a crate whose name differs only by case or by `-` and `_`.",
    mend: "Use the spelling that crates.io has, or choose another name.",
  },
  PIOT_CRATES_TRUSTPUB_ONLY: {
    exit: 1,
    trips: "The crate takes new versions by trusted publishing only, and there is only a token.",
    mend:
      "Release from the trusted workflow, or allow tokens in the crate's settings on crates.io.",
  },
  PIOT_CRATES_DEPENDENCY: {
    exit: 1,
    trips: "A crate that another one depends on did not appear in the index in time.",
    mend: "Run again later from the same commit; what was uploaded already is skipped.",
  },
  // pypi
  PIOT_VERSION_UNMAPPABLE: {
    exit: 2,
    trips: "A semver version has no spelling in Python's versions (PEP 440) that means the same.",
    mend: "Release X.Y.Z, or X.Y.Z-alpha.N, X.Y.Z-beta.N or X.Y.Z-rc.N.",
  },
  PIOT_RELEASE_CLOSED: {
    exit: 1,
    trips: "A PyPI release lacks files and is older than 14 days, after which it takes none.",
    mend: "Release under a higher version.",
  },
  PIOT_PROJECT_CLOSED: {
    exit: 1,
    trips: "A PyPI project is archived or quarantined, and takes no files.",
    mend:
      "Unarchive the project in its settings on PyPI, or settle the quarantine with PyPI's support.",
  },
  PIOT_PYPROJECT_INVALID: {
    exit: 2,
    trips: "A pyproject.toml cannot be read, or says of its version what no build backend takes.",
    mend: "Mend the line that the message names.",
  },
  // publish
  PIOT_UNTAGGED_HISTORY: {
    exit: 1,
    trips:
      "A package has no release tag, and its registry already holds this version or higher ones.",
    mend:
      "Create the tag of the last release on the commit that made it, or set `first_version` above it.",
  },
  PIOT_PLAN_INVALID: {
    exit: 2,
    trips:
      "What `--plan` names is not a plan, or names a package that the configuration does not declare.",
    mend: "Give the JSON that `plan --json` printed, as a file or as text.",
  },
  PIOT_PLAN_STALE: {
    exit: 2,
    trips: "The plan was made for another commit than the one that is checked out.",
    mend: "Check out the commit of the plan, or plan again.",
  },
  PIOT_NO_WORK: {
    exit: 1,
    trips: "`--require-work` was given and nothing is planned.",
    mend:
      "Run without the flag when an empty plan is fine, or see `plan` for why each package is left out.",
  },
};
