/**
 * Stage 3: what do the registries hold, file by file? Only definite answers count: an unknown is never "absent", and
 * stops the run before anything is written.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import type { Look } from "../../registry/registry.ts";
import { openGates } from "./gates.ts";
import { judge, type Verdict } from "./judge.ts";
import { type Checked, type Judged, refOf, type Run } from "./run.ts";

/** Looks for every release, side by side. Throws when a registry's answer is not definite. */
export async function lookStage(run: Run, checked: readonly Checked[]): Promise<readonly Judged[]> {
  run.emit({ type: "stage", stage: "look" });
  const gates = openGates();
  const settled = await Promise.allSettled(checked.map(({ release, prepared }) => {
    const { kind } = release.package;
    return gates[kind](() => run.registries[kind].look(prepared));
  }));
  const failures = settled.flatMap((result) =>
    result.status === "rejected" ? [asFailure(result.reason)] : []
  );
  if (failures.length > 0) throw combineFailures(failures);
  return checked.map((one, index) => {
    const result = settled[index];
    if (result?.status !== "fulfilled") throw new Error("unreachable: a failed look was thrown");
    return tell(run, { ...one, look: result.value, verdict: judge(one.prepared, result.value) });
  });
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function tell(run: Run, judged: Judged): Judged {
  const release = refOf(judged.release);
  for (const file of judged.prepared.files) {
    const held = heldOf(judged.look, file.name);
    const state = judged.look.files.get(file.name)?.state ?? "absent";
    run.emit({
      type: "file-present",
      release,
      file: file.name,
      state,
      ...(held === undefined ? {} : { held, made: file.digest }),
    });
  }
  for (const message of keptWarnings(judged.verdict)) {
    run.emit({ type: "warning", message, release });
  }
  return judged;
}

function heldOf(look: Look, file: string): string | undefined {
  const presence = look.files.get(file);
  return presence?.state === "other" ? presence.held : undefined;
}

function keptWarnings(verdict: Verdict): readonly string[] {
  if (verdict.to === "refuse") return [];
  return verdict.kept.map(({ file, held }) =>
    `${file.name} is on the registry with other bytes of this very commit: kept as it is there ` +
    `(${held} there, ${file.digest} here)`
  );
}
