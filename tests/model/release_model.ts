/**
 * A release as a state machine: two runners, a registry that never replaces a file, and the tags of a remote. What a runner
 * decides is decided by the product's own functions; here stands only what they decide about, and in which order a run asks
 * (`src/command/publish/release_package.ts`).
 */

import { judge } from "../../src/command/publish/judge.ts";
import { isShown, requireOwn } from "../../src/command/publish/own_files.ts";
import type { Judged, Run } from "../../src/command/publish/run.ts";
import { Failure } from "../../src/error.ts";
import type { Records } from "../../src/core/release/commit_record.ts";
import type { Lie } from "../../src/host/git_facts/ancestry.ts";
import type { Look, Prepared, Presence, ReleaseFile } from "../../src/registry/registry.ts";
import { npmPackage } from "../registry/npm/world.ts";

/** The earlier commit, and the one that follows it. */
export const A: string = "a".repeat(40);
export const B: string = "b".repeat(40);

/** Packages in their order: the second one needs the first. */
export const PACKAGES = ["core", "app"] as const;

/** What is the same in every state. */
export interface Setup {
  /** The commit of each runner. */
  readonly commits: readonly string[];
  /** Whether two builds of one commit have the same bytes, and those of two commits. */
  readonly builds: "same bytes" | "bytes of their commit" | "other bytes each time";
  /** Whether the registry tells which commit a file was made from. */
  readonly hasRecords: boolean;
  /** Whether the second file of a package is sent once the first one is there. */
  readonly hasWaves: boolean;
  /** Whether a look may miss what was uploaded last. */
  readonly hasLag: boolean;
  /** How often each runner may be killed and started again. */
  readonly restarts: number;
}

/** What everybody sees. */
export interface Shared {
  /** By file name: the bytes, and the commit that they were uploaded from. */
  readonly held: Readonly<Record<string, { readonly digest: string; readonly from: string }>>;
  /** The file that was uploaded last, which a look may miss. */
  readonly last?: string;
  /** By package: the commit that its tag stands on. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Where one runner is. */
interface Local {
  readonly attempt: number;
  readonly at: "start" | "look" | "tags" | "send" | "shown" | "tag" | "end";
  /** The package that it is busy with, by its place in the order. */
  readonly turn: number;
  readonly judged: readonly (Judged | undefined)[];
  readonly sent: readonly string[];
  readonly claims: readonly string[];
  /** How each package ended. */
  readonly endings: readonly string[];
}

/** One moment. */
export interface State {
  readonly shared: Shared;
  readonly locals: readonly Local[];
}

/** Something that can happen next. */
export interface Step {
  readonly label: string;
  readonly state: State;
}

const START: Local = {
  ...{ attempt: 0, at: "start", turn: 0 },
  ...{ judged: PACKAGES.map(() => undefined), sent: [], claims: [], endings: [] },
};

/** Nothing is released, and nobody has begun. */
export function startOf({ commits }: Setup): State {
  return { shared: { held: {}, tags: {} }, locals: commits.map(() => START) };
}

/** Everything that can happen in a state. */
export async function stepsFrom(setup: Setup, state: State): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const [who, local] of state.locals.entries()) {
    if (local.at === "end") continue;
    for (const [what, shared, next] of await moves({ setup, who, shared: state.shared, local })) {
      steps.push({
        label: `${who} ${what}`,
        state: { shared, locals: state.locals.with(who, next) },
      });
    }
    if (local.attempt < setup.restarts && local.at !== "start") {
      const again = { ...START, attempt: local.attempt + 1 };
      steps.push({
        label: `${who} is killed and starts again`,
        state: { ...state, locals: state.locals.with(who, again) },
      });
    }
  }
  return steps;
}

type Move = readonly [what: string, shared: Shared, local: Local];

interface Moment {
  readonly setup: Setup;
  readonly who: number;
  readonly shared: Shared;
  readonly local: Local;
}

async function moves(moment: Moment): Promise<readonly Move[]> {
  const { shared, local } = moment;
  switch (local.at) {
    case "start":
      return [["plans", shared, planned(moment)]];
    case "look":
      return views(moment).map((
        [how, view],
      ): Move => [`looks${how}`, shared, looked({ ...moment, shared: view })]);
    case "tags":
      return [["reads the tags", shared, tagsRead(moment)]];
    case "send":
      return await sends(moment);
    case "shown":
      return await Promise.all(
        views(moment).map(async (
          [how, view],
        ): Promise<Move> => [
          `looks again${how}`,
          shared,
          await lookedAgain({ ...moment, shared: view }),
        ]),
      );
    case "tag":
      return [tags(moment)];
    case "end":
      return [];
  }
}

/** What a look may see. */
function views({ setup, shared }: Moment): readonly (readonly [how: string, view: Shared])[] {
  const { held, last } = shared;
  if (!setup.hasLag || last === undefined) return [["", shared]];
  const { [last]: _, ...older } = held;
  return [["", shared], [` and misses ${last}`, { ...shared, held: older }]];
}

/** What has a tag in the history of the commit is released. */
function planned({ setup, who, shared, local }: Moment): Local {
  const endings = PACKAGES.map((name) => {
    const tag = shared.tags[name];
    return tag !== undefined && isWithin(tag, setup.commits[who]!) ? "released before" : "";
  });
  return begin({ ...local, at: "look", endings }, 0);
}

const isWithin = (commit: string, head: string): boolean => commit === head || head === B;

/** The next package that has something to be done, at the stage that it is about. */
function begin(local: Local, from: number): Local {
  const turn = PACKAGES.findIndex((_, at) => at >= from && local.endings[at] === "");
  if (turn >= 0) return { ...local, turn };
  return local.at === "look" ? { ...local, at: "tags", turn: 0 } : { ...local, at: "end" };
}

function looked(moment: Moment): Local {
  const { setup, who, shared, local } = moment;
  const prepared = preparedOf(moment, local.turn);
  const look = lookAt(shared, prepared);
  const lies = new Map<string, Lie>(
    [A, B].map((commit) => [commit, isWithin(commit, setup.commits[who]!) ? "within" : "outside"]),
  );
  const records = recordsOf(setup, { shared, prepared });
  const verdict = judge(prepared, look, { records, ancestry: { lies, isShallow: false } });
  const { release } = prepared;
  const commit = verdict.to === "send" ? verdict.commit : release.commit;
  const judged = { release: { ...release, commit }, prepared, look, verdict } as Judged;
  return begin({ ...local, judged: local.judged.with(local.turn, judged) }, local.turn + 1);
}

/** A release whose tag stands elsewhere is not begun (`tag_releases.ts`). */
function tagsRead({ shared, local }: Moment): Local {
  const judged = local.judged.map((one, at) => {
    const tag = shared.tags[PACKAGES[at]!];
    if (one === undefined || tag === undefined || tag === one.release.commit) return one;
    return { ...one, verdict: { to: "refuse", failure: tagElsewhere() } } as Judged;
  });
  return turnTo({ ...local, judged }, 0);
}

function tagElsewhere(): Failure {
  return new Failure("PIOT_TAG_ELSEWHERE", "the tag stands elsewhere");
}

/** Goes on to a package: what needs another one that is not there is blocked. */
function turnTo(local: Local, from: number): Local {
  const { turn, ...next } = begin({ ...local, at: "send" }, from);
  if (next.at === "end") return { ...next, turn };
  const verdict = local.judged[turn]!.verdict;
  const isBlocked = turn > 0 && !/^(released|skipped)/.test(next.endings[0]!);
  if (isBlocked) return ended({ ...next, turn }, "blocked");
  if (verdict.to === "refuse") return ended({ ...next, turn }, verdict.failure.code);
  return { ...next, turn, ...afterSending(local.judged[turn]!, []), sent: [], claims: [] };
}

function ended(local: Local, how: string): Local {
  return turnTo({ ...local, endings: local.endings.with(local.turn, how) }, local.turn + 1);
}

function absentOf({ verdict }: Judged): readonly ReleaseFile[] {
  return verdict.to === "send" ? verdict.absent : [];
}

/** Files that may be sent now: those of the lowest wave that is not through. */
function sendable(judged: Judged, sent: readonly string[]): readonly ReleaseFile[] {
  const left = absentOf(judged).filter(({ name }) => !sent.includes(name));
  const wave = Math.min(...left.map(({ wave = 0 }) => wave));
  return left.filter((file) => (file.wave ?? 0) === wave);
}

/** After the last file of a wave it is looked for; where nothing is absent at once. */
function afterSending(judged: Judged, sent: readonly string[]): Pick<Local, "at"> {
  const left = sendable(judged, sent);
  const waves = new Set(absentOf(judged).filter(({ name }) => sent.includes(name)).map(waveOf));
  return left.length > 0 && (waves.size === 0 || waves.has(waveOf(left[0]!)))
    ? { at: "send" }
    : { at: "shown" };
}

const waveOf = ({ wave = 0 }: ReleaseFile): number => wave;

async function sends(moment: Moment): Promise<readonly Move[]> {
  const { local, setup, shared, who } = moment;
  const judged = local.judged[local.turn]!;
  const found: Move[] = [];
  for (const file of sendable(judged, local.sent)) {
    const sent = [...local.sent, file.name];
    const what = `sends ${file.name}`;
    if (shared.held[file.name] === undefined) {
      const put = { digest: file.digest, from: setup.commits[who]! };
      const next = { ...local, sent, ...afterSending(judged, sent) };
      found.push([
        what,
        { ...shared, held: { ...shared.held, [file.name]: put }, last: file.name },
        next,
      ]);
      continue;
    }
    // A registry never replaces: it says that the file is there, and is asked whose it is.
    const claims = [...local.claims, file.name];
    const code = await refusalOf(moment, { files: [file], claims });
    const next = { ...local, sent, claims, ...afterSending(judged, sent) };
    found.push([`${what}, which is there`, shared, code === undefined ? next : ended(local, code)]);
  }
  return found;
}

/** The code that a fresh look ends the release with; undefined when everything that it shows is its own. */
async function refusalOf(
  { setup, shared, local }: Moment,
  { files, claims }: { readonly files: readonly ReleaseFile[]; readonly claims: readonly string[] },
): Promise<string | undefined> {
  const judged = local.judged[local.turn]!;
  const { prepared } = judged;
  const records = (): Promise<Records> => Promise.resolve(recordsOf(setup, { shared, prepared }));
  const run = { registries: { npm: { records } } } as unknown as Run;
  const failure = new Failure("PIOT_VERSION_TAKEN", "it is there already");
  const found = {
    ...{ files, look: lookAt(shared, prepared) },
    claims: new Map(claims.map((name) => [name, failure])),
  };
  return await requireOwn(run, judged, found).then(() => undefined, (error) => {
    if (!(error instanceof Failure)) throw error;
    return error.code;
  });
}

async function lookedAgain(moment: Moment): Promise<Local> {
  const { local } = moment;
  const judged = local.judged[local.turn]!;
  const isWhole = sendable(judged, local.sent).length === 0;
  const files = judged.prepared.files.filter(({ name }) => isWhole || local.sent.includes(name));
  const code = await refusalOf(moment, { files, claims: local.claims });
  if (code !== undefined) return ended(local, code);
  // The patience of the run is over.
  const look = lookAt(moment.shared, judged.prepared);
  if (!files.every((file) => isShown(look, file))) return ended(local, "unconfirmed");
  return { ...local, at: isWhole ? "tag" : "send" };
}

function tags({ shared, local }: Moment): Move {
  const name = PACKAGES[local.turn]!;
  const { release: { commit }, verdict } = local.judged[local.turn]!;
  const held = shared.tags[name];
  if (held !== undefined && held !== commit) {
    return ["tags", shared, ended(local, "PIOT_TAG_ELSEWHERE")];
  }
  const how = absentOf({ verdict } as Judged).length > 0 ? "released" : "skipped";
  return ["tags", { ...shared, tags: { ...shared.tags, [name]: commit! } }, ended(local, how)];
}

/** What a runner has packed of a package in this attempt. */
function preparedOf({ setup, who, local }: Moment, turn: number): Prepared {
  const commit = setup.commits[who]!;
  const name = PACKAGES[turn]!;
  const files = [0, 1].map((index): ReleaseFile => ({
    name: `${name}-${index}`,
    size: 1,
    digest: digestOf(setup, { name: `${name}-${index}`, commit, build: `${who}.${local.attempt}` }),
    wave: setup.hasWaves ? index : 0,
  }));
  const pkg = npmPackage({ name, registryName: name });
  const release = { package: pkg, version: "1.0.0", tag: `${name}-v1.0.0`, previous: null };
  return { release: { ...release, commit, artifacts: [] }, files, warnings: [] };
}

function digestOf(
  { builds }: Setup,
  { name, commit, build }: {
    readonly name: string;
    readonly commit: string;
    readonly build: string;
  },
): string {
  if (builds === "same bytes") return name;
  return builds === "bytes of their commit" ? `${name} of ${commit}` : `${name} of ${build}`;
}

function lookAt({ held }: Shared, { files }: Prepared): Look {
  const presenceOf = ({ name, digest }: ReleaseFile): Presence => {
    const found = held[name];
    if (found === undefined) return { state: "absent" };
    return found.digest === digest ? { state: "same" } : { state: "other", held: found.digest };
  };
  const presences = new Map(files.map((file) => [file.name, presenceOf(file)]));
  return { files: presences, versions: [], notBelow: [] };
}

function recordsOf(
  { hasRecords }: Setup,
  { shared, prepared }: { readonly shared: Shared; readonly prepared: Prepared },
): Records {
  const commits = prepared.files.flatMap(({ name }) => {
    const found = shared.held[name];
    if (!hasRecords || found === undefined) return [];
    return [[name, { commit: found.from, source: "its record" }] as const];
  });
  return { commits: new Map(commits), notes: [] };
}
