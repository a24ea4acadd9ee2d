/**
 * The rehearsed runs: each publishes, and what the services saw of it is kept.
 *
 * @module
 */

import type { Plan } from "../../core/model/plan.ts";
import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import type { RegistryKind } from "../../registry/registry_kind.ts";
import type { RehearsedFault } from "../../rehearsal/server/faults.ts";
import { type Collector, createCollector, type EventOf } from "../../report/report.ts";
import { publishKinds } from "../publish.ts";
import { localRegistryFor, serviceOf } from "./kinds/kinds.ts";
import type { Sandbox } from "./open_sandbox.ts";
import type { ServiceRequest } from "./open_services.ts";
import {
  isWrite,
  type RehearsedRun,
  type RemoteTag,
  type SeenRequest,
  type UploadedFile,
} from "./rehearsed_run.ts";
import { approveWaiting } from "./trusted_job.ts";

/** What every run does. */
export interface RunScript {
  readonly plan: Plan;
  /** The folder with the artifacts, absolute. */
  readonly artifacts: string;
  readonly config: string | undefined;
  /** What breaks. */
  readonly faults: readonly RehearsedFault[];
  /** Whether versions wait for approval, and are approved between the runs. */
  readonly stage: boolean;
  /** Packages that may show less of their origin than the version before. */
  readonly allowDowngrade: readonly string[];
}

/** What the runs showed. */
export interface RehearsedRuns {
  /** The runs, in their order. */
  readonly runs: readonly RehearsedRun[];
  /** The faults that no run met, as they were said. */
  readonly unmet: readonly string[];
}

/**
 * Runs `publish` until there is nothing left to do: once, and once more to see that. With faults the first run meets them,
 * and there is a run behind it that recovers. What waits for approval gets it, and a run that finds it so. Throws what
 * ended a run before its first upload, unless it was a fault's doing.
 */
export async function rehearseRuns(sandbox: Sandbox, script: RunScript): Promise<RehearsedRuns> {
  const { emit } = sandbox;
  const traps = setTraps(sandbox, script.faults);
  const runs = [
    ...await runsOfOneStep(sandbox, { ...script, traps, what: "First run: the release" }),
  ];
  if (script.stage) {
    const approved = approveWaiting(sandbox.services.registries);
    emit({ type: "notice", message: `A maintainer approves ${approved.join(", ") || "nothing"}` });
    const what = "Next run: finds what was approved";
    runs.push(...await runsOfOneStep(sandbox, { ...script, traps, what }));
  }
  emit({ type: "notice", message: "Last run: the same commit, the same plan" });
  runs.push(rethrow(await rehearseRun(sandbox, script)));
  return { runs, unmet: unmetOf(traps) };
}

/** Faults of a rehearsal. They hit nothing outside the runs that are there for them. */
interface Traps {
  isOpen: boolean;
  readonly all: readonly { readonly text: string; readonly isMet: () => boolean }[];
}

function setTraps({ services }: Sandbox, faults: readonly RehearsedFault[]): Traps {
  const traps: Traps = {
    isOpen: false,
    all: faults.map(({ text, service, fault }) => ({
      text,
      isMet: services.breakNext(service, {
        ...fault,
        matches: (request) => traps.isOpen && fault.matches(request),
      }),
    })),
  };
  return traps;
}

function unmetOf({ all }: Traps): readonly string[] {
  return all.filter(({ isMet }) => !isMet()).map(({ text }) => text);
}

/** One run; with faults that wait still, one that may meet them, and one that recovers. */
async function runsOfOneStep(
  sandbox: Sandbox,
  { traps, what, ...script }: RunScript & { readonly traps: Traps; readonly what: string },
): Promise<readonly RehearsedRun[]> {
  const { emit } = sandbox;
  const waiting = unmetOf(traps);
  if (waiting.length === 0) {
    emit({ type: "notice", message: what });
    return [rethrow(await rehearseRun(sandbox, script))];
  }
  const message = `${what}, with broken requests (${waiting.join(", ")})`;
  emit({ type: "notice", message });
  traps.isOpen = true;
  const broken = await rehearseRun(sandbox, script);
  traps.isOpen = false;
  emit({ type: "notice", message: "Next run: recovers" });
  return [broken, rethrow(await rehearseRun(sandbox, script))];
}

function rethrow(run: RehearsedRun): RehearsedRun {
  if (run.failure !== undefined) throw run.failure;
  return run;
}

async function rehearseRun(sandbox: Sandbox, script: RunScript): Promise<RehearsedRun> {
  const { services } = sandbox;
  const before = services.requests().length;
  const memory = createCollector();
  const ending = await publishOnce(sandbox, { script, memory });
  const seen = services.requests().slice(before).map(seenRequest);
  return {
    ...ending,
    uploads: uploadsOf(memory, ending),
    requests: seen,
    writes: seen.filter(isWrite),
    tags: await readTags(sandbox),
    releases: services.releases(),
  };
}

async function publishOnce(
  { host, services, emit, startedWith }: Sandbox,
  { script, memory }: { readonly script: RunScript; readonly memory: Collector },
): Promise<Pick<RehearsedRun, "outcomes" | "failure">> {
  const { plan, artifacts, config, allowDowngrade } = script;
  try {
    const { outcomes } = await publishKinds(kindsOf({ services, startedWith }), host, {
      plan: JSON.stringify(plan),
      artifacts,
      allowDowngrade,
      ...(config === undefined ? {} : { config }),
      onEvent: (event) => {
        emit(event);
        memory.emit(event);
      },
    });
    return { outcomes };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    emit({ type: "failure", failure: error });
    return { outcomes: [], failure: error };
  }
}

/** The very kinds that publish, told what the registries of this machine cannot give, and what code could read here. */
function kindsOf(
  { services: { registries }, startedWith }: Pick<Sandbox, "services" | "startedWith">,
): readonly RegistryKind[] {
  return REGISTRY_KINDS.map((kind) => {
    const missing = localRegistryFor(registries, kind.rules)?.missing;
    const known = { startedWith, ...(missing === undefined ? {} : { missing }) };
    return { ...kind, open: (options) => kind.open({ ...options, ...known }) };
  });
}

/** What was accepted, without what its registry then did not show: something else had answered. */
function uploadsOf(
  { events }: Collector,
  { outcomes }: Pick<RehearsedRun, "outcomes">,
): readonly UploadedFile[] {
  const unseen = new Set(
    outcomes.flatMap((outcome) =>
      outcome.status === "unconfirmed"
        ? outcome.unseen.map((file) => `${outcome.name} ${file}`)
        : []
    ),
  );
  return events.flatMap((event) => event.type === "upload-finished" ? [uploadOf(event)] : [])
    .filter((upload) => !unseen.has(`${upload.package} ${upload.file}`));
}

function uploadOf(
  { release, file, bytes }: EventOf<"upload-started" | "upload-finished">,
): UploadedFile {
  return { registry: serviceOf(release), package: release.name, file, bytes };
}

function seenRequest({ service, request }: ServiceRequest): SeenRequest {
  const { method, path, status, size: bytes } = request;
  return { service, method, path, status, bytes };
}

async function readTags({ copy, host }: Sandbox): Promise<readonly RemoteTag[]> {
  const git = createGit({ cwd: copy.bare, env: host.env });
  const format =
    "--format=%(refname:short) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";
  const text = await git.text(["for-each-ref", format, "refs/tags"]);
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [name = "", commit = ""] = line.split(" ");
    return { name, commit };
  });
}
