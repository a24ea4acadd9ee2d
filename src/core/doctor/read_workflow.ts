/**
 * Reads a workflow file. What GitHub would refuse is told; what it takes and nobody needs here is left alone.
 *
 * @module
 */

import type { Location } from "../../error.ts";
import type { Found } from "./finding.ts";
import { placed, readSteps, readTexts } from "./read_steps.ts";
import type { Job, Permissions, Placed, Workflow, WorkflowFile } from "./workflow.ts";
import { readYaml, type Yaml } from "./yaml_tree.ts";

/** A workflow's text, and where it lies. */
export interface WorkflowSource {
  /** The file, relative to the folder that piot runs in. */
  readonly file: string;
  /** Its path from the top of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Reads a file. Never throws: a file that cannot be read is one with problems. */
export function readWorkflow({ file, path, text }: WorkflowSource): WorkflowFile {
  const { root, problems } = readYaml(text, file);
  if (root === undefined) return { file, path, workflow: undefined, problems };
  const jobs = root.get("jobs");
  const shape = shapeProblem(root, { file, jobs });
  if (shape !== undefined) {
    return { file, path, workflow: undefined, problems: [...problems, shape] };
  }
  const on = root.get("on");
  const workflow: Workflow = {
    ...{ file, path, source: text, raw: root },
    triggers: readTriggers(on),
    triggersAt: on?.at ?? root.at,
    permissions: readPermissions(root.get("permissions")),
    env: readTexts(root.get("env")),
    concurrency: root.get("concurrency"),
    jobs: jobs!.entries().map(([id, value, at]) => readJob(id, value, at)),
  };
  return { file, path, workflow, problems };
}

function shapeProblem(
  root: Yaml,
  { file, jobs }: { readonly file: string; readonly jobs: Yaml | undefined },
): Found | undefined {
  if (root.kind === "empty") return { message: `${file} is empty`, location: { file } };
  if (root.kind !== "map") return { message: `${file} holds no workflow`, location: root.at };
  if (jobs?.kind !== "map") return { message: `${file} has no \`jobs\``, location: root.at };
  if ((root.get("on")?.kind ?? "empty") === "empty") {
    return { message: `${file} has no \`on\`: nothing starts it`, location: root.at };
  }
  return undefined;
}

function readTriggers(on: Yaml | undefined): ReadonlyMap<string, Yaml | undefined> {
  if (on?.text !== undefined) return new Map([[on.text, undefined]]);
  if (on?.kind === "list") {
    return new Map(on.items().map(({ text = "" }) => [text, undefined] as const));
  }
  return new Map((on?.entries() ?? []).map(([name, value]) => [name, value] as const));
}

const LEVELS: Readonly<Record<string, Permissions["others"]>> = {
  "read-all": "read",
  "write-all": "write",
};

/** `permissions:` as it stands; undefined where there is none. An empty one takes everything away, as `{}` does. */
export function readPermissions(value: Yaml | undefined): Permissions | undefined {
  if (value === undefined) return undefined;
  const { at, text } = value;
  if (text !== undefined) return { at, others: LEVELS[text] ?? "unknown", scopes: new Map() };
  return { at, others: "none", scopes: readTexts(value) };
}

function readJob(id: string, raw: Yaml, at: Location): Job {
  const environment = raw.get("environment");
  return {
    ...{ id, at, raw },
    needs: readList(raw.get("needs")),
    if: placed(raw.get("if")),
    permissions: readPermissions(raw.get("permissions")),
    environment: environment === undefined ? undefined : {
      text: environment.text ?? environment.get("name")?.text ?? "",
      at: environment.at,
    },
    runsOn: readRunner(raw.get("runs-on")),
    env: readTexts(raw.get("env")),
    concurrency: raw.get("concurrency"),
    continueOnError: placed(raw.get("continue-on-error")),
    container: raw.get("container"),
    steps: readSteps(raw.get("steps")),
    uses: placed(raw.get("uses")),
  };
}

function readList(value: Yaml | undefined): readonly Placed[] {
  const single = placed(value);
  if (single !== undefined) return [single];
  return value?.items().flatMap((item) => placed(item) ?? []) ?? [];
}

function readRunner(value: Yaml | undefined): readonly Placed[] {
  if (value?.kind !== "map") return readList(value);
  return [...readList(value.get("group")), ...readList(value.get("labels"))];
}
