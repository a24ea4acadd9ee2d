/**
 * Drafts `putitoutthere.toml` and the workflows from the manifests below a folder, and writes what is not there yet.
 *
 * @module
 */

import { resolve } from "node:path";
import pLimit from "p-limit";
import { NO_PAST } from "../core/init/adopt_tags.ts";
import { type ConfigDraft, draftConfig } from "../core/init/draft_config.ts";
import type { Config } from "../core/model/config.ts";
import type { ManifestFile, Unreadable } from "../core/init/found.ts";
import { draftFor } from "../core/init/kind_draft.ts";
import { isLookedInto } from "../core/init/manifest_files.ts";
import { Failure } from "../error.ts";
import { kindOfPath, readTextIfThere } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { listFiles, readPlainFile } from "../host/list_files.ts";
import { KIND_DRAFTS } from "../registry/kind_drafts.ts";
import { knownKinds } from "../registry/kinds.ts";
import { readPast } from "./init/read_past.ts";
import { workflowFiles } from "./init/workflow_files.ts";
import { type ScaffoldedFile, writeScaffold } from "./init/write_scaffold.ts";
import { locateConfig, readConfig } from "./read_config.ts";

/** What `init` is told. */
export interface InitOptions {
  /** The file to write, relative to the host's folder; `putitoutthere.toml` by default. */
  readonly config?: string;
  /** Whether a file that is there and says something else is replaced; it is kept beside as `.bak`. */
  readonly force?: boolean;
  /** When the workflow releases; what the configuration says, `immediate` by default. */
  readonly cadence?: Config["cadence"];
  /** Writes nothing, and tells what would be. */
  readonly dryRun?: boolean;
}

/** What was written. */
export interface InitResult {
  /** The absolute path of the file. */
  readonly path: string;
  /** The file as it is reached from the host's folder. */
  readonly file: string;
  /** Everything that is written, in its order, and what became of it: the configuration comes first. */
  readonly files: readonly ScaffoldedFile[];
  /** What the configuration declares that is there now: the drafted one, or the one that was kept. */
  readonly declared: Config | undefined;
  readonly draft: ConfigDraft;
  readonly isGit: boolean;
  /** What could not be looked at: sentences without a full stop. */
  readonly warnings: readonly string[];
}

/** Manifests are small; what is larger is something else. */
const MOST_BYTES = 1_000_000;
/** And a repository has so many of them at most. */
const MOST_MANIFESTS = 2_000;

/**
 * Drafts the configuration and the workflows, and writes what is not there. Throws `PIOT_CONFIG_EXISTS` when nothing is
 * left to write, some file says something else, and `force` is not given; what is wrong with a configuration that stays;
 * and `PIOT_FILE_UNWRITABLE`.
 */
export async function init(
  host: Pick<Host, "cwd" | "env" | "vault">,
  options: InitOptions = {},
): Promise<InitResult> {
  const { file, root } = locateConfig({ ...options, cwd: host.cwd });
  const path = resolve(root, file);
  const listed = await listFiles(root, { env: host.env, enters: isLookedInto });
  const paths = listed.files.filter((path) => draftFor(KIND_DRAFTS, path) !== undefined);
  const read = await readManifests(root, paths.slice(0, MOST_MANIFESTS));
  const kinds = { known: knownKinds(), drafts: KIND_DRAFTS };
  const { past, warnings } = listed.isGit
    ? await readPast(host, { root, drafts: KIND_DRAFTS })
    : { past: NO_PAST, warnings: [] };
  const draft = draftConfig({ files: listed.files, manifests: read.manifests, past, ...kinds });
  const text = withCadence(host.vault?.redact(draft.text) ?? draft.text, options.cadence);
  const standing = { path, text, drafted: draft.config, options: { ...options, cwd: host.cwd } };
  const declared = await declaredIn(standing);
  const scaffold = await workflowFiles(host, {
    ...{ folder: root, file, config: declared, listed: listed.files, cadence: options.cadence },
  });
  const files = await writeScaffold([{ path, file, text }, ...scaffold.files], {
    ...{ folder: root, env: host.env, force: options.force ?? false },
    dryRun: options.dryRun ?? false,
  });
  const tooMany = `Only the first ${MOST_MANIFESTS} of ${paths.length} manifests were read`;
  return {
    path,
    file,
    files,
    declared,
    draft: { ...draft, unreadable: [...read.unreadable, ...draft.unreadable] },
    isGit: listed.isGit,
    warnings: [
      ...listed.warnings,
      ...warnings,
      ...scaffold.warnings,
      ...paths.length > MOST_MANIFESTS ? [tooMany] : [],
    ],
  };
}

/** The line that says when releases happen, put where the header is. */
function withCadence(text: string, cadence: InitOptions["cadence"]): string {
  if (cadence === undefined || cadence === "immediate") return text;
  return text.replace(/^version = 1\n/m, `$&cadence = "${cadence}"\n`);
}

/** What counts: the draft, unless another configuration is there to stay. Throws what is wrong with that one. */
async function declaredIn({ path, text, drafted, options }: {
  readonly path: string;
  readonly text: string;
  readonly drafted: Config | undefined;
  readonly options: InitOptions & { readonly cwd: string };
}): Promise<Config | undefined> {
  if (options.force === true || await kindOfPath(path) !== "file") return drafted;
  const before = await readTextIfThere(path);
  return before?.replaceAll("\r\n", "\n") === text ? drafted : (await readConfig(options)).config;
}

async function readManifests(
  root: string,
  paths: readonly string[],
): Promise<{ readonly manifests: readonly ManifestFile[]; readonly unreadable: Unreadable[] }> {
  const unreadable: Unreadable[] = [];
  const limit = pLimit(16);
  const read = await Promise.all(paths.map((file) =>
    limit(async (): Promise<ManifestFile[]> => {
      try {
        const bytes = await readPlainFile(resolve(root, file), MOST_BYTES);
        return bytes === undefined ? [] : [{ file, bytes }];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        unreadable.push({ message: error.message, location: { file } });
        return [];
      }
    })
  ));
  unreadable.sort((a, b) => a.location.file < b.location.file ? -1 : 1);
  return { manifests: read.flat(), unreadable };
}
