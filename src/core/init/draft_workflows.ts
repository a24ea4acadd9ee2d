/**
 * Drafts the workflows of a repository from what its configuration declares. Without a package they show every way of
 * building: whoever has none yet looks for what is possible.
 *
 * @module
 */

import type { KnownKinds } from "../config/kind_config.ts";
import { parseConfig } from "../config/parse_config.ts";
import { Failure } from "../../error.ts";
import type { Config } from "../model/config.ts";
import type { Kind, Package } from "../model/package.ts";
import { checkWorkflow } from "../workflow/check_workflow.ts";
import { delegatedFiles } from "../workflow/delegated_jobs.ts";
import { releaseWorkflow } from "../workflow/release_workflow.ts";
import type { WorkflowBuilds, WorkflowSetup } from "../workflow/workflow_setup.ts";
import type { BuildSetup } from "../workflow/step_text.ts";
import type { KindDrafts } from "./kind_draft.ts";

/** What workflows are drafted from. */
export interface WorkflowInput {
  /** What is declared; undefined where no package is. */
  readonly config: Config | undefined;
  readonly drafts: KindDrafts;
  readonly known: KnownKinds;
  readonly setup: WorkflowSetup;
  readonly packageManager: BuildSetup["packageManager"];
}

/** A file, by its path from the root of the repository. */
export interface DraftedFile {
  readonly path: string;
  readonly text: string;
}

/** Drafts both workflows. Throws `PIOT_USAGE` where a name could be read as something else in one of them. */
export function draftWorkflows(input: WorkflowInput): readonly DraftedFile[] {
  const { setup } = input;
  const builds = buildsOf(input);
  for (const name of [setup.folder, ...builds.delegated]) requirePlain(name, /^[\w.@+/-]*$/);
  // It stands in scalars of YAML alone, where GitHub looks for expressions.
  requirePlain(setup.config ?? "", /^(?!.*\$\{\{)/s);
  return [
    { path: ".github/workflows/release.yml", text: releaseWorkflow(setup, builds) },
    { path: ".github/workflows/putitoutthere-check.yml", text: checkWorkflow(setup) },
  ];
}

/** Texts that stand in shells, expressions and globs alike are not quoted for each of them, but plain. */
function requirePlain(name: string, plain: RegExp): void {
  if (plain.test(name)) return;
  throw new Failure("PIOT_USAGE", `Cannot write a workflow with ${JSON.stringify(name)} in it`, {
    hint:
      "Rename that file or folder to letters, digits and `. _ - + @ /`, or run `putitoutthere init` " +
      "in the root of the repository",
  });
}

function buildsOf(
  { config, drafts, known, packageManager }: WorkflowInput,
): WorkflowBuilds {
  const packages = config?.packages ?? examplePackages(drafts, known);
  const own = packages.filter(({ buildWorkflow }) => buildWorkflow === undefined);
  const ofKind = (list: readonly Package[], kind: Kind): readonly Package[] =>
    list.filter((pkg) => pkg.kind === kind);
  const built = [...drafts].flatMap(([kind, { builds, rules }]) => {
    const mine = ofKind(own, kind);
    if (mine.length === 0) return [];
    return builds === undefined
      ? [placeFor(kind, rules.registry)]
      : builds.steps(mine, { packageManager });
  });
  const needPlan = [...drafts].filter(([kind, { builds }]) => builds?.needPlan?.(ofKind(own, kind)))
    .map(([kind]) => kind);
  return {
    steps: built,
    needPlan,
    delegated: delegatedFiles(
      packages.flatMap(({ buildWorkflow }) => buildWorkflow === undefined ? [] : [buildWorkflow]),
    ),
    tokens: [...drafts].flatMap(([kind, { builds }]) =>
      ofKind(packages, kind).length === 0 ? [] : builds?.tokens ?? []
    ),
  };
}

function examplePackages(drafts: KindDrafts, known: KnownKinds): readonly Package[] {
  const tables = [...drafts.values()].map(({ builds }) => builds?.examples ?? "").join("\n");
  const text = `[putitoutthere]\nversion = 1\n\n${tables}`;
  return parseConfig(text, { file: "putitoutthere.toml", known }).packages;
}

/** It fails until it is filled in: a build that makes nothing would be told of far later. */
function placeFor(kind: Kind, registry: string): string {
  return `- name: Build for ${registry}
  if: matrix.kind == '${kind}'
  run: |
    echo "::error::Put the steps that build this row here: they leave its files in its artifact_path"
    exit 1
`;
}
