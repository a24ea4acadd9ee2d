/**
 * Asks registries and GitHub about what is declared. Nothing is written, and no credential is minted.
 *
 * @module
 */

import pLimit from "p-limit";
import { type DeclaredConfig, type DoctorFacts, publishJobs } from "../../core/doctor/facts.ts";
import type {
  EnvironmentRules,
  OnlineFacts,
  PackageOnline,
} from "../../core/doctor/online_facts.ts";
import { isExpression } from "../../core/doctor/workflow.ts";
import { rulesOf } from "../../core/model/kind.ts";
import { type Kind, type Package, targetsOf } from "../../core/model/package.ts";
import type { RegistryState, StateReader } from "../../core/status/registry_state.ts";
import { Failure, messageOf } from "../../error.ts";
import { openGitHub } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import type { OriginReader } from "../../registry/origin_reader.ts";
import type { RegistryOptions } from "../../registry/registry_kind.ts";

/** Requests that are under way at once. */
const SIDE_BY_SIDE = 8;

/** Who is asked about packages of one kind. */
interface Readers {
  readonly state: StateReader | undefined;
  readonly origin: OriginReader | undefined;
}

/** Asks. What has no definite answer is told as that. */
export async function askOnline(
  host: Host,
  { facts, options }: { readonly facts: DoctorFacts; readonly options: RegistryOptions },
): Promise<OnlineFacts> {
  const { config } = facts;
  const gate = pLimit(SIDE_BY_SIDE);
  const readers = new Map<Kind, Readers>();
  for (const { rules: { kind }, state, origins } of REGISTRY_KINDS) {
    readers.set(kind, { state: await state?.(options), origin: await origins?.(options) });
  }
  const packages = (config?.packages ?? []).map((pkg) =>
    gate(() => askPackage(pkg, { config: config!, ...readers.get(pkg.kind)! }))
  );
  return {
    packages: await Promise.all(packages),
    environments: await askEnvironments(host, facts),
  };
}

async function askPackage(
  pkg: Package,
  { config, state, origin }: Readers & { readonly config: DeclaredConfig },
): Promise<PackageOnline> {
  if (state === undefined) return { pkg, missing: [], failure: "nobody can ask its registry" };
  try {
    const shown = await state.read({ package: pkg });
    const names = [pkg.registryName, ...memberNames(pkg, config)];
    const there = [hasAny(shown)];
    for (const name of names.slice(1)) {
      // A platform package is one like any other to whoever asks for it.
      const alone = { ...pkg, registryName: name, targets: [] } as Package;
      there.push(hasAny(await state.read({ package: alone })));
    }
    const missing = names.filter((_, index) => !there[index]);
    const { newest } = shown;
    if (newest === undefined) return { pkg, missing };
    return { pkg, missing, newest: { ...newest, ...await askOrigin(pkg, { newest, origin }) } };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return { pkg, missing: [], failure: messageOf(error) };
  }
}

function hasAny({ newest, above }: RegistryState): boolean {
  return newest !== undefined || above.length > 0;
}

function memberNames(pkg: Package, { kinds }: DeclaredConfig): readonly string[] {
  const { memberName } = rulesOf(kinds, pkg);
  if (memberName === undefined) return [];
  const template = "platformName" in pkg ? pkg.platformName : undefined;
  return targetsOf(pkg).map((target) => memberName({ name: pkg.registryName, template }, target));
}

async function askOrigin(
  pkg: Package,
  { newest, origin }: Pick<Readers, "origin"> & Required<Pick<RegistryState, "newest">>,
): Promise<Pick<NonNullable<PackageOnline["newest"]>, "origin" | "failure">> {
  // What shows no mark of its origin has none to be asked for.
  if (origin === undefined || (newest?.evidence ?? []).length === 0) return {};
  try {
    const found = await origin(pkg, newest!.version);
    return found === undefined ? {} : { origin: found };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return { failure: messageOf(error) };
  }
}

async function askEnvironments(
  host: Host,
  facts: DoctorFacts,
): Promise<ReadonlyMap<string, EnvironmentRules>> {
  const { github, why } = openGitHub(host, facts.repository);
  const names = new Set(
    publishJobs(facts).map(({ in: { job } }) => job.environment?.text ?? "")
      .filter((name) => name !== "" && !isExpression(name)),
  );
  const found = new Map<string, EnvironmentRules>();
  for (const name of names) {
    if (github === undefined) {
      found.set(name, { state: "unreadable", why: why! });
      continue;
    }
    try {
      const environment = await github.findEnvironment(name);
      found.set(
        name,
        environment === undefined ? { state: "absent" } : { state: "read", ...environment },
      );
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      found.set(name, { state: "unreadable", why: messageOf(error) });
    }
  }
  return found;
}
