/**
 * Stage 3: what do the registries hold, file by file, and which commit do their records name for it? Only definite answers
 * count: an unknown is never "absent", and stops the run before anything is written. A definite answer against a release is
 * that release's own.
 *
 * @module
 */

import type { Records } from "../../core/release/commit_record.ts";
import { combineFailures, type Failure } from "../../error.ts";
import { type Ancestry, readAncestry } from "../../host/git_facts/ancestry.ts";
import { type Look, ReleaseRefused } from "../../registry/registry.ts";
import { judge, keptWords, SILENT, type Verdict } from "./judge.ts";
import { beginStage, type Checked, type Judged, refOf, type Run, settle } from "./run.ts";
import { recordWords } from "./whose_refusals.ts";

/** Looks for every release, side by side. Throws when a registry's answer is not definite. */
export async function lookStage(run: Run, checked: readonly Checked[]): Promise<readonly Judged[]> {
  beginStage(run, "look");
  const { values, failures } = await settle(checked.map((release) => look(run, release)));
  run.host.signal.throwIfAborted();
  if (failures.length > 0) throw combineFailures(failures);
  const ancestry = await ancestryOf(run, values);
  return values.map((looked) => tell(run, looked, judgeOne(looked, ancestry)));
}

/** What a registry says of a release. */
interface Looked extends Checked {
  readonly look: Look;
  readonly records: Records;
  /** Why it would take nothing of it, whatever is sent. */
  readonly refused?: Failure;
}

async function look(run: Run, checked: Checked): Promise<Looked> {
  const { release: { package: { kind }, commit }, prepared } = checked;
  const registry = run.registries[kind];
  return await run.gates[kind](async (): Promise<Looked> => {
    run.host.signal.throwIfAborted();
    const look = await registry.look(prepared);
    // Without git there is no commit that they could be held against.
    const records = commit === undefined ? SILENT.records : await registry.records(prepared, look);
    return { ...checked, look, records };
  }).catch((error: unknown) => {
    if (!(error instanceof ReleaseRefused)) throw error;
    return nothingOf(checked, error);
  });
}

function nothingOf(checked: Checked, refused: Failure): Looked {
  return { ...checked, look: NOTHING_SEEN, records: SILENT.records, refused };
}

const NOTHING_SEEN: Look = { files: new Map(), versions: [], notBelow: [] };

/** Where the commits lie that the records name; git is asked only when that is another one than HEAD. */
async function ancestryOf(run: Run, looked: readonly Looked[]): Promise<Ancestry> {
  const { repository, plan: { head } } = run;
  if (repository === undefined || head === null) return SILENT.ancestry;
  const commits = looked.flatMap(({ records }) =>
    [...records.commits.values()].map(({ commit }) => commit)
  );
  return await readAncestry(repository.git, { head, commits });
}

function judgeOne({ records, refused, ...looked }: Looked, ancestry: Ancestry): Judged {
  if (refused !== undefined) return { ...looked, verdict: { to: "refuse", failure: refused } };
  const verdict = judge(looked.prepared, looked.look, { records, ancestry });
  if (verdict.to !== "send") return { ...looked, verdict };
  return { ...looked, verdict, release: { ...looked.release, commit: verdict.commit } };
}

function tell(run: Run, { records }: Looked, judged: Judged): Judged {
  const release = refOf(judged.release);
  for (const file of judged.prepared.files) {
    const presence = judged.look.files.get(file.name);
    if (presence === undefined) continue;
    const event = {
      type: "file-present",
      release,
      file: file.name,
      state: presence.state,
    } as const;
    run.emit(
      presence.state === "other" ? { ...event, held: presence.held, built: file.digest } : event,
    );
  }
  const messages = [
    ...judged.look.notes ?? [],
    ...records.notes,
    ...keptWarnings(judged.verdict),
    ...olderWarnings(judged, records),
  ];
  for (const message of messages) run.emit({ type: "warning", message, release });
  return judged;
}

function keptWarnings(verdict: Verdict): readonly string[] {
  if (verdict.to !== "send") return [];
  return verdict.kept.map(({ file, held }) =>
    `${file.name} is on the registry with ${keptWords(file, held)}`
  );
}

/** What belongs to an earlier commit is not what was packed here, whatever its bytes. */
function olderWarnings({ release, prepared }: Judged, { commits }: Records): readonly string[] {
  if (release.commit === prepared.release.commit) return [];
  const parts = [...commits].map(([name, record]) => ({ name, commit: record.commit, record }));
  return [
    `${release.package.name} ${release.version} was made from an earlier commit: ${
      recordWords(parts)
    }; it is tagged there, not at ${prepared.release.commit}`,
  ];
}
