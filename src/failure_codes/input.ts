/**
 * Codes of what a run is asked for: the command line, the configuration, trailers and release requests, and the plan that
 * the clone and they make together.
 *
 * @module
 */

/** The codes of the command line. */
export const USAGE_CODES = {
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
  PIOT_STALLED: {
    exit: 4,
    trips:
      "The command stopped halfway with nothing left to wait for, which is a bug of putitoutthere.",
    mend:
      "Report it with the text that was printed. The same command may be run again from the same commit.",
  },
} as const;

/** The codes of the configuration. */
export const CONFIG_CODES = {
  PIOT_CONFIG_MISSING: {
    exit: 2,
    trips: "There is no configuration file where one was looked for.",
    mend: "Run `putitoutthere init` to write one, or name the file with `--config`.",
  },
  PIOT_CONFIG_EXISTS: {
    exit: 2,
    trips: "`init` has nothing left to write, and a file that is there says something else.",
    mend:
      "Change that file by hand, remove it to have it written anew, or say `--force`: what is there is kept as `.bak`.",
  },
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
} as const;

/** The codes of release requests and trailers. */
export const REQUEST_CODES = {
  PIOT_TRAILER_INVALID: {
    exit: 2,
    trips:
      "HEAD's message has a `release:` line that was meant as a trailer and is none: a word that says nothing, in the last paragraph, or no list of names behind a word that does.",
    mend:
      "Write `release: patch`, `minor`, `major` or `skip`, with `[names]` after it if need be; add an empty commit with the right one.",
  },
  PIOT_TRAILER_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "HEAD's trailer names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml; add an empty commit with the right trailer.",
  },
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
  PIOT_RELEASE_REQUEST_LOCKSTEP: {
    exit: 2,
    trips:
      "`--release` asks for some packages of a lockstep group and not for others, or for two versions.",
    mend: "Name the whole group, at one version or at none.",
  },
  PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "`--release` names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml.",
  },
  PIOT_RELEASE_REQUEST_UNMATCHED: {
    exit: 2,
    trips: "release-please or release-plz released folders or crates, and none is declared here.",
    mend:
      "Declare them in putitoutthere.toml with the same folder or crate name, or ask for packages by name.",
  },
  PIOT_RELEASE_REQUEST_VERSION_TAKEN: {
    exit: 2,
    trips: "`--release` asks for a version whose tag stands on another commit.",
    mend: "Ask for a version that was not released yet, or check that commit out and run there.",
  },
} as const;

/** The codes of the plan. */
export const PLAN_CODES = {
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
    trips:
      "The history of the clone is cut: a tag behind the cut may be a package's last release, whatever is in sight.",
    mend:
      "Set `fetch-depth: 0` on actions/checkout, with `filter: blob:none` for a large repository.",
  },
  PIOT_TREELESS_CLONE: {
    exit: 2,
    trips: "The clone was made with `--filter=tree:…`, so git would fetch every folder one by one.",
    mend: "Clone with `filter: blob:none` instead; it is nearly as small.",
  },
  PIOT_RELEASED_ELSEWHERE: {
    exit: 2,
    trips:
      "A package would be released for the first time, and tags of it stand on commits that this one does not descend from.",
    mend:
      "Tag the commit that both descend from with the version that this line goes on from, or spell a version out with `--release NAME@VERSION`.",
  },
  PIOT_TAG_BLOCKED: {
    exit: 1,
    trips:
      "The tag that a planned release needs cannot be made: it stands on something that is no commit, or in the place of another tag's folder.",
    mend:
      "Delete the tag that is in the way, here and on the remote, when nobody needs it, or ask for another version, or change `tag_format`, as the message says.",
  },
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
      "What `--plan` names is not a plan, or says something that a plan of this commit cannot say: another tag, name, version, folder or row than the configuration makes, or another last release than the tags tell.",
    mend:
      "Give the JSON that `plan --json` printed, as a file or as text; plan again at this commit when the message names a difference.",
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
  PIOT_REHEARSAL_KIND: {
    exit: 2,
    trips: "A package is to be rehearsed whose kind no registry on this machine stands in for.",
    mend: "Rehearse the other packages alone with `--release NAME`.",
  },
} as const;
