/**
 * Packages of npm as this machine's user gets them: from npm's cache, else from the registry that the user's settings name.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Clock } from "../../../host/host.ts";
import {
  type Answer,
  cacheThenAsk,
  firstAnswer,
  mapAnswer,
  type Outside,
  remember,
} from "../../server/outside.ts";
import { openNpmCache } from "./npm_cache.ts";

/** A document about a package, as a registry answers it. */
export type Packument = Record<string, unknown>;

/** Packages that are read from outside. */
export interface OutsideNpm {
  /** A packument, in the short form at least; its tarballs lie where its registry has them. */
  readonly packument: (name: string) => Promise<Answer<Packument>>;
  /** The tarball of a version, with the digest that its packument has. */
  readonly tarball: (version: OutsideVersion) => Promise<Answer<Uint8Array>>;
}

/** Where a version's tarball is, and what it is. */
export interface OutsideVersion {
  readonly url: string;
  /** Like `sha512-…`. */
  readonly integrity: string;
}

/** What they are read with. */
export interface OutsideNpmOptions {
  readonly outside: Outside;
  readonly clock: Pick<Clock, "now">;
  /** npm's `cache` setting. */
  readonly cache: string;
  /** The registry that the user's settings name for a package, without a slash at the end. */
  readonly registryOf: (name: string) => string;
}

/** What npm itself asks for (pacote, `lib/registry.js`). */
const ACCEPT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*";

/** Makes a reader. */
export function openOutsideNpm(options: OutsideNpmOptions): OutsideNpm {
  const { outside, clock, registryOf } = options;
  const cache = openNpmCache(options.cache);
  return {
    packument: remember(async (name) => {
      const url = `${registryOf(name)}/${name.replace("/", "%2f")}`;
      // Each is read before the next is asked: what holds nonsense does not have it.
      const read = (answer: Answer<Uint8Array>): Answer<Packument> =>
        mapAnswer(answer, (bytes) => readPackument(bytes, name));
      return await cacheThenAsk(clock, {
        cached: (after) => [async () => read(await cache.answer(url, after))],
        asked: [async () => read(await outside.get(url, ACCEPT))],
      });
    }, clock),
    tarball: ({ url, integrity }) =>
      firstAnswer([
        () => cache.file(integrity),
        async () => mapAnswer(await outside.get(url), (bytes) => checked(bytes, integrity)),
      ]),
  };
}

function readPackument(bytes: Uint8Array, name: string): Packument {
  const document = JSON.parse(Buffer.from(bytes).toString("utf8")) as Packument | null;
  if (document?.name !== name) throw new Error(`it is no document about ${name}`);
  return document;
}

/** Throws when bytes do not have any of the digests that are known of them. */
function checked(bytes: Uint8Array, integrity: string): Uint8Array {
  const fits = integrity.trim().split(/\s+/).some((digest) => {
    const [algorithm = "", expected] = digest.split("-", 2);
    return /^sha(?:1|256|384|512)$/.test(algorithm) &&
      createHash(algorithm).update(bytes).digest("base64") === expected;
  });
  if (!fits) throw new Error(`a tarball does not have the digest ${integrity}`);
  return bytes;
}
