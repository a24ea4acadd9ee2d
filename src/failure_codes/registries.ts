/**
 * Codes of the registries: of all of them, of the identity that a job shows them, and of each one, with the manifest that
 * it reads.
 *
 * @module
 */

/** The codes of every registry. */
export const REGISTRY_CODES = {
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
  PIOT_COMMIT_ELSEWHERE: {
    exit: 1,
    trips:
      "The registry has this version, and its own records name a commit for it that is not in the history of the one that is checked out, or that this clone does not have.",
    mend:
      "Fetch the whole history (`fetch-depth: 0`); else tag that commit by hand and merge it, or release under a higher version.",
  },
  PIOT_RELEASE_HALF: {
    exit: 1,
    trips:
      "The registry has a part of this version, and its own records name an earlier commit for it than the one that is checked out.",
    mend:
      "Run the release of the commit that the message names again, which completes it; or release under a higher version.",
  },
  PIOT_RELEASE_MIXED: {
    exit: 1,
    trips:
      "The registry has parts of this version that belong to different commits, so that no tag could be true of it.",
    mend: "Release under a higher version; the message says which file belongs to which commit.",
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
  PIOT_REGISTRY_UNKNOWN: {
    exit: 1,
    trips:
      "A registry gave no definite answer to the question what it holds: an error of its own, a block page, or no JSON.",
    mend:
      "Check the registry's status page, then run again; nothing is taken for absent on such an answer.",
  },
} as const;

/** The codes of the identity of a job. */
export const IDENTITY_CODES = {
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
  PIOT_TRUST_DOWNGRADE: {
    exit: 1,
    trips:
      "The release would show less evidence of its origin than the version before it: no approval, trusted publisher, provenance or attestations where that has them.",
    mend:
      "Mend what the message names as the reason, or let this one package pass with `--allow-downgrade NAME`.",
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
} as const;

/** The codes of crates.io. */
export const CRATES_CODES = {
  PIOT_CARGO: {
    exit: 1,
    trips:
      "cargo ended with an error before anything was sent: a manifest, a build, or its settings.",
    mend: "Read what cargo says; the same command can be run by hand in the crate's folder.",
  },
  PIOT_DIRTY_TREE: {
    exit: 1,
    trips:
      "A package would be made of files that the commit does not have: changes in the work tree, what a link or a missing submodule stands for, a pointer of Git LFS in a file's place, or what a build wrote.",
    mend:
      "Commit or restore the files that are listed, check submodules out, and fetch what Git LFS keeps (`lfs: true` for actions/checkout); deliver what a build makes as an artifact, or name it in .gitignore.",
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
    mend:
      "Give them the same `lockstep` in putitoutthere.toml, or each crate a version of its own. `plan` warns of it.",
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
    trips:
      "A crate that another one depends on did not appear in the index in time, or nothing would ever publish it.",
    mend:
      "Run again later from the same commit, which skips what was uploaded; or declare the crate as a package.",
  },
} as const;

/** The codes of npm. */
export const NPM_CODES = {
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
} as const;

/** The codes of PyPI. */
export const PYPI_CODES = {
  PIOT_PYPROJECT_INVALID: {
    exit: 2,
    trips: "A pyproject.toml cannot be read, or says of its version what no build backend takes.",
    mend: "Mend the line that the message names.",
  },
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
} as const;
