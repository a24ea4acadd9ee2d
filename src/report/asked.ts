/**
 * How a release was asked for, as words of a command line: a way out that says to run again says so with the words that
 * this run had, since without its `--release` or `--config` the command would be another one.
 *
 * @module
 */

import type { Plan } from "../core/model/plan.ts";
import { shellWord } from "../core/words/shell_word.ts";

/** The words of a run. */
export interface Asked {
  /** Where things are and what is allowed, such as `--artifacts out`. */
  readonly flags: readonly string[];
  /** What is released: `--release core@1.4.0`, `--plan plan.json`; empty for what changed. */
  readonly what: readonly string[];
}

/** A run without any flag. */
export const PLAIN: Asked = { flags: [], what: [] };

/** What decides about the command that runs again. */
export interface AskedOptions {
  readonly config?: string;
  readonly artifacts?: string;
  readonly release?: readonly string[];
  readonly plan?: Plan | string;
  readonly dryRun?: boolean;
  readonly oidcOnly?: boolean;
  readonly allowDowngrade?: readonly string[];
}

/** The words of a run with these options. A plan that was given as itself or as text stands as `PLAN`: nobody types it. */
export function askedFor(options: AskedOptions): Asked {
  const { config, artifacts, release = [], plan, allowDowngrade = [] } = options;
  return {
    flags: [
      ...(config === undefined ? [] : ["--config", config]),
      ...(artifacts === undefined ? [] : ["--artifacts", artifacts]),
      ...(options.dryRun === true ? ["--dry-run"] : []),
      ...(options.oidcOnly === true ? ["--oidc-only"] : []),
      ...allowDowngrade.flatMap((name) => ["--allow-downgrade", name]),
    ],
    what: [
      ...release.flatMap((wish) => ["--release", wish]),
      ...(plan === undefined ? [] : ["--plan", isFile(plan) ? plan : "PLAN"]),
    ],
  };
}

function isFile(plan: Plan | string): plan is string {
  return typeof plan === "string" && !/^\s*\{/.test(plan);
}

/** The command with these words, then others. */
export function publishCommand(words: readonly string[]): string {
  return ["putitoutthere", "publish", ...words].map(shellWord).join(" ");
}
