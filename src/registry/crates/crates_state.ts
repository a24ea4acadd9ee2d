/**
 * What crates.io shows of a crate to whoever looks.
 *
 * @module
 */

import { isSameVersion } from "../../core/crates/crates_index.ts";
import type { Package } from "../../core/model/package.ts";
import { heldVersions, isVersion } from "../../core/model/version.ts";
import { type Evidence, evidenceOf } from "../../core/release/evidence.ts";
import type {
  RegistryState,
  StateQuestion,
  StateReader,
  VersionRecords,
} from "../../core/status/registry_state.ts";
import { Failure } from "../../error.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { createCratesAnswers } from "./crates_answers.ts";
import { readVcsInfo } from "./crate_records.ts";
import { createHeldCrates } from "./held_crates.ts";

/** Crates whose origin is asked for: crates.io's API takes one request a second, its index as many as there are. */
const ASKED_AT_MOST = 20;

/** Makes the reader. */
export function readCratesState(
  { host, endpoints }: Pick<RegistryOptions, "host" | "endpoints">,
): StateReader {
  const held = createHeldCrates(createCratesAnswers(host, endpoints));
  let asked = 0;
  return { read, records };

  /** One file, which says itself where it was packaged. */
  async function records(
    { registryName: name }: Package,
    version: string,
  ): Promise<VersionRecords> {
    const file = `${name}-${version}.crate`;
    const entries = await held.index(name);
    const entry = entries.find((one) => isSameVersion(one.version, version));
    if (entry === undefined) return { commits: new Map(), notes: [], witnesses: [file] };
    const { found, flaw } = await readVcsInfo(await held.download(name, entry));
    return {
      commits: new Map(found === undefined ? [] : [[file, found]]),
      notes: flaw === undefined ? [] : [`The vcs information in ${file} on crates.io ${flaw}`],
      witnesses: [file],
    };
  }

  async function read(
    { package: { registryName: name }, tagged }: StateQuestion,
  ): Promise<RegistryState> {
    const entries = await held.index(name);
    const { versions, notBelow } = heldVersions(
      tagged ?? "0.0.0-0",
      entries.map(({ version }) => version),
    );
    const entryOf = (version: string): typeof entries[number] | undefined =>
      entries.find((entry) => isSameVersion(entry.version, version));
    const version = versions.filter((text) => isVersion(text) && entryOf(text)?.yanked === false)
      .at(-1);
    const own = tagged === undefined ? undefined : entryOf(tagged);
    const origin = version === undefined ? {} : await originOf(name, version);
    return {
      ...(version === undefined ? {} : { newest: { version, ...evidenceIn(origin) } }),
      ...(tagged === undefined
        ? {}
        : { tagged: { state: own === undefined ? "absent" : "whole", missing: [] } as const }),
      above: notBelow.filter((text) =>
        isVersion(text) && (tagged === undefined || !isSameVersion(text, tagged))
      ),
      notes: [
        ...(own?.yanked === true
          ? [`${name} ${tagged} is yanked: nobody gets it who does not ask for it`]
          : []),
        ...origin.note === undefined ? [] : [origin.note],
      ],
    };
  }

  /** Its index has the version in any case, so that this answer alone may be missing. */
  async function originOf(name: string, version: string): Promise<Origin> {
    if (asked++ >= ASKED_AT_MOST) return { note: NOT_ASKED };
    try {
      const isTrustpub = await held.isTrustpub(name, version);
      return { evidence: evidenceOf({ "trusted-publisher": isTrustpub }) };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "PIOT_REGISTRY_UNKNOWN") throw error;
      return { note: error.message };
    }
  }
}

/** How a version came there, or why nobody knows. */
interface Origin {
  readonly evidence?: Evidence;
  readonly note?: string;
}

function evidenceIn({ evidence }: Origin): { readonly evidence?: Evidence } {
  return evidence === undefined ? {} : { evidence };
}

const NOT_ASKED =
  `how it was uploaded was not asked for: crates.io takes one request a second, and ${ASKED_AT_MOST} were made; ` +
  "name the packages that you want to know about";
