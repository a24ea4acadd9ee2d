/**
 * `doctor`: everything that would keep a release from going well, found before there is one. It writes nothing and mints
 * nothing.
 *
 * @module
 */

import { packageHeads } from "../core/doctor/authorisation.ts";
import { CHECKS } from "../core/doctor/checks.ts";
import { type DoctorDocument, doctorDocument, judgeAll } from "../core/doctor/doctor_document.ts";
import type { DoctorFacts } from "../core/doctor/facts.ts";
import { tellPublishers } from "../core/doctor/publishers.ts";
import { declaredPhase } from "../core/doctor/trust/declared.ts";
import { lastPhase } from "../core/doctor/trust/last_release.ts";
import { localPhase } from "../core/doctor/trust/local.ts";
import { registeredPhase } from "../core/doctor/trust/registered.ts";
import type { Host } from "../host/host.ts";
import { type Endpoints, readEndpoints } from "../registry/endpoints.ts";
import type { Event } from "../report/report.ts";
import { askIdentity } from "./doctor/ask_identity.ts";
import { askOnline } from "./doctor/ask_online.ts";
import { askRegistered } from "./doctor/ask_registered.ts";
import { checkArtifacts, unplanned } from "./doctor/check_artifacts.ts";
import { readDoctorFacts } from "./doctor/read_doctor_facts.ts";
import { runSealed } from "./sealed.ts";

/** What can be asked of `doctor`. */
export interface DoctorOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Whether registries and GitHub are asked. */
  readonly online?: boolean;
  /** The folder with what was built, where that is to be checked. */
  readonly artifacts?: string;
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/** Looks at everything. What is wrong is in the document; it throws `PIOT_USAGE` for addresses in the environment that are none. */
export async function doctor(host: Host, options: DoctorOptions = {}): Promise<DoctorDocument> {
  return await runSealed(host, options.onEvent, async (host, emit) => {
    const endpoints = readEndpoints(host.env);
    const onSecret = (secret: string): void => emit({ type: "secret", secret });
    const asking = { endpoints, onSecret, online: options.online ?? false };
    const facts = await readFacts(host, { ...asking, config: options.config });
    const judged = judgeAll(CHECKS, facts);
    const registered = await askRegistered(host, { ...asking, config: facts.config });
    const { artifacts: folder, config } = options;
    const artifacts = folder === undefined
      ? undefined
      : facts.config === undefined
      ? unplanned(folder)
      : await checkArtifacts(host, { config, folder, emit });
    return host.vault.clean(doctorDocument({
      packages: packageHeads(facts),
      judged,
      phases: [
        localPhase(judged, facts),
        declaredPhase(facts),
        registeredPhase(facts, registered),
        lastPhase(facts),
      ],
      ...(artifacts === undefined ? {} : { artifacts }),
      more: await askIdentity(host, { facts, onSecret }),
      publishers: tellPublishers(facts),
    }));
  });
}

/** Files first, then whoever can tell more. */
async function readFacts(
  host: Host,
  { config, endpoints, online, onSecret }: {
    readonly config: string | undefined;
    readonly endpoints: Endpoints;
    readonly online: boolean;
    readonly onSecret: (secret: string) => void;
  },
): Promise<DoctorFacts> {
  const facts = await readDoctorFacts(host, { config, endpoints });
  if (!online) return facts;
  const options = {
    ...{ host, root: host.cwd, endpoints, ownFolders: [], patience: 0, onSecret },
    onWait: () => {},
  };
  return { ...facts, online: await askOnline(host, { facts, options }) };
}
