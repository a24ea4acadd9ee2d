/**
 * Projects of PyPI as this machine's user gets them: from pip's cache, else from the indexes that pip's settings name.
 *
 * @module
 */

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
import { openPipCache } from "./pip_cache.ts";
import { type PipSettings, readPipSettings } from "./pip_settings.ts";
import { type OutsideFile, readProjectPage } from "./project_page.ts";

/** Projects that are read from outside. */
export interface OutsideProjects {
  /** The files of a project, by its normalised name. */
  readonly files: (name: string) => Promise<Answer<readonly OutsideFile[]>>;
  /** The bytes of a file, with the digest that its page gives. */
  readonly file: (file: OutsideFile) => Promise<Answer<Uint8Array>>;
}

/** What they are read with. */
export interface OutsideProjectsOptions {
  readonly outside: Outside;
  readonly clock: Pick<Clock, "now">;
  /** The user's environment. */
  readonly env: Env;
  /** The index of PyPI itself. */
  readonly standard: string;
}

const ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, " +
  "text/html; q=0.01";

/** Makes a reader. Settings are read when something is first asked for. */
export function openOutsideProjects(
  { outside, clock, env, standard }: OutsideProjectsOptions,
): OutsideProjects {
  let opened: Promise<PipSettings> | undefined;
  const settings = (): Promise<PipSettings> => opened ??= readPipSettings({ env, standard });
  return {
    files: remember(async (name) => {
      const { indexes, cacheDir } = await settings();
      const cache = openPipCache(cacheDir);
      const urls = indexes.map((index) => `${index.replace(/\/+$/, "")}/${name}/`);
      return await cacheThenAsk(clock, {
        cached: (after) =>
          urls.map((url) => async () =>
            mapAnswer(await cache.body(url, after), ({ bytes }) => readProjectPage(bytes, url))
          ),
        asked: urls.map((url) => async () =>
          mapAnswer(await outside.get(url, ACCEPT), (bytes) => readProjectPage(bytes, url))
        ),
      });
    }, clock),
    file: async ({ url, digest }) => {
      const cache = openPipCache((await settings()).cacheDir);
      const check = (bytes: Uint8Array): Uint8Array => requireDigest(bytes, { url, digest });
      return await firstAnswer([
        async () => mapAnswer(await cache.body(url, 0), ({ bytes }) => check(bytes)),
        async () => mapAnswer(await outside.get(url), check),
      ]);
    },
  };
}

const CHECKED: readonly string[] = ["sha256", "sha384", "sha512", "sha1", "md5"];

function requireDigest(
  bytes: Uint8Array,
  { url, digest }: Pick<OutsideFile, "url" | "digest">,
): Uint8Array {
  const [algorithm = "", hash] = digest.split("=");
  if (!CHECKED.includes(algorithm)) return bytes;
  if (createHash(algorithm).update(bytes).digest("hex") === hash?.toLowerCase()) return bytes;
  throw new Error(`${url} has other bytes than its page says`);
}
