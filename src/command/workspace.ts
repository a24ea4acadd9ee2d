/**
 * The folder that a command works in. Its configuration and its commit are read once, however many plans are made there,
 * and each plan opens what reads the repository for it.
 *
 * @module
 */

import { createGit, type Git } from "../host/git.ts";
import { readRepository, type Repository, requireFolders } from "../host/git_facts/repository.ts";
import type { Host } from "../host/host.ts";
import { type CommitGraph, openCommitGraph } from "../host/git_facts/commit_graph.ts";
import { type Objects, openObjects } from "../host/git_facts/objects.ts";
import { openTreeDiffs, type TreeDiffs } from "../host/git_facts/tree_diffs.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";
import type { PendingConfig } from "./declare_bytes.ts";
import { type ConfigPlace, locateConfig, readDeclaredConfig } from "./read_config.ts";

/** Where a command works. */
export interface Workspace {
  /** The folder that piot runs in, absolute: paths start from it, and git runs in it. */
  readonly root: string;
  /** The configuration file as it is reached from there. */
  readonly file: string;
  readonly git: Git;
  /** The kinds that packages may have; all that there are when undefined. */
  readonly kinds: readonly RegistryKind[] | undefined;
  /** The configuration in the folder. Read when it is first asked for. */
  readonly config: () => Promise<PendingConfig>;
  /** The repository around the folder, at HEAD; throws what `readRepository()` throws. Asked when it is first needed. */
  readonly repository: () => Promise<Repository>;
}

/** How a workspace is opened. */
export interface WorkspaceOptions extends Pick<ConfigPlace, "config" | "kinds"> {
  /** Told of every git process before it starts. */
  readonly onGit?: (args: readonly string[]) => void;
}

/** Opens the workspace of the host's folder. Reads nothing yet. */
export function openWorkspace(
  { cwd, env, vault }: Pick<Host, "cwd" | "env" | "vault">,
  { config, kinds, onGit }: WorkspaceOptions = {},
): Workspace {
  const place = {
    cwd,
    ...(config === undefined ? {} : { config }),
    ...(kinds === undefined ? {} : { kinds }),
  };
  const { file, root } = locateConfig(place);
  const git = createGit({
    cwd: root,
    env,
    ...(vault === undefined ? {} : { vault }),
    ...(onGit === undefined ? {} : { onStart: onGit }),
  });
  return {
    root,
    file,
    git,
    kinds,
    config: once(() => readDeclaredConfig(place)),
    repository: once(() => readRepository(git)),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= read();
}

/** What reads a repository, all of it for one commit. */
export interface Readers {
  readonly repository: Repository;
  readonly objects: Objects;
  readonly diffs: TreeDiffs;
  readonly graph: CommitGraph;
}

/** Opens the readers at the repository's commit; git starts when they are first asked. Throws `PIOT_TREELESS_CLONE`. */
export function openReaders(git: Git, repository: Repository): Readers {
  requireFolders(repository);
  const graph = openCommitGraph({ git, head: repository.head });
  // Almost every plan asks for history, and git can read it meanwhile.
  graph.start();
  return { repository, objects: openObjects(git), diffs: openTreeDiffs(git), graph };
}

/** Ends every process behind them. */
export async function closeReaders({ objects, diffs, graph }: Readers): Promise<void> {
  await Promise.all([objects.stop(), diffs.stop(), graph.stop()]);
}
