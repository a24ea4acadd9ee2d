/**
 * What crates.io holds: its sparse index first, which has no rate limit and lags by seconds to minutes behind the
 * upload, then its API, which knows at once and takes one request a second.
 *
 * @module
 */

import { Failure, messageOf } from "../../error.ts";
import { type IndexEntry, parseIndexLines } from "../../core/crates/index_lines.ts";
import { sparseIndexPath } from "../../core/crates/index_path.ts";
import type { Clock, Host } from "../../host/host.ts";
import type { Endpoints } from "../endpoints.ts";

/** Where crates.io is. */
export type CratesEndpoints = Pick<Endpoints, "crates" | "cratesIndex">;

/** A crate as the API shows it. */
export interface HeldCrate {
  /** Its name in the spelling of its first release. */
  readonly name: string;
  /** The version that was uploaded last. */
  readonly newest: string;
  /** Whether new versions are taken from trusted publishing alone. */
  readonly isTrustpubOnly: boolean;
}

/** Reads crates.io without a credential. Every answer that is not definite is a thrown `PIOT_REGISTRY_UNKNOWN`. */
export interface HeldCrates {
  /** Every version in the index, yanked ones too; empty for a name that it does not have. */
  readonly index: (name: string) => Promise<readonly IndexEntry[]>;
  /** The sha256 of one version in lower-case hex; undefined when crates.io has no such version. */
  readonly checksum: (name: string, version: string) => Promise<string | undefined>;
  /**
   * A crate by its name in any spelling that crates.io takes for the same; undefined when the name is free. Asked once
   * for each name: what it says of a crate from before this run is what it is asked for.
   */
  readonly crate: (name: string) => Promise<HeldCrate | undefined>;
  /** The bytes of a `.crate` that is there. */
  readonly download: (name: string, version: string) => Promise<Uint8Array>;
}

/** Statuses by which an index says that it has no such crate (cargo's `http_remote.rs`). */
const NO_SUCH_CRATE = new Set([404, 410, 451]);

/** crates.io's data access policy: one request a second. */
const API_PAUSE = 1000;

/** Makes a reader. */
export function createHeldCrates(
  { http, clock }: Pick<Host, "http" | "clock">,
  endpoints: CratesEndpoints,
): HeldCrates {
  const pace = createPace(clock, API_PAUSE);
  const ask = async (url: string, question: string): Promise<Response> => {
    const headers = {
      accept: url.startsWith(endpoints.cratesIndex) ? "text/plain" : "application/json",
    };
    try {
      return await http(url, { headers, cache: "no-store" });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "PIOT_NETWORK") throw error;
      throw unknown(question, messageOf(error), error);
    }
  };
  const api = async (path: string, question: string): Promise<unknown> => {
    await pace();
    const answer = await ask(`${endpoints.crates}/api/v1/crates/${path}`, question);
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw unknown(question, describe(answer.status, text));
    return parseJson(text, question);
  };
  const crates = new Map<string, Promise<HeldCrate | undefined>>();
  const askCrate = async (name: string): Promise<HeldCrate | undefined> => {
    const question = `whether the name ${name} is free on crates.io`;
    // An empty `include` leaves out everything that is costly to gather.
    const held = await api(`${encodeURIComponent(name)}?include=`, question) as
      | { crate?: { name?: unknown; newest_version?: unknown; trustpub_only?: unknown } }
      | undefined;
    if (held === undefined) return undefined;
    const { name: found, newest_version: newest, trustpub_only: only } = held.crate ?? {};
    if (typeof found !== "string" || typeof newest !== "string") {
      throw unknown(question, "the answer has no crate");
    }
    return { name: found, newest, isTrustpubOnly: only === true };
  };
  return {
    index: async (name) => {
      const question = `which versions of ${name} are on crates.io`;
      const answer = await ask(`${endpoints.cratesIndex}/${sparseIndexPath(name)}`, question);
      const text = await answer.text();
      if (NO_SUCH_CRATE.has(answer.status)) return [];
      if (answer.status !== 200) throw unknown(question, describe(answer.status, text));
      const entries = parseIndexLines(text);
      if (entries === undefined) {
        throw unknown(question, "the index answered something else than its lines");
      }
      return entries;
    },
    checksum: async (name, version) => {
      const question = `whether ${name} ${version} is on crates.io`;
      const path = `${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
      const held = await api(path, question) as { version?: { checksum?: unknown } } | undefined;
      if (held === undefined) return undefined;
      const checksum = held.version?.checksum;
      if (typeof checksum !== "string") throw unknown(question, "the answer has no checksum");
      return checksum.toLowerCase();
    },
    crate: (name) => {
      const asked = crates.get(name) ?? askCrate(name);
      crates.set(name, asked);
      return asked;
    },
    download: async (name, version) => {
      const question = `what ${name} ${version} on crates.io was made from`;
      const path = `${encodeURIComponent(name)}/${encodeURIComponent(version)}/download`;
      await pace();
      const answer = await ask(`${endpoints.crates}/api/v1/crates/${path}`, question);
      if (answer.status === 200) return new Uint8Array(await answer.arrayBuffer());
      throw unknown(question, describe(answer.status, await answer.text()));
    },
  };
}

function unknown(question: string, found: string, cause?: unknown): Failure {
  return new Failure("PIOT_REGISTRY_UNKNOWN", `Cannot tell ${question}: ${found}`, {
    hint: "Look at https://status.crates.io, then run again; nothing was uploaded on this answer",
    cause,
  });
}

/** crates.io's own words, when the answer has some. */
function describe(status: number, text: string): string {
  const words = /"detail":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.trim().split("\n")[0] ??
    "";
  return words === "" ? `status ${status}` : `status ${status}: ${words.slice(0, 300)}`;
}

function parseJson(text: string, question: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unknown(question, "the answer is no JSON", error);
  }
}

/** Lets callers through one by one, each a pause after the one before. */
export function createPace(clock: Clock, pause: number): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  return () => {
    turn = turn.then(async () => {
      const wait = next - clock.now().getTime();
      if (wait > 0) await clock.sleep(wait);
      next = clock.now().getTime() + pause;
    });
    return turn;
  };
}
