/**
 * `doctor`: everything that would keep a release from going well, found before there is one. It writes nothing and mints
 * nothing.
 *
 * @module
 */

import { packageHeads } from "../core/doctor/authorisation.ts";
import { CHECKS } from "../core/doctor/checks.ts";
import { type DoctorDocument, doctorDocument, judgeAll } from "../core/doctor/doctor_document.ts";
import { declaredPhase } from "../core/doctor/trust/declared.ts";
import { localPhase } from "../core/doctor/trust/local.ts";
import { registeredPhase } from "../core/doctor/trust/registered.ts";
import type { Host } from "../host/host.ts";
import { readEndpoints } from "../registry/endpoints.ts";
import type { Event } from "../report/report.ts";
import { askRegistered } from "./doctor/ask_registered.ts";
import { readDoctorFacts } from "./doctor/read_doctor_facts.ts";
import { runSealed } from "./sealed.ts";

/** What can be asked of `doctor`. */
export interface DoctorOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/** Looks at everything. What is wrong is in the document; it throws `PIOT_USAGE` for addresses in the environment that are none. */
export async function doctor(host: Host, options: DoctorOptions = {}): Promise<DoctorDocument> {
  return await runSealed(host, options.onEvent, async (host, emit) => {
    const endpoints = readEndpoints(host.env);
    const facts = await readDoctorFacts(host, { config: options.config, endpoints });
    const judged = judgeAll(CHECKS, facts);
    const onSecret = (secret: string): void => emit({ type: "secret", secret });
    const registered = await askRegistered(host, { config: facts.config, endpoints, onSecret });
    const phases = [
      localPhase(judged, facts),
      declaredPhase(facts),
      registeredPhase(facts, registered),
    ];
    return host.vault.clean(doctorDocument({ packages: packageHeads(facts), judged, phases }));
  });
}
