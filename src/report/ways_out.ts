/**
 * The ways out of a run that did not succeed: one for each situation that occurred, with what the next run of the same
 * commit will do, and the commands.
 *
 * @module
 */

import { bumpVersion } from "../core/model/version.ts";
import { someOf } from "../core/words/phrases.ts";
import type { Failure } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";
import { type Asked, PLAIN, publishCommand } from "./asked.ts";
import type { Outcome } from "./outcome.ts";
import { type Situation, situationOf } from "./situations.ts";

/** A package, and why it is where it is; the run itself has no package. */
interface Case {
  readonly situation: Situation;
  readonly codes: readonly FailureCode[];
  readonly release?: Pick<Outcome, "name" | "version">;
  readonly commands?: readonly string[];
}

/** One way out. */
export interface WayOut {
  /** Where the run has ended. */
  readonly situation: Situation;
  /** The codes that lead here; empty where a status tells it. */
  readonly codes: readonly FailureCode[];
  /** Names of the packages that are there; empty for the run itself. */
  readonly packages: readonly string[];
  /** What to do first, and what the next run of the same commit will do: a sentence without a full stop. */
  readonly what: string;
  /** Lines for a shell, with the flags that the run had. `RUN` is the number of the run. */
  readonly commands: readonly string[];
  /** The section that tells more. */
  readonly page: string;
}

const PAGE = "https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md";

/** The way out of a situation, once it is known which releases are in it. */
type Write = (
  releases: readonly Pick<Outcome, "name" | "version">[],
  asked: Asked,
) => Pick<WayOut, "what" | "commands">;

const FAILED_JOBS = "gh run rerun RUN --failed";
const ALL_JOBS = "gh run rerun RUN";

const again = ({ flags, what }: Asked, ...more: readonly string[]): string =>
  publishCommand([...flags, ...what, ...more]);

const same = (what: string): Write => (_, asked) => ({
  what,
  commands: [FAILED_JOBS, again(asked)],
});

/** A version above the one that cannot be: what it is does not matter, as long as it is free. */
function higher(what: string): Write {
  return (releases, { flags }) => {
    const wishes = releases.map(({ name, version }) => `${name}@${bumpVersion(version, "patch")}`);
    const wish = wishes.length === 0 ? "NAME@VERSION" : wishes.join(",");
    return {
      what,
      commands: [
        `gh workflow run release.yml -f release=${wish}`,
        publishCommand([...flags, "--release", wish]),
      ],
    };
  };
}

const WAYS: Readonly<Record<Situation, Write>> = {
  "run-again": same(
    "Mend what the message names where it is not of this commit, or wait until it has passed, and run again from the " +
      "same commit: what is there is kept, and only what is missing is sent, tagged and announced",
  ),
  workflow: (_, asked) => ({
    what:
      "Where the workflow file has to change, a re-run does not help: it replays the old file. Push the change; the " +
      "run of that push plans what is not released yet, and what this commit has uploaded is settled by its own " +
      "records. Where settings or another machine were the trouble, run again from the same commit",
    commands: ["git push", FAILED_JOBS, again(asked)],
  }),
  credential: same(
    "Give the credential that the message names, or mend what the registry has on file, and run again from the same " +
      "commit: secrets and trusted publishers are read anew, and only files that the registry lacks are sent",
  ),
  proof: (releases, asked) => {
    const names = releases.length === 0 ? ["NAME"] : releases.map(({ name }) => name);
    return {
      what:
        "Mend why the stronger way failed, as the message says, and run again from the same commit: nothing of the " +
        "package was sent. Or let it pass, this once and by name",
      commands: [
        FAILED_JOBS,
        again(asked, ...names.flatMap((name) => ["--allow-downgrade", name])),
      ],
    };
  },
  artifacts: (_, asked) => ({
    what:
      "Build again, since artifacts expire and re-running failed jobs alone builds nothing: re-run all jobs. " +
      "Files that the registry has of this commit are kept, whatever the new build gives",
    commands: [ALL_JOBS, again(asked)],
  }),
  commit: () => ({
    what:
      "Mend the files that the message names, commit and push: this commit cannot be released as it is, and running " +
      "it again ends alike. Nothing of the package was sent, and the next commit's run releases it",
    commands: ["git commit --all", "git push"],
  }),
  "version-taken": higher(
    "Release a higher version: what a registry has under this one cannot be replaced, and running again ends alike. " +
      "Build at that version; any that is free will do",
  ),
  "tag-elsewhere": higher(
    "Release a higher version, or check the commit out that the tag names and publish there: tags are never moved, and " +
      "running again ends alike",
  ),
  "older-commit": (_, asked) => ({
    what:
      "Finish the release at the commit that the message names: check it out and publish there; what is missing is " +
      "sent and tagged at it. The changes since then ship with the next run of the newer commit",
    commands: ["git checkout COMMIT", again(asked)],
  }),
  untagged: () => ({
    what:
      "Tag the commit of the last release, as the message says, or set first_version above what the registry has: " +
      "running again ends alike until one of the two is there",
    commands: ["git tag TAG COMMIT", "git push origin TAG"],
  }),
  unconfirmed: same(
    "Run again from the same commit once the registry has caught up: it is asked first, what it shows is kept and " +
      "tagged, and only files that it does not have are sent. PIOT_PATIENCE sets how many seconds a run waits",
  ),
  interrupted: same(
    "Run again from the same commit: it goes on where this one stopped, and sends nothing twice",
  ),
  asked: () => ({
    what: "Ask in other words, as the message says: nothing was sent",
    commands: ["putitoutthere publish --help"],
  }),
};

const ORDER = Object.keys(WAYS) as readonly Situation[];

/** The ways out of a run's outcomes, each once. */
export function waysOut(
  outcomes: readonly Outcome[],
  asked: Asked = PLAIN,
): readonly WayOut[] {
  const cases = outcomes.flatMap((release): Case[] => {
    if (release.status === "unconfirmed") return [{ situation: "unconfirmed", codes: [], release }];
    if (release.status === "failed") return casesOf(release.failure, release);
    // What waits for others goes out once these have.
    const isCut = release.status === "blocked" && release.by.length === 0;
    return isCut ? [{ situation: "interrupted", codes: [], release }] : [];
  });
  return gather(cases, asked);
}

/** The ways out of a failure that ended the run itself. */
export function waysOutOf(failure: Failure, asked: Asked = PLAIN): readonly WayOut[] {
  return gather(casesOf(failure), asked);
}

function casesOf(failure: Failure, release?: Case["release"]): Case[] {
  return failure.problems.map(({ code, commands }) => ({
    situation: situationOf(code),
    codes: [code],
    ...(commands && { commands }),
    ...(release && { release }),
  }));
}

function gather(cases: readonly Case[], asked: Asked): readonly WayOut[] {
  return ORDER.flatMap((situation): WayOut[] => {
    const own = cases.filter((one) => one.situation === situation);
    if (own.length === 0) return [];
    const releases = new Map(
      own.flatMap(({ release }) => release ? [[release.name, release]] : []),
    );
    return [{
      situation,
      codes: [...new Set(own.flatMap(({ codes }) => codes))],
      packages: [...releases.keys()],
      ...exactly(WAYS[situation]([...releases.values()], asked), own),
      page: `${PAGE}#${situation}`,
    }];
  });
}

/** What failures know to the letter stands in the place of what is true of their situation. */
function exactly(
  way: Pick<WayOut, "what" | "commands">,
  own: readonly Case[],
): Pick<WayOut, "what" | "commands"> {
  const known = new Map(own.map(({ commands }) => [JSON.stringify(commands), commands]));
  const commands = [...known.values()].flatMap((each) => each ?? []);
  return known.has(undefined!) ? way : { ...way, commands };
}

/** Most packages that are named in one line. */
const MOST_NAMED = 5;

/** `demo and web (PIOT_NETWORK): Mend …`, as people read it, without the commands. */
export function wayOutLine({ codes, packages, what }: WayOut): string {
  const reason = codes.length === 0 ? "" : ` (${codes.join(", ")})`;
  return packages.length === 0
    ? `${codes.join(", ")}: ${what}`
    : `${someOf(packages, MOST_NAMED)}${reason}: ${what}`;
}
