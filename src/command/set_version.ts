/**
 * Writes planned versions into manifests, in the job that builds: what is built then carries them. It makes the texts that
 * publishing would make, and writes all of them or none.
 *
 * @module
 */

import { relative } from "node:path";
import type { Config } from "../core/model/config.ts";
import { type Kinds, rulesOf } from "../core/model/kind.ts";
import type { Package } from "../core/model/package.ts";
import type { Plan } from "../core/model/plan.ts";
import { isVersion } from "../core/model/version.ts";
import { checkPlan } from "../core/plan/check_plan.ts";
import { parsePlan } from "../core/plan/plan_document.ts";
import { combineFailures, Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { writeToStay } from "../host/loans/loans.ts";
import type { Standing } from "../registry/registry.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";
import type { PackageVersion, VersionTexts } from "../registry/version_writer.ts";
import { headOf, planText, requireCurrent } from "./given_plan.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** Whose version is to be written: exactly one of the three is given. */
export interface SetVersionOptions {
  /** The configuration file, as it is reached from the host's folder. */
  readonly config?: string;
  /** A package, by its name in the configuration, and its version in semver's spelling. */
  readonly package?: { readonly name: string; readonly version: string };
  /** A row of the build matrix, as JSON. */
  readonly row?: string;
  /** A plan, or what `plan --json` prints of one: a file, JSON, or `-`. All that ships in it is written. */
  readonly plan?: Plan | string;
  /** Of a plan, packages of this kind alone. */
  readonly kind?: string;
}

/** What was written. */
export interface SetVersionResult {
  /** In the configuration's order, with the version in semver's spelling. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** The files that changed, relative to the host's folder, sorted. */
  readonly files: readonly string[];
  /** Variables that builds take their version from, with their values: `SETUPTOOLS_SCM_PRETEND_VERSION`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sentences about versions that the build has to be given by another way. */
  readonly notes: readonly string[];
}

/** What a command line asks for, with everything known. */
interface Wanted {
  readonly releases: readonly PackageVersion[];
  readonly standing: readonly Standing[];
  /** Sentences about requirements that stay as they are, where the kind writes any. */
  readonly requirements: readonly string[];
}

/**
 * Writes versions. Throws `PIOT_USAGE` for a name, a version or a row that is none, `PIOT_PLAN_INVALID`, `PIOT_PLAN_STALE`, and
 * what is wrong with manifests, of all packages in one go; then nothing was written.
 */
export async function setVersion(
  host: Host,
  options: SetVersionOptions,
): Promise<SetVersionResult> {
  return await setVersionOfKinds(REGISTRY_KINDS, host, options);
}

/** The same, where these kinds of packages are all that there are. */
export async function setVersionOfKinds(
  kinds: readonly RegistryKind[],
  host: Host,
  options: SetVersionOptions,
): Promise<SetVersionResult> {
  const workspace = openWorkspace(host, { ...options, kinds });
  const { config, check } = await workspace.config();
  await check();
  const wanted = options.plan === undefined ? wantedOne(config, options) : ofKind(
    await wantedByPlan(host, { workspace, config, source: options.plan }),
    { kind: options.kind, kinds: config.kinds },
  );
  const { texts, notes, variables } = await makeTexts(host, {
    ...wanted,
    kinds,
    root: workspace.root,
  });
  const where = { folder: workspace.root, env: host.env };
  for (const [path, text] of texts) await writeToStay(where, { path, text, replaces: true });
  return {
    packages: wanted.releases.map(({ package: { name }, version }) => ({ name, version })),
    files: [...texts.keys()].map((path) => relative(workspace.root, path).replaceAll("\\", "/"))
      .sort(),
    variables: Object.fromEntries(variables),
    notes,
  };
}

function wantedOne(config: Config, { package: named, row }: SetVersionOptions): Wanted {
  const { name, version } = row === undefined ? named ?? nobody() : readRow(row);
  const found = config.packages.find((pkg) => pkg.name === name);
  if (found === undefined) throw unknownName(name, config);
  requireVersion(found, { version, kinds: config.kinds });
  const unknown = config.packages.filter((pkg) =>
    pkg.kind === found.kind && found.dependsOn.includes(pkg.name)
  );
  return {
    releases: [{ package: found, version }],
    standing: [],
    requirements: unknown.length === 0 ? [] : [
      `Requirements of ${name} on ${
        unknown.map((pkg) => pkg.name).join(", ")
      } stay as they are: give the whole plan with --plan to have them written`,
    ],
  };
}

function nobody(): never {
  throw usage("Cannot set a version: no package is named");
}

function usage(message: string): Failure {
  return new Failure("PIOT_USAGE", message, {
    hint: "Give NAME VERSION, or --row with a row of the matrix, or --plan with the whole plan",
  });
}

function readRow(text: string): { name: string; version: string } {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (error) {
    throw new Failure("PIOT_USAGE", "Cannot use the row: it is no JSON", {
      hint: "Pass a row of the matrix as it is: `--row '${{ toJSON(matrix) }}'`",
      cause: error,
    });
  }
  const { name, version } = (row ?? {}) as { name?: unknown; version?: unknown };
  if (typeof name === "string" && typeof version === "string") return { name, version };
  throw usage('Cannot use the row: it has no "name" and "version"');
}

function unknownName(name: string, { packages }: Config): Failure {
  return new Failure("PIOT_USAGE", `Cannot set the version of "${name}": no package is called so`, {
    hint: `Declared are: ${packages.map((pkg) => pkg.name).join(", ")}`,
  });
}

/** Throws `PIOT_USAGE` for what is no version, and what the registry of a package cannot hold. */
function requireVersion(
  { kind, name }: Package,
  { version, kinds }: { readonly version: string; readonly kinds: Kinds },
): void {
  if (!isVersion(version)) {
    throw new Failure("PIOT_USAGE", `Cannot set the version of ${name}: "${version}" is none`, {
      hint: "Write it as semver has it, such as 1.4.0 or 2.0.0-rc.1",
    });
  }
  rulesOf(kinds, { kind }).spelling(version, name);
}

/** A manifest of another kind may lie in the folder of a package, which is then built with the commit's. */
function ofKind(
  wanted: Wanted,
  { kind, kinds }: { readonly kind: string | undefined; readonly kinds: Kinds },
): Wanted {
  if (kind === undefined) return wanted;
  const words = [...kinds.keys()];
  if (!words.some((word) => word === kind)) {
    throw new Failure("PIOT_USAGE", `Cannot set versions of kind "${kind}": there is none`, {
      hint: `Kinds are: ${words.join(", ")}`,
    });
  }
  const releases = wanted.releases.filter(({ package: pkg }) => pkg.kind === kind);
  return { ...wanted, releases };
}

async function wantedByPlan(
  host: Host,
  { workspace, config, source }: {
    readonly workspace: Workspace;
    readonly config: Config;
    readonly source: Plan | string;
  },
): Promise<Wanted> {
  const given = parsePlan(await planText(host, source), config.kinds);
  const plan: Plan = checkPlan(requireCurrent(given, await headOf(workspace)), {
    config,
    last: undefined,
  });
  const byName = new Map(config.packages.map((pkg) => [pkg.name, pkg]));
  return {
    releases: plan.packages.map(({ name, version }) => ({ package: byName.get(name)!, version })),
    standing: plan.left_out.flatMap(({ name, previous }) => {
      const found = byName.get(name);
      return found === undefined || previous === null
        ? []
        : [{ package: found, version: previous }];
    }),
    requirements: [],
  };
}

async function makeTexts(
  host: Host,
  { kinds, root, releases, standing, requirements }: Wanted & {
    readonly kinds: readonly RegistryKind[];
    readonly root: string;
  },
): Promise<Required<VersionTexts>> {
  const texts = new Map<string, string>();
  const variables = new Map<string, string>();
  const notes: string[] = [];
  const failures: Failure[] = [];
  for (const { rules, versions } of kinds) {
    const own = releases.filter(({ package: { kind } }) => kind === rules.kind);
    if (own.length === 0) continue;
    const writer = await versions?.();
    if (writer === undefined) {
      const names = own.map((release) => release.package.name).join(", ");
      notes.push(
        `The manifests of ${names} stay as they are: nothing here writes versions of ${rules.registry}`,
      );
      continue;
    }
    if (writer.writesRequirements) notes.push(...requirements);
    try {
      const made = await writer.write({ host, root, releases: own, standing, made: texts });
      for (const [path, text] of made.texts) texts.set(path, text);
      for (const [name, value] of made.variables ?? []) variables.set(name, value);
      notes.push(...made.notes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw combineFailures(failures);
  return { texts, notes, variables };
}
