/**
 * Asks every registry about the packages that it has, and judges where each stands.
 *
 * @module
 */

import pLimit from "p-limit";
import { rulesOf } from "../core/model/kind.ts";
import type { Kind, Package } from "../core/model/package.ts";
import type { Plan } from "../core/model/plan.ts";
import { makePlan } from "../core/plan/make_plan.ts";
import { judgeStatus, type PackageStatus } from "../core/status/judge_status.ts";
import type { RegistryState, StateReader } from "../core/status/registry_state.ts";
import { didYouMean } from "../core/words/phrases.ts";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { readEndpoints } from "../registry/endpoints.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import type { RegistryKind, RegistryOptions } from "../registry/registry_kind.ts";
import type { Event } from "../report/report.ts";
import { type GatheredFacts, readConfigAt, readFacts } from "./read_facts.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** Which packages, and where. */
export interface StatusQuestion {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Names of packages; all that are declared by default. */
  readonly names?: readonly string[];
}

/** Where packages stand, and what that was read with. */
export interface ReadStatuses {
  readonly statuses: readonly PackageStatus[];
  /** About more than one package: why nothing can be planned, and what the plan warns of. */
  readonly notes: readonly string[];
  readonly workspace: Workspace;
  readonly gathered: GatheredFacts;
  /** What asks a package's registry; undefined where nobody can. */
  readonly readerOf: (pkg: Package) => StateReader | undefined;
}

/** Requests that are under way at once: enough that most of the time is not spent waiting for answers. */
const SIDE_BY_SIDE = 16;

/**
 * Reads and judges. Throws what is wrong with the configuration and the clone, and `PIOT_USAGE` for a name that no package
 * has; a registry without a definite answer is a package's state.
 */
export async function readStatuses(
  host: Host,
  { names = [], emit, ...place }: StatusQuestion & { readonly emit: (event: Event) => void },
): Promise<ReadStatuses> {
  const workspace = openWorkspace(host, place);
  const gathered = await readFacts(workspace);
  const { facts: { config }, decisions } = gathered;
  const packages = namedPackages(config.packages, names);
  const { plan, notes } = planOf(gathered);
  const readers = await openReaders(packages, { host, root: workspace.root, emit });
  const gate = pLimit(SIDE_BY_SIDE);
  const read = stateReader(workspace, readers);
  const judge = async (pkg: Package): Promise<PackageStatus> => {
    host.signal.throwIfAborted();
    const { last, astray } = decisions.releases.get(pkg.name)!;
    const rules = rulesOf(config.kinds, pkg);
    return judgeStatus({
      package: pkg,
      last,
      elsewhere: astray.map(({ version }) => spelled(version, rules.spelling)),
      ships: decisions.byName.get(pkg.name)!.ships,
      planned: plan?.packages.find(({ name }) => name === pkg.name),
      shown: await read(pkg, last && { version: last.version, commit: last.tag.commit }),
    }, host.clock.now());
  };
  const statuses = await Promise.all(packages.map((pkg) => gate(() => judge(pkg))));
  host.signal.throwIfAborted();
  return { statuses, notes, workspace, gathered, readerOf: ({ kind }) => readers.get(kind) };
}

function namedPackages(
  packages: readonly Package[],
  names: readonly string[],
): readonly Package[] {
  const known = packages.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure("PIOT_USAGE", `No package is called "${unknown.join('", "')}"`, {
      hint: didYouMean(unknown[0]!, known)[0] ?? `There are: ${known.join(", ")}`,
    });
  }
  return names.length === 0 ? packages : packages.filter(({ name }) => names.includes(name));
}

/** What ships next. A plan that cannot be made is told, and does not keep the rest from being known. */
function planOf(
  { facts, decisions, warnings }: GatheredFacts,
): { readonly plan?: Plan; readonly notes: readonly string[] } {
  try {
    const plan = makePlan(facts, decisions);
    return { plan, notes: [...plan.warnings, ...warnings] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      notes: [
        ...error.problems.map(({ message }) => `What ships next cannot be planned: ${message}`),
        ...warnings,
      ],
    };
  }
}

/** A version that a registry cannot hold is none that it has. */
function spelled(version: string, spelling: (version: string) => string): string {
  try {
    return spelling(version);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return version;
  }
}

type Readers = ReadonlyMap<Kind, StateReader | undefined>;

async function openReaders(
  packages: readonly Package[],
  { host, root, emit }: Pick<RegistryOptions, "host" | "root"> & {
    readonly emit: (event: Event) => void;
  },
): Promise<Readers> {
  const endpoints = readEndpoints(host.env);
  const options: RegistryOptions = {
    ...{ host, root, endpoints, ownFolders: [], patience: 0 },
    onWait: () => {},
    onSecret: (secret) => emit({ type: "secret", secret }),
  };
  const wanted = new Set<Kind>(packages.map(({ kind }) => kind));
  const kinds = REGISTRY_KINDS.filter(({ rules }) => wanted.has(rules.kind));
  const open = async (kind: RegistryKind): Promise<readonly [Kind, StateReader | undefined]> =>
    [kind.rules.kind, await kind.state?.(options)] as const;
  return new Map(await Promise.all(kinds.map(open)));
}

/** The last release of a package. */
interface Last {
  readonly version: string;
  readonly commit: string;
}

/** Asks about one package; what has no definite answer is a failure. */
function stateReader(
  workspace: Workspace,
  readers: Readers,
): (pkg: Package, last: Last | undefined) => Promise<RegistryState | Failure> {
  return async (pkg, last) => {
    const reader = readers.get(pkg.kind);
    if (reader === undefined) {
      return new Failure("PIOT_REGISTRY_UNKNOWN", `Nobody can ask the registry of ${pkg.name}`);
    }
    try {
      const question = last === undefined ? {} : { tagged: last.version };
      const state = await reader.read({ package: pkg, ...question });
      if (last === undefined || state.tagged?.state !== "half") return state;
      // A file or a package that the configuration names since then is none that the release lacks.
      const then = await declaredAt(workspace, pkg, last.commit);
      return then === undefined ? state : await reader.read({ package: then, ...question });
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      return error;
    }
  };
}

/** A package as the configuration of a commit has it; undefined where that cannot tell. */
async function declaredAt(
  workspace: Workspace,
  { name, kind }: Package,
  commit: string,
): Promise<Package | undefined> {
  try {
    const { packages } = await readConfigAt(workspace, commit);
    return packages.find((pkg) => pkg.name === name && pkg.kind === kind);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
