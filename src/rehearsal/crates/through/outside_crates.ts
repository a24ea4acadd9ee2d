/**
 * Crates of crates.io as this machine's user gets them: from cargo's cache, else from the index that cargo's settings name.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Clock, Env } from "../../../host/host.ts";
import {
  type Answer,
  cacheThenAsk,
  firstAnswer,
  mapAnswer,
  type Outside,
  remember,
} from "../../server/outside.ts";
import { indexPath } from "../index_line.ts";
import { type CargoCache, type IndexLine, openCargoCache, readIndexLine } from "./cargo_cache.ts";
import { type CargoSettings, readCargoSettings } from "./cargo_settings.ts";

/** Crates that are read from outside. */
export interface OutsideCrates {
  /** Every version of a crate. */
  readonly index: (name: string) => Promise<Answer<readonly IndexLine[]>>;
  /** Every version that was told of so far. */
  readonly answered: () => readonly IndexLine[];
  /** The bytes of a version that {@link OutsideCrates.index} has told of. */
  readonly crate: (line: IndexLine) => Promise<Answer<Uint8Array>>;
}

/** What they are read with. */
export interface OutsideCratesOptions {
  readonly outside: Outside;
  readonly clock: Pick<Clock, "now">;
  /** The user's environment. */
  readonly env: Env;
  /** The folder above the repository: settings that are committed to it are not the user's. */
  readonly folder: string;
  /** The index of crates.io itself, without a slash at its end. */
  readonly standard: string;
}

/** Makes a reader. Settings are read when something is first asked for. */
export function openOutsideCrates(options: OutsideCratesOptions): OutsideCrates {
  let opened: Promise<Places> | undefined;
  const places = (): Promise<Places> => opened ??= openPlaces(options);
  const answered = new Map<string, readonly IndexLine[]>();
  return {
    index: remember(async (name) => {
      const { cache, index } = await places();
      const answer = await cacheThenAsk(options.clock, {
        cached: (after) => [() => cache.index(name, after)],
        asked: [() => readIndex({ ...options, index }, name)],
      });
      if (answer.state === "found") answered.set(name, answer.value);
      return answer;
    }, options.clock),
    answered: () => [...answered.values()].flat(),
    crate: async ({ name, vers: version, cksum }) => {
      const { cache, index } = await places();
      return await firstAnswer([
        () => cache.crate({ name, version, cksum }),
        () => download({ ...options, index }, { name, version, cksum }),
      ]);
    },
  };
}

/** Where crates are looked for. */
interface Places {
  readonly cache: CargoCache;
  readonly index: Pick<CargoSettings, "index" | "trouble">;
}

/** The host of crates.io's index when it is read by git; its folder in the caches is of the same crates. */
const GIT_HOST = "github.com";

async function openPlaces({ env, folder, standard }: OutsideCratesOptions): Promise<Places> {
  const settings = await readCargoSettings({ env, folder, standard });
  const addresses = [standard, ...settings.index === undefined ? [] : [settings.index]];
  const hosts = addresses.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname);
  return {
    cache: openCargoCache(settings.home, [...new Set([...hosts, GIT_HOST])]),
    index: settings,
  };
}

type Reading = Pick<OutsideCratesOptions, "outside"> & Pick<Places, "index">;

async function readIndex(
  { outside, index: { index, trouble } }: Reading,
  name: string,
): Promise<Answer<readonly IndexLine[]>> {
  if (index === undefined) return { state: "unanswered", why: trouble };
  const answer = await outside.get(`${index}/${indexPath(name)}`);
  return mapAnswer(answer, (bytes) => {
    const lines = Buffer.from(bytes).toString("utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").map(readIndexLine);
  });
}

async function download(
  { outside, index: { index, trouble } }: Reading,
  { name, version, cksum }: Parameters<CargoCache["crate"]>[0],
): Promise<Answer<Uint8Array>> {
  if (index === undefined) return { state: "unanswered", why: trouble };
  const config = mapAnswer(await outside.get(`${index}/config.json`), (bytes) => {
    const { dl } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { dl?: unknown };
    if (typeof dl !== "string") throw new Error("config.json does not say where crates are");
    return downloadUrl(dl, { name, version, cksum });
  });
  if (config.state !== "found") return config;
  return mapAnswer(await outside.get(config.value), (bytes) => {
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== cksum) {
      throw new Error(`${name} ${version} has the checksum ${found}, not ${cksum}`);
    }
    return bytes;
  });
}

/** Fills the marks of `dl`; without any, crates lie at `/{crate}/{version}/download` (the cargo book, "Registry Index"). */
function downloadUrl(
  dl: string,
  { name, version, cksum }: Parameters<CargoCache["crate"]>[0],
): string {
  const prefix = indexPath(name).split("/").slice(0, -1).join("/");
  const marks: Readonly<Record<string, string>> = {
    "{crate}": name,
    "{version}": version,
    "{prefix}": prefixOf(name, prefix),
    "{lowerprefix}": prefix,
    "{sha256-checksum}": cksum,
  };
  const filled = Object.entries(marks).reduce(
    (url, [mark, value]) => url.replaceAll(mark, value),
    dl,
  );
  return filled === dl ? `${dl}/${name}/${version}/download` : filled;
}

/** The prefix in the crate's own case. */
function prefixOf(name: string, lower: string): string {
  if (name.length < 4) return lower.length === 1 ? lower : `${lower[0]}/${name[0]}`;
  return `${name.slice(0, 2)}/${name.slice(2, 4)}`;
}
