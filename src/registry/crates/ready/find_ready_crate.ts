/**
 * Finds the crate that a build job delivered. Its folder may be cargo's whole `target/package`, with crates that were packaged
 * together, unpacked ones and older ones: the crate of the release alone is taken.
 *
 * @module
 */

import { basename, join } from "node:path";
import { someOf } from "../../../core/words/phrases.ts";
import { Failure } from "../../../error.ts";
import { walkFiles } from "../../../host/files.ts";
import { hashFile } from "../../../host/hash_file.ts";
import { crateFileName, type CratesRelease } from "../crates_work.ts";

/** What lies in the artifact of a release. */
export interface FoundCrate {
  /** The crate at the planned version; undefined when it is not there. */
  readonly crate: { readonly path: string; readonly sha256: string } | undefined;
  /** Other crates, absolute: siblings that were packaged beside it. */
  readonly others: readonly string[];
  /** Why what was delivered is not used, as sentences. */
  readonly warnings: readonly string[];
}

const MOST_SHOWN = 10;

/** Looks for it. Throws `PIOT_ARTIFACT_INVALID` for two files of its name with different bytes. */
export async function findReadyCrate(release: CratesRelease): Promise<FoundCrate> {
  const artifact = release.artifacts.find(({ folder }) => folder !== undefined);
  if (artifact?.folder === undefined) return { crate: undefined, others: [], warnings: [] };
  const { folder } = artifact;
  const { package: { registryName: name }, version } = release;
  const wanted = crateFileName({ name, version });
  const crates = (await walkFiles(folder)).filter((file) => file.endsWith(".crate"));
  const named = crates.filter((file) => basename(file) === wanted);
  // What cargo packs and tries things with lies there for a while, and stays.
  const finished = named.filter((file) => !/(^|\/)tmp-(crate|registry)\//.test(file));
  const own = finished.length > 0 ? finished : named;
  const rest = crates.filter((file) => !named.includes(file));
  const others = rest.map((file) => join(folder, file));
  const [first] = own;
  if (first === undefined) {
    return { crate: undefined, others, warnings: [leftOut(release, { artifact, crates })] };
  }
  const digests = new Map<string, string>();
  for (const file of own) {
    digests.set((await hashFile(join(folder, file), ["sha256"])).sha256, file);
  }
  if (digests.size > 1) {
    throw new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot use the artifact "${artifact.name}": "${
        [...digests.values()].join('" and "')
      }" are two crates of one name with different bytes`,
      { hint: "Have the build job upload what one `cargo package` made, into an empty folder" },
    );
  }
  const [sha256] = digests.keys();
  return { crate: { path: join(folder, first), sha256: sha256! }, others, warnings: [] };
}

function leftOut(
  { package: { name, registryName }, version }: CratesRelease,
  { artifact, crates }: {
    readonly artifact: { readonly name: string };
    readonly crates: readonly string[];
  },
): string {
  const wanted = crateFileName({ name: registryName, version });
  const found = crates.length === 0
    ? "no crate"
    : someOf(crates.map((file) => `"${basename(file)}"`), MOST_SHOWN);
  return `The artifact "${artifact.name}" is left out, and cargo packages ${name} here: it holds ${found} and not "${wanted}", as when it was packaged before \`set-version\``;
}
