/**
 * Drafts `putitoutthere.toml` from the manifests below a folder, and writes it where there is none.
 *
 * @module
 */

import { resolve } from "node:path";
import pLimit from "p-limit";
import { NO_PAST } from "../core/init/adopt_tags.ts";
import { type ConfigDraft, draftConfig } from "../core/init/draft_config.ts";
import type { ManifestFile, Unreadable } from "../core/init/found.ts";
import { draftFor } from "../core/init/kind_draft.ts";
import { isLookedInto } from "../core/init/manifest_files.ts";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { listFiles, readPlainFile } from "../host/list_files.ts";
import { writeToStay } from "../host/loans/loans.ts";
import { KIND_DRAFTS } from "../registry/kind_drafts.ts";
import { knownKinds } from "../registry/kinds.ts";
import { readPast } from "./init/read_past.ts";
import { locateConfig } from "./read_config.ts";

/** What `init` is told. */
export interface InitOptions {
  /** The file to write, relative to the host's folder; `putitoutthere.toml` by default. */
  readonly config?: string;
  /** Whether a file that is there is replaced. */
  readonly force?: boolean;
}

/** What was written. */
export interface InitResult {
  /** The absolute path of the file. */
  readonly path: string;
  /** The file as it is reached from the host's folder. */
  readonly file: string;
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
 * Drafts the configuration and writes it. Throws `PIOT_CONFIG_EXISTS` when the file is there and `force` is not given,
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
  const text = host.vault?.redact(draft.text) ?? draft.text;
  const where = { folder: root, env: host.env };
  const replaces = options.force ?? false;
  if (!await writeToStay(where, { path, text, replaces })) {
    throw new Failure("PIOT_CONFIG_EXISTS", `Cannot write ${path}: there is such a file already`, {
      hint:
        "Change that file by hand, or write it anew with --force: what it says now is lost then",
    });
  }
  const tooMany = `Only the first ${MOST_MANIFESTS} of ${paths.length} manifests were read`;
  return {
    path,
    file,
    draft: { ...draft, unreadable: [...read.unreadable, ...draft.unreadable] },
    isGit: listed.isGit,
    warnings: [...listed.warnings, ...warnings, ...paths.length > MOST_MANIFESTS ? [tooMany] : []],
  };
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
