/**
 * The past of a rehearsal: what the registries hold before the release begins. It is that of the tags. Whatever was
 * released is there under the names, of the kind and for the targets that the configuration had at its tag, and nothing
 * else is: a new platform, crate or name meets what it will really meet.
 *
 * Takes three git processes, whatever the number of packages and tags.
 *
 * @module
 */

import { posix } from "node:path";
import type { Package } from "../../../core/model/package.ts";
import type { Plan } from "../../../core/model/plan.ts";
import { rulesOf } from "../../../core/model/kind.ts";
import { versionFailures } from "../../../core/plan/planned_package.ts";
import { indexTags } from "../../../core/release/tag.ts";
import { Failure } from "../../../error.ts";
import { openObjects } from "../../../host/git_facts/objects.ts";
import { type ListedTag, listTags } from "../../../host/git_facts/repository.ts";
import type { Host } from "../../../host/host.ts";
import { KINDS } from "../../../registry/kinds.ts";
import type { Event } from "../../../report/report.ts";
import { declareBytes } from "../../declare_bytes.ts";
import { missingConfig } from "../../read_config.ts";
import { openWorkspace, type Workspace } from "../../workspace.ts";
import { type EarlierRelease, packagePast, type ReleaseTag } from "./earlier_release.ts";

/** Where the past is read from. */
export interface PastOptions {
  /** The host of the rehearsed runs. */
  readonly host: Host;
  /** Every declared package. */
  readonly packages: readonly Package[];
  readonly plan: Plan;
  /** The configuration file; `putitoutthere.toml` when undefined. */
  readonly config: string | undefined;
  readonly emit: (event: Event) => void;
  /** Told of every git process before it starts. */
  readonly onGit?: (args: readonly string[]) => void;
}

/**
 * Every release of every declared package that a tag tells of, but for what is planned itself; of each package in the
 * order of their versions. What is not known of them is told as a warning.
 */
export async function readPast(
  { host, packages, plan, config, emit, onGit }: PastOptions,
): Promise<readonly EarlierRelease[]> {
  const workspace = openWorkspace(host, {
    ...(config === undefined ? {} : { config }),
    ...(onGit === undefined ? {} : { onGit }),
  });
  const found = await releaseTags(workspace, { packages, plan });
  const pasts = packages.map((pkg) =>
    packagePast(pkg, { tags: found.get(pkg.name) ?? [], kinds: KINDS })
  );
  for (const message of pasts.flatMap(({ warnings }) => warnings)) {
    emit({ type: "warning", message });
  }
  return pasts.flatMap(({ releases }) => releases).filter((release) => {
    const { tag, version, declared: pkg } = release;
    const [failure] = versionFailures({ pkg, rules: rulesOf(KINDS, pkg) }, version);
    if (failure === undefined) return true;
    const message = `${tag} is no release that the local registry can hold: ${failure.message}`;
    emit({ type: "warning", message });
    return false;
  });
}

/** The tags of each package, with what the configuration says there. */
async function releaseTags(
  workspace: Workspace,
  { packages, plan }: Pick<PastOptions, "packages" | "plan">,
): Promise<ReadonlyMap<string, readonly ReleaseTag[]>> {
  const ownerOf = indexTags(packages);
  const planned = new Set(plan.packages.map(({ tag }) => tag));
  const { tags } = await listTags(workspace.git);
  const owned = tags.flatMap((tag) => {
    const owner = planned.has(tag.name) ? undefined : ownerOf(tag.name);
    return owner === undefined ? [] : [{ ...tag, ...owner }];
  });
  const configs = await configsAt(workspace, owned);
  const found = new Map<string, ReleaseTag[]>();
  for (const { owner, version, name: tag, target } of owned) {
    const own = found.get(owner) ?? [];
    found.set(owner, [...own, { tag, version, packages: configs.get(target)! }]);
  }
  return found;
}

/** What the configuration declares at each target, or why that is not known. The same bytes are read once. */
async function configsAt(
  { git, file, repository }: Workspace,
  tags: readonly Pick<ListedTag, "name" | "target">[],
): Promise<ReadonlyMap<string, ReleaseTag["packages"]>> {
  if (tags.length === 0) return new Map();
  const path = posix.normalize(`${(await repository()).prefix}${file}`);
  const named = new Map(tags.map(({ target, name }) => [target, name]));
  const targets = [...named.keys()];
  const blobs: ({ readonly id: string; readonly bytes: Uint8Array } | undefined)[] = [];
  const objects = openObjects(git);
  try {
    const names = path.includes("\n") ? [] : targets.map((target) => `${target}:${path}`);
    await objects.each(names, (object, index) => {
      // The reader's bytes are its own.
      if (object?.type !== "blob") return;
      blobs[index] = { id: object.id, bytes: new Uint8Array(object.bytes) };
    });
  } finally {
    await objects.stop();
  }
  const read = new Map<string, Promise<ReleaseTag["packages"]>>();
  const declared = targets.map(async (target, index) => {
    const blob = blobs[index];
    if (blob === undefined) {
      return [target, missingConfig(path, `the commit of ${named.get(target)}`, "")] as const;
    }
    const reading = read.get(blob.id) ?? packagesIn(blob.bytes, file);
    read.set(blob.id, reading);
    return [target, await reading] as const;
  });
  return new Map(await Promise.all(declared));
}

async function packagesIn(bytes: Uint8Array, file: string): Promise<ReleaseTag["packages"]> {
  try {
    const { config, check } = await declareBytes(bytes, { file });
    await check();
    return config.packages;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
