/**
 * `status` of many packages whose registry takes its time: requests go side by side, so that most of the time is not spent
 * waiting for one answer after the other.
 *
 * @module
 */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { builtPackage } from "./built_package.ts";
import { atMost, type Bench, measured } from "./figure.ts";
import { runProcess } from "./measure.ts";
import { makeMonorepo } from "./monorepo.ts";

const COUNT = 500;

/** What the registry takes for every answer. */
const MILLISECONDS = 100;

/** Requests that are under way at once (`SIDE_BY_SIDE` in `read_statuses.ts`). */
const AT_ONCE = 16;

/** The bench. */
export const statusBench: Bench = {
  name: "status",
  run: async (say) => {
    const command = await builtPackage();
    const size = { packages: COUNT, files: 2 * COUNT, tags: COUNT, releases: 50, older: 0 };
    await using repository = await makeMonorepo({ ...size, changed: COUNT / 20 });
    await using registry = await slowRegistry();
    say(`asking about ${COUNT} packages`);
    const start = performance.now();
    await runProcess(["node", command, "status", "--json"], {
      cwd: repository.path,
      env: { PIOT_NPM_URL: registry.url },
    });
    const milliseconds = performance.now() - start;
    if (registry.asked() !== COUNT) throw new Error(`${registry.asked()} requests were sent`);
    const least = Math.ceil(COUNT / AT_ONCE) * MILLISECONDS;
    return [
      measured(`status: ${COUNT} packages, ${MILLISECONDS} ms a request`, milliseconds / 1000, "s"),
      atMost(`status: whole / ${AT_ONCE} requests at once`, milliseconds / least, [1.6, "×"]),
    ];
  },
};

interface SlowRegistry extends AsyncDisposable {
  readonly url: string;
  readonly asked: () => number;
}

/** Knows every package at 1.0.0, and lets everybody wait. */
async function slowRegistry(): Promise<SlowRegistry> {
  let asked = 0;
  const server = createServer(({ url = "" }, response) => {
    asked++;
    const name = decodeURIComponent(url.slice(1).replace(/\?.*/, ""));
    const packument = { name, "dist-tags": {}, versions: { "1.0.0": { name, version: "1.0.0" } } };
    response.setHeader("content-type", "application/json");
    setTimeout(() => response.end(JSON.stringify(packument)), MILLISECONDS);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
