/**
 * Keys for what piot never does, and keys that other release tools have: each is refused with the reason, and with what to
 * compose instead, in whichever table it stands.
 *
 * @module
 */

/** Why a key is refused: a clause for the message, and what to do instead. */
export interface NonGoal {
  readonly found: string;
  readonly hint: string;
}

/** One wish, by every spelling that its key has; spellings are folded, see {@link fold}. */
interface Wish extends NonGoal {
  readonly keys: RegExp;
}

const WISHES: readonly Wish[] = [
  {
    keys: /^agents?(path|file|md)$/,
    found: "no file for agents is read or written",
    hint: "Remove it, and tell agents in a file of your own how releases are asked for: " +
      "by a `release:` trailer (docs/trailer.md)",
  },
  {
    keys: /^smoke(tests?|cmd|commands?|timeout)?$/,
    found: "no command is run on what was published, since it would run beside the credentials",
    hint: "Remove it, and test in a job that needs the publish job, from its output " +
      "`released_packages`; or before anything is released, with `putitoutthere rehearse --install`",
  },
  {
    keys: /^wheels?artifacts?$/,
    found: "artifacts are found by their names",
    hint: "Remove it, and upload wheels under the `artifact_name` of their matrix row; " +
      "artifacts called NAME-wheel-… and NAME-wheels-… are read too",
  },
  {
    keys:
      /^(hooks?|plugins?|(pre|post|before|after)(publish|tag|release|upload|build|version|plan)(hooks?|commands?|scripts?|cmd)?|(publish|release|build)(commands?|scripts?|cmd))$/,
    found: "no hook, plugin or command of yours is run, since it would run beside the credentials",
    hint: "Remove it, and make it a step of your workflow: in the build job before publishing, " +
      "or in a job that needs the publish job and reads its output `released_packages`",
  },
  {
    keys: /^changelogs?(path|file|format|template|header)?$/,
    found: "no changelog is written",
    hint: "Remove it, and let git-cliff, changesets, release-please or release-plz write it; " +
      "`--release` takes what the last two print",
  },
  {
    keys: /^(archives?|assets|releaseassets|binaries)$/,
    found: "no archive is attached to a GitHub Release",
    hint: "Remove it, and upload archives in a job that needs the publish job: " +
      "`gh release upload TAG FILES`, or cargo-dist or goreleaser for archives alone",
  },
  {
    keys: /^(auto)?(discover|discovery)$/,
    found: "packages are declared, and the tree is not walked to find them",
    hint: "Remove it, and let `putitoutthere init` draft a [[package]] for each manifest once",
  },
  {
    keys: /^(conventionalcommits|commitconvention|commitparsers?|autobump)$/,
    found: "no version follows from what commits say they did",
    hint:
      "Remove it, and say `release: minor` in a commit (docs/trailer.md), or let release-please " +
      "or release-plz decide: `--release` takes what they print",
  },
  {
    keys: /^(shared|common|global|repo|repository|root)tags?(format)?$/,
    found: "no tag is shared: a tag tells whose release it is",
    hint: "Remove it; where the repository is to have a tag v{version} besides, make it with git " +
      "in a job that needs the publish job and reads its output `released_packages`",
  },
];

/** What is said of a key that stands for something that piot does not do; undefined for any other. */
export function nonGoalOf(key: string): NonGoal | undefined {
  const folded = fold(key);
  return WISHES.find(({ keys }) => keys.test(folded));
}

/** `pre-publish`, `prePublish` and `pre_publish` are one wish. */
function fold(key: string): string {
  return key.toLowerCase().replace(/[-_ .]/g, "");
}

/** A `tag_format` for the whole file, which several packages would share. */
export const SHARED_TAG_FORMAT: NonGoal = {
  found: "no tag is shared: a tag tells whose release it is",
  hint:
    "Write tag_format below each [[package]], with {name} in it; a tag v{version} of the whole " +
    "repository is made with git, in a job that needs the publish job",
};

/** Two packages with one format that names neither. */
export const SHARED_TAG_HINT: string =
  "A tag tells whose release it is, so none is shared: write {name} into it, as in " +
  "{name}-v{version}. A tag v{version} of the whole repository is made with git, in a job that " +
  "needs the publish job";

/** Several builds where one is meant. */
export const ONE_BUILD: NonGoal = {
  found: "a package has one build",
  hint: "Declare a [[package]] for each build, with a name of its own on the registry: a family " +
    "of programs and one of addons cannot share one, but the one package may require the other",
};
