/**
 * Publishing many packages to registries that take 200 ms for every request, against the longest chain of requests that
 * must follow each other.
 *
 * @module
 */

import { publish } from "../../src/command/publish.ts";
import { createHost } from "../../src/host/create_host.ts";
import type { Env } from "../../src/host/host.ts";
import { serveCrates } from "../../src/rehearsal/crates/serve_crates.ts";
import { serveNpm } from "../../src/rehearsal/npm/serve_npm.ts";
import { servePypi } from "../../src/rehearsal/pypi/serve_pypi.ts";
import type { LocalServer, LoggedRequest } from "../../src/rehearsal/server/serve.ts";
import { makeSdist, makeWheel } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { holdOnCrates } from "../../tests/support/held_evidence.ts";
import { makeCrateFile } from "../../tests/support/many_crates.ts";
import { tempFolder } from "../../tests/support/temp.ts";
import { atMost, type Bench, type Figure, measured } from "./figure.ts";

const DELAY = 200;
const VERSION = "1.0.0";

/** The bench. */
export const latencyBench: Bench = {
  name: "latency",
  run: async (say) => {
    const figures: Figure[] = [];
    for (const bench of CASES) {
      const name = `latency: ${bench.title}`;
      say(bench.title);
      const run = await publishSlowly(bench);
      const chain = await chainOf(bench, run);
      figures.push(
        measured(`${name}: requests`, run.requests, ""),
        measured(`${name}: the longest chain`, chain, "ms"),
        measured(`${name}: one run`, run.milliseconds, "ms"),
        atMost(`${name}: run / chain`, run.milliseconds / chain, [1.3, "×"]),
      );
    }
    return figures;
  },
};

interface Case {
  readonly title: string;
  readonly kind: "npm" | "pypi" | "crates";
  readonly count: number;
  /** Whether each package depends on the one before it. */
  readonly isChain: boolean;
}

const CASES: readonly Case[] = [
  { title: "1 npm package", kind: "npm", count: 1, isChain: false },
  { title: "20 npm packages", kind: "npm", count: 20, isChain: false },
  { title: "5 npm packages, each upon the last", kind: "npm", count: 5, isChain: true },
  { title: "10 PyPI packages, a wheel and an sdist each", kind: "pypi", count: 10, isChain: false },
  { title: "60 ready crates", kind: "crates", count: 60, isChain: false },
];

/** Milliseconds between two questions to the API of crates.io, by its data access policy. */
const API_PAUSE = 1000;

/**
 * Of one package alone no request waits for anything but an answer that it needs. In a row of packages every one but the
 * first adds those from its upload on: what comes before the first upload is done for all packages side by side. Crates
 * are a row in any case, and questions to their API are a second apart; one of the index comes before the first. In
 * milliseconds.
 */
async function chainOf(bench: Case, { questions }: SlowRun): Promise<number> {
  const { rounds, fromUpload } = await publishSlowly({ ...bench, count: 1 });
  if (bench.kind === "crates") {
    return (questions - 1) * API_PAUSE + (2 + bench.count * fromUpload) * DELAY;
  }
  return (bench.isChain ? rounds + (bench.count - 1) * fromUpload : rounds) * DELAY;
}

interface SlowRun {
  readonly milliseconds: number;
  readonly requests: number;
  /** Requests to the API of crates.io, uploads left out. */
  readonly questions: number;
  /** How many times an answer was waited for; requests that are out at the same time count once. */
  readonly rounds: number;
  /** Those from the first upload on. */
  readonly fromUpload: number;
}

async function publishSlowly(bench: Case): Promise<SlowRun> {
  await using world = await WORLDS[bench.kind](bench);
  const { server, root, env } = world;
  server.breakNext({ matches: () => true, how: { delay: DELAY }, times: Infinity });
  const names = namesOf(bench).map((name) => `${name}@${VERSION}`);
  const start = performance.now();
  const { outcomes } = await publish(createHost({ cwd: root, env }), { release: names });
  const milliseconds = performance.now() - start;
  if (outcomes.some(({ status }) => status !== "published")) {
    throw new Error(`not all was published: ${JSON.stringify(outcomes)}`);
  }
  const { log } = server;
  const first = log.findIndex(({ method }) => method === "PUT" || method === "POST");
  return {
    milliseconds,
    requests: log.length,
    questions:
      log.filter(({ method, path }) => method === "GET" && path.startsWith("/api/")).length,
    rounds: roundsOf(log),
    fromUpload: roundsOf(log.slice(first)),
  };
}

/** Answers that come sooner after one another than a request takes are to requests that were out together. */
function roundsOf(log: readonly LoggedRequest[]): number {
  return log.filter(({ at }, index) => index === 0 || at - log[index - 1]!.at > DELAY / 2).length;
}

interface World extends AsyncDisposable {
  readonly server: LocalServer;
  readonly root: string;
  readonly env: Env;
}

function namesOf({ count }: Case): string[] {
  return Array.from({ length: count }, (_, index) => `demo-${index}`);
}

async function npmWorld(bench: Case): Promise<World> {
  const token = "npm_of_ada";
  const server = await serveNpm({ tokens: { [token]: { user: "ada" } } });
  const packages = namesOf(bench).map((name) => [
    `${name}/package.json`,
    JSON.stringify({ name, version: VERSION }),
  ]);
  return await worldOf(bench, {
    server,
    files: Object.fromEntries(packages),
    env: { PIOT_NPM_URL: server.url, NODE_AUTH_TOKEN: token },
  });
}

async function pypiWorld(bench: Case): Promise<World> {
  const token = "pypi-of-ada";
  const server = await servePypi({ tokens: { [token]: { holder: { user: "ada" } } } });
  const files: Record<string, Uint8Array> = {};
  for (const name of namesOf(bench)) {
    const wheel = makeWheel({ name, version: VERSION });
    const sdist = await makeSdist({ name, version: VERSION });
    files[`artifacts/${name}-wheel-any/${wheel.fileName}`] = wheel.bytes;
    files[`artifacts/${name}-sdist/${sdist.fileName}`] = sdist.bytes;
  }
  const env = {
    PIOT_PYPI_URL: server.url,
    PIOT_PYPI_UPLOAD_URL: server.uploadUrl,
    PYPI_API_TOKEN: token,
  };
  return await worldOf(bench, { server, files, env });
}

async function cratesWorld(bench: Case): Promise<World> {
  const secret = `cio${"a".repeat(32)}`;
  const server = await serveCrates({ tokens: [{ secret, user: "rehearsal" }] });
  const files: Record<string, Uint8Array> = {};
  for (const name of namesOf(bench)) {
    holdOnCrates({ crates: server.state }, { name, version: "0.9.0", evidence: [] });
    const path = `artifacts/${name}-crate/${name}-${VERSION}.crate`;
    files[path] = await makeCrateFile({ name, version: VERSION });
  }
  const env = {
    PIOT_CRATES_URL: server.url,
    PIOT_CRATES_INDEX_URL: server.indexUrl,
    CARGO_REGISTRY_TOKEN: secret,
  };
  return await worldOf(bench, { server, files, env });
}

const WORLDS = { npm: npmWorld, pypi: pypiWorld, crates: cratesWorld } as const;

async function worldOf(
  bench: Case,
  { server, env, files }: Pick<World, "server" | "env"> & {
    readonly files: Readonly<Record<string, string | Uint8Array>>;
  },
): Promise<World> {
  const folder = await tempFolder({ "putitoutthere.toml": config(bench), ...files });
  return {
    server,
    env,
    root: folder.path,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function config(bench: Case): string {
  const tables = namesOf(bench).map((name, index) => {
    const dependsOn = bench.isChain && index > 0 ? `depends_on = ["demo-${index - 1}"]\n` : "";
    return `[[package]]\nname = "${name}"\nkind = "${bench.kind}"\npath = "${name}"\n` +
      `paths = ["${name}/**"]\n${dependsOn}`;
  });
  return `[putitoutthere]\nversion = 1\n\n${tables.join("\n")}`;
}
