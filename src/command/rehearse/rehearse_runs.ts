/**
 * The rehearsed runs: each publishes, and what the services saw of it is kept.
 *
 * @module
 */

import type { Plan } from "../../core/plan.ts";
import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import { parseFault } from "../../rehearsal/fault_words.ts";
import type { LoggedRequest } from "../../rehearsal/serve.ts";
import { type Collector, createCollector } from "../../report/collect.ts";
import type { EventOf } from "../../report/report.ts";
import { publish } from "../publish.ts";
import type { Scene } from "./open_scene.ts";
import type { ServiceRequest } from "./open_services.ts";
import type { RehearsedRun, RemoteTag, UploadedFile, WriteRequest } from "./rehearsed_run.ts";

/** What every run does. */
export interface RunScript {
  readonly plan: Plan;
  /** The folder with the artifacts, absolute. */
  readonly artifacts: string;
  readonly config: string | undefined;
  /** Breaks one request of a first run: `npm-upload:lost-after`. */
  readonly fault: string | undefined;
}

/**
 * Runs `publish` until there is nothing left to do: once, and once more to see that. With a fault the first run meets it,
 * and there is a run between the two that recovers. Throws what ended a run before its first upload, unless it was the
 * fault's doing.
 */
export async function rehearseRuns(
  scene: Scene,
  script: RunScript,
): Promise<readonly RehearsedRun[]> {
  const { emit } = scene;
  const { fault } = script;
  const broken = fault === undefined ? [] : [await brokenRun(scene, { ...script, fault })];
  const message = fault === undefined ? "First run: the release" : "Next run: recovers";
  emit({ type: "notice", message });
  const release = rethrow(await rehearseRun(scene, script));
  emit({ type: "notice", message: "Last run: the same commit, the same plan" });
  const again = rethrow(await rehearseRun(scene, script));
  return [...broken, release, again];
}

async function brokenRun(
  scene: Scene,
  script: RunScript & { readonly fault: string },
): Promise<RehearsedRun> {
  const { service, fault } = parseFault(script.fault);
  scene.services.breakNext(service, fault);
  const message = `First run: the release, with one request broken (${script.fault})`;
  scene.emit({ type: "notice", message });
  return await rehearseRun(scene, script);
}

function rethrow(run: RehearsedRun): RehearsedRun {
  if (run.failure !== undefined) throw run.failure;
  return run;
}

async function rehearseRun(scene: Scene, script: RunScript): Promise<RehearsedRun> {
  const { services } = scene;
  const before = services.requests().length;
  const memory = createCollector();
  const ending = await publishOnce(scene, { script, memory });
  return {
    ...ending,
    uploads: memory.events.flatMap((event) =>
      event.type === "upload-finished" ? [uploadOf(event)] : []
    ),
    writes: services.requests().slice(before).filter(({ request }) => isWrite(request)).map(
      writeOf,
    ),
    tags: await readTags(scene),
    releases: services.releases(),
  };
}

async function publishOnce(
  { host, emit }: Scene,
  { script, memory }: { readonly script: RunScript; readonly memory: Collector },
): Promise<Pick<RehearsedRun, "outcomes" | "failure">> {
  const { plan, artifacts, config } = script;
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

const SERVICES = { crates: "crates.io", pypi: "PyPI", npm: "npm" } as const;

function uploadOf(
  { release, file, bytes }: EventOf<"upload-started" | "upload-finished">,
): UploadedFile {
  return { registry: SERVICES[release.kind], package: release.name, file, bytes };
}

/** Whether a request writes. git asks what to fetch with a POST, so of its requests only the push itself does. */
export function isWrite({ method, path }: Pick<LoggedRequest, "method" | "path">): boolean {
  return !["GET", "HEAD"].includes(method) && !path.endsWith("/git-upload-pack");
}

function writeOf({ service, request }: ServiceRequest): WriteRequest {
  const { method, path, status, size: bytes } = request;
  return { service, method, path, status, bytes };
}

async function readTags({ staged, host }: Scene): Promise<readonly RemoteTag[]> {
  const git = createGit({ cwd: staged.bare, env: host.env });
  const format =
    "--format=%(refname:short) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";
  const text = await git.text(["for-each-ref", format, "refs/tags"]);
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [name = "", commit = ""] = line.split(" ");
    return { name, commit };
  });
}
