/**
 * Checks what was built, by the stages of a release that come before anybody is asked.
 *
 * @module
 */

import type { ArtifactsDocument } from "../../core/doctor/doctor_document.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import { Failure } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import type { Event } from "../../report/report.ts";
import { planStage } from "../publish/plan_stage.ts";
import { prepareStage } from "../publish/prepare_stage.ts";
import { startRun } from "../publish/start_run.ts";

/** What was found. */
export interface CheckedArtifacts {
  readonly document: ArtifactsDocument;
  readonly findings: readonly Finding[];
}

const CHECK = "artifacts";

/** Nothing can be told of what was built for a configuration that does not load; that one is told by itself. */
export function unplanned(folder: string): CheckedArtifacts {
  const line = "not looked at: the configuration does not load";
  return { document: { folder, verdict: "unknown", line }, findings: [] };
}

/** Plans, and prepares what is planned. Throws what interrupts it. */
export async function checkArtifacts(
  host: Host,
  { config, folder, emit }: {
    readonly config: string | undefined;
    readonly folder: string;
    readonly emit: (event: Event) => void;
  },
): Promise<CheckedArtifacts> {
  const warnings: Finding[] = [];
  const listen = (event: Event): void => {
    if (event.type === "secret" || event.type === "request") emit(event);
    if (event.type === "warning") warnings.push(warningOf(event.message, event.hint));
    if (event.type === "plan") warnings.push(...event.plan.warnings.map((text) => warningOf(text)));
  };
  const place = config === undefined ? {} : { config };
  try {
    const work = await planStage(host, { ...place, kinds: REGISTRY_KINDS, emit: listen });
    if (work.plan.packages.length === 0) {
      const document = { folder, verdict: "neutral", line: "nothing is planned" } as const;
      return { document, findings: warnings };
    }
    const { run, end } = await startRun(host, work, {
      ...{ artifacts: folder, dryRun: true, emit: listen, registryKinds: REGISTRY_KINDS },
    });
    try {
      const checked = await prepareStage(run);
      const files = checked.flatMap(({ prepared }) => prepared.files).length;
      const line = `${files} files of ${checked.length} packages are fit to publish`;
      const verdict = warnings.length > 0 ? "warning" : "passed";
      return { document: { folder, verdict, line }, findings: warnings };
    } finally {
      await end();
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    const findings = error.problems.map(({ message, hint, location }): Finding => ({
      check: CHECK,
      weight: "failed",
      message,
      mend: hint ?? "Mend what is shown",
      ...(location === undefined ? {} : { location }),
    }));
    const document = { folder, verdict: "failed", line: findings[0]!.message } as const;
    return { document, findings: [...findings, ...warnings] };
  }
}

function warningOf(message: string, hint = "See whether that is meant"): Finding {
  return { check: CHECK, weight: "warning", message, mend: hint };
}
