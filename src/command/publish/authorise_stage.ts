/**
 * Stage 4: a credential for every package that has something to upload, proven as far as its registry allows. A run that
 * uploads nothing, a dry run or one of a pull request, ends with it.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import { type Credential, ReleaseRefused } from "../../registry/registry.ts";
import type { Outcome, OutcomeDetail } from "../../report/outcome.ts";
import { beginStage, type Judged, type Ready, refOf, type Run, tellOutcome } from "./run.ts";
import { weigh } from "./trust_ratchet.ts";

/**
 * Finds every credential, so that a missing one is known before the first upload. Throws one failure for all packages
 * without one: that is how the run was set up. What a registry has against one package is that package's own trouble, and
 * so is evidence that would fall: it is refused, and the rest go on. A pull request has no secrets, so there each becomes
 * a warning.
 */
export async function authoriseStage(
  run: Run,
  judged: readonly Judged[],
): Promise<readonly Ready[]> {
  beginStage(run, "authorise");
  const settled = await Promise.allSettled(judged.map((release) => authorise(run, release)));
  run.host.signal.throwIfAborted();
  const failures: Failure[] = [];
  const ready = settled.map((result, index): Ready => {
    if (result.status === "fulfilled") return result.value;
    const { reason } = result;
    if (!(reason instanceof Failure)) throw reason;
    const without = { ...judged[index]!, credential: undefined };
    if (reason instanceof ReleaseRefused && run.mode !== "pull-request") {
      return { ...without, verdict: { to: "refuse", failure: reason } };
    }
    failures.push(reason);
    return without;
  });
  // A token that is dead is one failure, which every package of its registry meets.
  const different = [...new Set(failures)];
  if (failures.length > 0 && run.mode !== "pull-request") throw combineFailures(different);
  for (const failure of different) {
    run.emit({
      type: "warning",
      message: failure.message,
      hint: "A pull request has no secrets: a release needs one",
    });
  }
  forecast(run, ready);
  return ready;
}

/** Says how long the registries' own limits will take, where that can be reckoned with. */
function forecast(run: Run, ready: readonly Ready[]): void {
  const kinds = new Set(ready.map(({ release }) => release.package.kind));
  for (const kind of kinds) {
    const uploads = ready.flatMap(({ release, prepared, look, credential }) =>
      release.package.kind === kind && credential !== undefined
        ? [{ prepared, look, credential }]
        : []
    );
    const message = run.registries[kind].forecast?.(uploads);
    if (message !== undefined) run.emit({ type: "warning", message });
  }
}

async function authorise(run: Run, judged: Judged): Promise<Ready> {
  const { release, prepared, look, verdict } = judged;
  if (verdict.to !== "send" || verdict.absent.length === 0) {
    return { ...judged, credential: undefined };
  }
  const { name, kind } = release.package;
  const allowDowngrade = run.allowDowngrade.has(name);
  const credential = await run.gates[kind](() => {
    run.host.signal.throwIfAborted();
    return run.registries[kind].authorise(prepared, look, { allowDowngrade });
  });
  run.emit({ type: "secret", secret: credential.secret });
  const { revoke } = credential;
  if (revoke !== undefined) run.defer(revoke);
  return proven(run, judged, credential);
}

/** Tells of a credential; a release whose evidence falls is refused. */
function proven(run: Run, judged: Judged, credential: Credential): Ready {
  const release = refOf(judged.release);
  const isAllowed = run.allowDowngrade.has(release.name);
  const { authorisation, refusal, warnings } = weigh(judged.release, { credential, isAllowed });
  const { kind, why } = credential;
  run.emit({ type: "credential", release, kind, why, names: authorisation.names });
  for (const message of warnings) run.emit({ type: "warning", message, release });
  if (refusal === undefined) return { ...judged, credential, authorisation };
  if (run.mode !== "pull-request") {
    const verdict = { to: "refuse", failure: refusal } as const;
    return { ...judged, verdict, credential: undefined, authorisation };
  }
  for (const { message, hint } of refusal.problems) {
    run.emit({ type: "warning", message, release, ...(hint === undefined ? {} : { hint }) });
  }
  return { ...judged, credential, authorisation };
}

/** An outcome for every release of a run that uploads nothing: it passed the checks, or did not. */
export function checkedOutcomes(run: Run, ready: readonly Ready[]): readonly Outcome[] {
  return ready.map(({ release, verdict, authorisation, next }) =>
    tellOutcome(run, release, {
      ...detailOf(verdict),
      ...(authorisation && { authorisation }),
      ...(next && { next }),
    })
  );
}

function detailOf(verdict: Ready["verdict"]): OutcomeDetail {
  switch (verdict.to) {
    case "refuse":
      return { status: "failed", failure: verdict.failure };
    case "wait":
      return { status: "blocked", by: verdict.by };
    case "send":
      return { status: "checked", absent: verdict.absent.length };
  }
}
