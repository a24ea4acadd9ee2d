/**
 * Where a version on crates.io came from: of a trusted publisher it names the repository, the run and the commit, and neither
 * the workflow nor the environment (rust-lang/crates.io `src/controllers/trustpub/tokens/exchange`).
 *
 * @module
 */

import type { ReleaseOrigin } from "../../core/doctor/online_facts.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { type OriginReader, repositoryOf } from "../origin_reader.ts";
import { createCratesAnswers } from "./crates_answers.ts";

/** Makes the reader. */
export function readCratesOrigin(
  { host, endpoints }: Pick<RegistryOptions, "host" | "endpoints">,
): OriginReader {
  const answers = createCratesAnswers(host, endpoints);
  return async ({ registryName: name }, version): Promise<ReleaseOrigin | undefined> => {
    const path = `crates/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
    const held = await answers.document(path, `who uploaded ${name} ${version} to crates.io`);
    const { trustpub_data: data } =
      (held as { version?: { trustpub_data?: { repository?: unknown } | null } } | undefined)
        ?.version ?? {};
    return data === null || data === undefined
      ? undefined
      : { repository: repositoryOf(data.repository) };
  };
}
