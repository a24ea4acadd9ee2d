/**
 * Steps of a workflow, as texts: what people read and change is written as they would write it, with its comments.
 *
 * @module
 */

import type { Package } from "../model/package.ts";

/** What build steps are made for. */
export interface BuildSetup {
  readonly packageManager: PackageManager;
}

/** Who installs the packages that an npm package is built with. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** Whether its lock file is there: what it installs without one, nobody knows beforehand. */
  readonly isLocked: boolean;
}

/** What a kind knows of builds, for the workflow that `init` writes. */
export interface KindBuilds<P extends Package = Package> {
  /** The steps that build the rows of these packages. */
  steps(packages: readonly P[], setup: BuildSetup): readonly string[];
  /** Whether steps of these packages read the whole plan, which the job that plans leaves as an artifact. */
  needPlan?(packages: readonly P[]): boolean;
  /** The variables that take a token of the registry. */
  readonly tokens: readonly string[];
  /** Tables of a configuration with a package for each way of building: what a folder without packages is shown. */
  readonly examples: string;
}

/** The steps that build the rows of a kind, in order, each a text without indentation that ends with a line end. */
export type BuildSteps<P extends Package = Package> = (
  packages: readonly P[],
  setup: BuildSetup,
) => readonly string[];

/** Puts GitHub's `${{` in the place of `@{{`, which TypeScript would take for the start of its own. */
export function workflowText(text: string): string {
  return text.replaceAll("@{{", "${{");
}

/** A text, as many blanks further in; empty lines stay empty. */
export function indent(text: string, blanks: number): string {
  return text.replace(/^(?=[^\n])/gm, " ".repeat(blanks));
}

/** A text as a scalar of YAML that says the same whatever is in it: JSON's strings are YAML's. */
export function yamlText(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
