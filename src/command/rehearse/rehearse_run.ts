/**
 * One rehearsed run: publishes, and keeps what the services saw of it.
 *
 * @module
 */

import { type Collector, createCollector } from "../../report/collect.ts";
import { isGood, type Outcome } from "../../report/outcome.ts";
import type { Event, EventOf } from "../../report/report.ts";
import type { Plan, PlannedPackage } from "../../core/plan.ts";
import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import type { Host } from "../../host/host.ts";
import { parseFault } from "../../rehearsal/fault_words.ts";
import type { LoggedRequest } from "../../rehearsal/serve.ts";
import { publish } from "../publish.ts";
import type { ServiceName, Services } from "./open_services.ts";
import type { StagedRepository } from "./stage_repository.ts";

/** A file that a run uploaded. */
export interface UploadedFile {
  /** The registry that took it. */
  readonly registry: ServiceName;
  /** The package that it belongs to. */
  readonly package: string;
  /** Its name on the registry. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
}

/** A request that changed something, or tried to. */
export interface WriteRequest {
  /** The service that got it. */
  readonly service: ServiceName;
  /** The HTTP method. */
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  /** Bytes of its body. */
  readonly bytes: number;
}

/** A tag on the remote. */
export interface RemoteTag {
  /** The tag's name. */
  readonly name: string;
  /** The commit that it stands for. */
  readonly commit: string;
}

/** What one run did. */
export interface RehearsedRun {
  /** What became of each package, in the plan's order. */
  readonly outcomes: readonly Outcome[];
  /** What ended the run before its first upload, when something did. */
  readonly failure?: Failure;
  /** The files that were uploaded. */
  readonly uploads: readonly UploadedFile[];
  /** The requests that wrote, in their order. */
  readonly writes: readonly WriteRequest[];
  /** All tags on the remote after the run. */
  readonly tags: readonly RemoteTag[];
  /** The tags that have a GitHub Release after the run. */
  readonly releases: readonly string[];
}

/** What a run needs. */
export interface RunParts {
  readonly host: Host;
  readonly services: Services;
  readonly staged: StagedRepository;
  readonly plan: Plan;
  /** The folder with the artifacts, absolute. */
  readonly artifacts: string;
  readonly config?: string;
  readonly emit: (event: Event) => void;
}

const SERVICES = { crates: "crates.io", pypi: "PyPI", npm: "npm" } as const;

/**
 * Runs `publish` until there is nothing left to do: once, and once more to see that. With a fault the first run meets it,
 * and there is a run between the two that recovers. Throws what ended a run before its first upload, unless it was the
 * fault's doing.
 */
export async function rehearseRuns(
  parts: RunParts,
  fault: string | undefined,
): Promise<readonly RehearsedRun[]> {
  const { emit, services } = parts;
  const runs: RehearsedRun[] = [];
  if (fault !== undefined) {
    const broken = parseFault(fault);
    services.breakNext(broken.service, broken.fault);
    emit({ type: "notice", message: `First run: the release, with one request broken (${fault})` });
    runs.push(await rehearseRun(parts));
  }
  emit({
    type: "notice",
    message: fault === undefined ? "First run: the release" : "Next run: recovers",
  });
  runs.push(rethrow(await rehearseRun(parts)));
  emit({ type: "notice", message: "Last run: the same commit, the same plan" });
  runs.push(rethrow(await rehearseRun(parts)));
  return runs;
}

function rethrow(run: RehearsedRun): RehearsedRun {
  if (run.failure !== undefined) throw run.failure;
  return run;
}

async function rehearseRun(parts: RunParts): Promise<RehearsedRun> {
  const before = parts.services.requests().length;
  const memory = createCollector();
  const ending = await publishOnce(parts, memory);
  const writes = parts.services.requests().slice(before)
    .filter(({ request }) => isWrite(request))
    .map(({ service, request }) => {
      const { method, path, status, size: bytes } = request;
      return { service, method, path, status, bytes };
    });
  return {
    ...ending,
    uploads: memory.events.flatMap((event) =>
      event.type === "upload-finished" ? [uploadOf(event)] : []
    ),
    writes,
    tags: await readTags(parts.staged.bare, parts.host),
    releases: parts.services.releases(),
  };
}

async function publishOnce(
  { host, plan, artifacts, config, emit }: RunParts,
  memory: Collector,
): Promise<Pick<RehearsedRun, "outcomes" | "failure">> {
  try {
    const { outcomes } = await publish(host, {
      plan: JSON.stringify(plan),
      artifacts,
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

function uploadOf(
  { release, file, bytes }: EventOf<"upload-started" | "upload-finished">,
): UploadedFile {
  return { registry: SERVICES[release.kind], package: release.name, file, bytes };
}

/** Whether a request writes. git asks what to fetch with a POST, so of its requests only the push itself does. */
export function isWrite({ method, path }: Pick<LoggedRequest, "method" | "path">): boolean {
  return !["GET", "HEAD"].includes(method) && !path.endsWith("/git-upload-pack");
}

async function readTags(bare: string, { env }: Host): Promise<readonly RemoteTag[]> {
  const git = createGit({ cwd: bare, env });
  const format =
    "--format=%(refname:short) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";
  const text = await git.text(["for-each-ref", format, "refs/tags"]);
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [name = "", commit = ""] = line.split(" ");
    return { name, commit };
  });
}

/** Whether everything that was planned is out: on its registry, tagged at the commit, with its GitHub Release. */
export function isComplete(run: RehearsedRun, plan: Plan): boolean {
  const commits = new Map(run.tags.map(({ name, commit }) => [name, commit]));
  const isOut = ({ tag }: PlannedPackage): boolean =>
    commits.get(tag) === plan.head && run.releases.includes(tag);
  return run.outcomes.every(isGood) && plan.packages.every(isOut);
}

/** Whether a run changed nothing: everything was there, and no service was asked to write. */
export function isQuiet(run: RehearsedRun): boolean {
  return run.writes.length === 0 && run.outcomes.every(({ status }) => status === "skipped");
}
