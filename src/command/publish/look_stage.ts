/**
 * Stage 3: what do the registries hold, file by file? Only definite answers count: an unknown is never "absent", and
 * stops the run before anything is written. A definite answer against a release is that release's own.
 *
 * @module
 */

import { combineFailures } from "../../error.ts";
import { type Look, ReleaseRefused } from "../../registry/registry.ts";
import { judge, keptWords, type Verdict } from "./judge.ts";
import { beginStage, type Checked, type Judged, refOf, type Run, settle } from "./run.ts";

/** Looks for every release, side by side. Throws when a registry's answer is not definite. */
export async function lookStage(run: Run, checked: readonly Checked[]): Promise<readonly Judged[]> {
  beginStage(run, "look");
  const { values, failures } = await settle(checked.map((release) => look(run, release)));
  run.host.signal.throwIfAborted();
  if (failures.length > 0) throw combineFailures(failures);
  return values.map((judged) => tell(run, judged));
}

async function look(run: Run, checked: Checked): Promise<Judged> {
  const { release: { package: { kind } }, prepared } = checked;
  const found = await run.gates[kind](() => {
    run.host.signal.throwIfAborted();
    return run.registries[kind].look(prepared);
  }).catch((error: unknown) => {
    if (error instanceof ReleaseRefused) return error;
    throw error;
  });
  return found instanceof ReleaseRefused
    ? { ...checked, look: NOTHING_SEEN, verdict: { to: "refuse", failure: found } }
    : { ...checked, look: found, verdict: judge(prepared, found) };
}

const NOTHING_SEEN: Look = { files: new Map(), versions: [], notBelow: [] };

function tell(run: Run, judged: Judged): Judged {
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
  for (const message of [...judged.look.notes ?? [], ...keptWarnings(judged.verdict)]) {
    run.emit({ type: "warning", message, release });
  }
  return judged;
}

function keptWarnings(verdict: Verdict): readonly string[] {
  if (verdict.to === "refuse") return [];
  return verdict.kept.map(({ file, held }) =>
    `${file.name} is on the registry with ${keptWords(file, held)}`
  );
}
