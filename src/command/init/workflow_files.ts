/**
 * The workflows of the repository around a folder, ready to be written.
 *
 * @module
 */

import { relative, resolve, sep } from "node:path";
import { draftWorkflows } from "../../core/init/draft_workflows.ts";
import type { Config } from "../../core/model/config.ts";
import type { WorkflowSetup } from "../../core/workflow/workflow_setup.ts";
import type { BuildSetup } from "../../core/workflow/step_text.ts";
import { kindOfPath } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import { VERSION } from "../../host/version.ts";
import { KIND_DRAFTS } from "../../registry/kind_drafts.ts";
import { knownKinds } from "../../registry/kinds.ts";
import { findPlace } from "./repository_place.ts";
import type { ScaffoldFile } from "./write_scaffold.ts";

/** What they are for. */
export interface WorkflowWish {
  /** The absolute folder that piot runs in. */
  readonly folder: string;
  /** The configuration file, from there. */
  readonly file: string;
  readonly config: Config | undefined;
  /** The files of the folder, relative to it. */
  readonly listed: readonly string[];
  readonly cadence: WorkflowSetup["cadence"] | undefined;
}

/** Drafts them, and says what does not fit together. */
export async function workflowFiles(
  host: Pick<Host, "cwd" | "env">,
  { folder, file, config, listed, cadence }: WorkflowWish,
): Promise<{ readonly files: readonly ScaffoldFile[]; readonly warnings: readonly string[] }> {
  const place = await findPlace(folder, host.env);
  const drafted = draftWorkflows({
    config,
    drafts: KIND_DRAFTS,
    known: knownKinds(),
    setup: {
      version: VERSION,
      cadence: cadence ?? config?.cadence ?? "immediate",
      branch: place.branch,
      folder: place.folder,
      ...(file === "putitoutthere.toml" ? {} : { config: file }),
    },
    packageManager: packageManagerOf(listed, config),
  });
  const said = config?.cadence ?? cadence;
  const isLocked = await kindOfPath(resolve(place.root, LOCKED)) !== undefined;
  return {
    files: drafted.map(({ path, text }) => {
      const absolute = resolve(place.root, path);
      return {
        path: absolute,
        file: relative(folder, absolute).replaceAll(sep, "/"),
        text,
        makesFolder: true,
      };
    }),
    warnings: [
      ...cadence === undefined || said === cadence || config === undefined ? [] : [
        `${file} says cadence = "${said}", and the workflow is written for "${cadence}": change that line`,
      ],
      ...isLocked
        ? [
          `${LOCKED} locks the actions of workflows: run \`gh actions-lock\`, or GitHub starts none of these`,
        ]
        : [],
    ],
  };
}

/** Where GitHub locks the actions that workflows use; an action that is missing there stops the start, without a log. */
const LOCKED = ".github/workflows/actions.lock";

/** Lock files, by who writes them. */
const LOCKS = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
] as const;

/**
 * What installs the packages, and whether a lock file says what: at the root where that has a package.json, since the
 * step runs there then, else in each package's folder or one above. A lock file of anything else is no package's.
 */
function packageManagerOf(
  listed: readonly string[],
  config: Config | undefined,
): BuildSetup["packageManager"] {
  const files = new Set(listed);
  const folders = config?.packages.filter(({ kind }) => kind === "npm").map(({ path }) => path);
  const places = files.has("package.json") ? ["."] : folders ?? ["."];
  const found = places.map((place) =>
    foldersTo(place).map((folder) => LOCKS.find(([lock]) => files.has(`${folder}${lock}`)))
      .find((lock) => lock !== undefined)
  );
  const name = found.find((lock) => lock !== undefined)?.[1];
  return {
    name: name ?? "npm",
    isLocked: name !== undefined && found.every((lock) => lock?.[1] === name),
  };
}

/** A folder and those above it, the nearest first, each ready to have a file's name behind it. */
function foldersTo(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== ".");
  return [...parts.map((_, at) => `${parts.slice(0, parts.length - at).join("/")}/`), ""];
}
