/** A registry in memory, whose files the test may hold back, refuse or lose; and a run that publishes to it. */

import { KINDS } from "../../../src/registry/kinds.ts";
import type { Kind, Package } from "../../../src/core/model/package.ts";
import type { Plan } from "../../../src/core/model/plan.ts";
import { planWithoutGit } from "../../../src/core/plan/plan_without_git.ts";
import { heldVersions } from "../../../src/core/model/version.ts";
import { judge, SILENT } from "../../../src/command/publish/judge.ts";
import { type Gate, type Ready, releaseOf, type Run } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import {
  AlreadyThere,
  type Credential,
  type Look,
  type Presence,
  type Registry,
  type ReleaseFile,
  type Uploaded,
} from "../../../src/registry/registry.ts";
import type { Event } from "../../../src/report/report.ts";
import { npmPackage } from "../../registry/npm/world.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";

/** What an upload of a file comes to. */
export type Answer =
  /** Taken, and shown at once; of every file that nothing is said about. */
  | "taken"
  /** Taken, and the answer is lost. */
  | "lost"
  /** Taken, and shown only by the third look after it. */
  | "late"
  /** Taken, and never shown. */
  | "hidden"
  /** Not taken: it says that it has the file, and never shows it. */
  | "claimed"
  /** Answered with success by something in front of it, and then other bytes are there. */
  | "swapped"
  /** Waits for an approval. */
  | "staged"
  /** Not taken: the registry broke. */
  | "broken"
  /** Not taken: it does not know the token. */
  | "refused"
  /** Somebody else's bytes are there in the very moment before. */
  | "overtaken";

export const TOKEN = "small-token";
/** The commit that is released. */
export const HEAD: string = "b".repeat(40);
const CREDENTIAL: Credential = { kind: "token", secret: TOKEN, why: "SMALL_TOKEN" };

export interface SmallRegistry extends Registry {
  /** What it shows: digests by file name. Tests may put some there. */
  readonly held: Map<string, string>;
  /** File names whose bytes it knows to be of the run's commit. */
  readonly ours: Set<string>;
  /** The commits that its records name, by file name. */
  readonly named: Map<string, string>;
  /** What uploads come to, by file name. */
  readonly answers: Map<string, Answer>;
  /** What it lists as versions. */
  readonly versions: string[];
  /** What happened, in order: `look`, `upload NAME`, `answer NAME`, once something is staged `upload NAME after …`. */
  readonly log: string[];
  /** Fails so when it is looked at next, as often as there are failures. */
  readonly troubles: Failure[];
}

export function smallRegistry(): SmallRegistry {
  const held = new Map<string, string>();
  const ours = new Set<string>();
  const named = new Map<string, string>();
  const answers = new Map<string, Answer>();
  const versions: string[] = [];
  const log: string[] = [];
  const troubles: Failure[] = [];
  const late = new Map<string, { readonly digest: string; looks: number }>();

  function presence({ name, digest }: ReleaseFile): Presence {
    const found = held.get(name);
    if (found === undefined) return { state: "absent" };
    if (found === digest) return { state: "same" };
    return { state: "other", held: found };
  }

  function take({ name, digest }: ReleaseFile): Uploaded {
    // An honest registry never replaces a file.
    if (held.has(name)) throw new Failure("PIOT_REGISTRY_REFUSED", `${name} is there already`);
    switch (answers.get(name) ?? "taken") {
      case "taken":
        return void held.set(name, digest);
      case "late":
        return void late.set(name, { digest, looks: 3 });
      case "hidden":
        return;
      case "claimed":
        throw new AlreadyThere("PIOT_VERSION_TAKEN", `403 for ${name}: it is there already`);
      case "swapped":
        return void held.set(name, "sha256-of-another");
      case "staged":
        return { staged: `${name} waits for ada` };
      case "lost":
        held.set(name, digest);
        throw new Failure("PIOT_NETWORK", `no answer came for ${name}`, { hint: "Try later" });
      case "broken":
        throw new Failure("PIOT_REGISTRY_REFUSED", `500 for ${name}`);
      case "refused":
        throw new Failure("PIOT_AUTH_REFUSED", `401 for ${name}`);
      case "overtaken":
        held.set(name, "sha256-of-another");
        throw new Failure("PIOT_REGISTRY_REFUSED", `${name} is there already`);
    }
  }

  return {
    held,
    ours,
    named,
    answers,
    versions,
    log,
    troubles,
    prepare: () => Promise.reject(new Error("a small registry prepares nothing")),
    look: ({ release, files }) => {
      log.push("look");
      for (const [name, file] of late) if (--file.looks <= 0) held.set(name, file.digest);
      const trouble = troubles.shift();
      if (trouble !== undefined) return Promise.reject(trouble);
      const presences = new Map(files.map((file) => [file.name, presence(file)]));
      return Promise.resolve<Look>({
        files: presences,
        ...heldVersions(release.version, versions),
      });
    },
    records: ({ files }, look) => {
      const commits = files.flatMap(({ name }) => {
        const commit = look.files.get(name)?.state === "absent"
          ? undefined
          : named.get(name) ?? (ours.has(name) ? HEAD : undefined);
        return commit === undefined ? [] : [[name, { commit, source: "its record" }] as const];
      });
      return Promise.resolve({ commits: new Map(commits), notes: [] });
    },
    authorise: () => Promise.resolve(CREDENTIAL),
    upload: (_prepared, file, { credential, afterStaged }) =>
      // As over a network: nothing is answered before others could begin.
      Promise.resolve().then(() => {
        log.push(`upload ${file.name}${afterStaged ? " after what is staged" : ""}`);
        if (credential.secret !== TOKEN) {
          throw new Failure("PIOT_AUTH_REFUSED", "that is not the token");
        }
        const uploaded = take(file);
        log.push(`answer ${file.name}`);
        return uploaded;
      }),
  };
}

/** Declares npm packages: `{ a: [], b: ["a"] }` has `b` depend on `a`. */
export function declare(
  dependencies: Readonly<Record<string, readonly string[]>>,
): readonly Package[] {
  return Object.entries(dependencies).map(([name, dependsOn]) =>
    npmPackage({ name, registryName: name, path: name, paths: [`${name}/**`], dependsOn })
  );
}

export interface SmallRun {
  readonly run: Run;
  readonly host: TestHost;
  readonly events: readonly Event[];
  /** Every planned release at 1.0.0, with one file of its name for each wave; judged as the registry stands now. */
  readonly ready: (
    waves?: Readonly<Record<string, readonly number[]>>,
  ) => Promise<readonly Ready[]>;
}

/** A run of {@link HEAD} that tags nothing and releases some packages at 1.0.0, all of them by default. */
export function smallRun(
  packages: readonly Package[],
  options: {
    readonly registries: Readonly<Partial<Record<Kind, Registry>>>;
    readonly names?: readonly string[];
    readonly signal?: AbortSignal;
    readonly gates?: Readonly<Partial<Record<Kind, Gate>>>;
    /** Milliseconds; ten minutes by default. */
    readonly patience?: number;
  },
): SmallRun {
  const host = testHost(options.signal === undefined ? {} : { signal: options.signal });
  const events: Event[] = [];
  const names = options.names ?? packages.map(({ name }) => name);
  const plan: Plan = {
    ...planWithoutGit(
      { cadence: "immediate", kinds: KINDS, packages },
      names.map((name) => ({ name, version: "1.0.0" })),
    ),
    head: HEAD,
  };
  const none = smallRegistry();
  const atOnce: Gate = (task) => task();
  const run: Run = {
    host,
    mode: "release",
    emit: (event) => void events.push(event),
    defer: () => {},
    plan,
    packages,
    kinds: KINDS,
    repository: undefined,
    artifacts: "/nowhere",
    patience: options.patience ?? 600_000,
    allowDowngrade: new Set(),
    registries: { crates: none, pypi: none, npm: none, toy: none, ...options.registries },
    gates: { crates: atOnce, pypi: atOnce, npm: atOnce, toy: atOnce, ...options.gates },
    replan: () => Promise.reject(new Error("a small run plans once")),
    pageOf: ({ package: { name }, version }) => `https://small.example/${name}/${version}`,
  };
  return {
    run,
    host,
    events,
    ready: (waves = {}) =>
      Promise.all(plan.packages.map(async (planned): Promise<Ready> => {
        const release = releaseOf(run, { planned, artifacts: [] });
        const files = (waves[planned.name] ?? [0]).map((wave, index) => ({
          name: index === 0 ? planned.name : `${planned.name}-${index}`,
          size: 1,
          digest: `sha256-${planned.name}-${index}`,
          wave,
        }));
        const prepared = { release, files, warnings: [] };
        const look = await run.registries[planned.kind].look(prepared);
        const records = await run.registries[planned.kind].records(prepared, look);
        const verdict = judge(prepared, look, { ...SILENT, records });
        return { release, prepared, look, verdict, credential: CREDENTIAL };
      })),
  };
}
