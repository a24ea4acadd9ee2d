/** A checkout, a local npm registry and the publisher between them. */

import { createNpm } from "../../../src/registry/npm/create_npm.ts";
import type { NpmPrepared } from "../../../src/registry/npm/prepared.ts";
import type { Defer, Registry, Release } from "../../../src/registry/registry.ts";
import type { NpmPackage } from "../../../src/core/package.ts";
import {
  type NpmServer,
  type NpmServerOptions,
  serveNpm,
} from "../../../src/rehearsal/npm/serve_npm.ts";
import { tempFolder } from "../../support/temp.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";

export const TOKEN = "npm_a1b2c3";
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export interface World extends AsyncDisposable {
  readonly root: string;
  readonly server: NpmServer;
  readonly npm: Registry<NpmPrepared>;
  readonly host: TestHost;
  readonly defer: Defer;
  /** Prepares one release. */
  readonly prepare: (release: Release<NpmPackage>) => Promise<NpmPrepared>;
  /** Prepares, looks, authorises and uploads one release. */
  readonly publish: (release: Release<NpmPackage>) => Promise<NpmPrepared>;
  /** Another publisher to the same registry, as a second run has it. */
  readonly again: (
    parts?: { env?: Record<string, string> },
  ) => Registry<
    NpmPrepared
  >;
}

export async function npmWorld(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<NpmServerOptions> & {
    readonly env?: Record<string, string>;
  } = {},
): Promise<World> {
  const { env = { NODE_AUTH_TOKEN: TOKEN }, ...server } = options;
  const folder = await tempFolder(files);
  const registry = await serveNpm({ tokens: { [TOKEN]: { user: "ada" } }, ...server });
  const undo: (() => Promise<void>)[] = [];
  const defer: Defer = (one) => void undo.push(one);
  const host = testHost({ env });
  const again: World["again"] = (parts = {}) =>
    createNpm({
      host: parts.env === undefined ? host : { ...host, env: parts.env },
      root: folder.path,
      endpoints: { npm: registry.url },
    });
  const npm = again();
  const prepare: World["prepare"] = async (release) => {
    const [prepared] = await npm.prepare([release], defer);
    if (prepared === undefined) throw new Error("nothing was prepared");
    return prepared;
  };
  return {
    root: folder.path,
    server: registry,
    npm,
    host,
    defer,
    prepare,
    again,
    publish: async (release) => {
      const prepared = await prepare(release);
      const look = await npm.look(prepared);
      const credential = await npm.authorise(prepared, look);
      for (const file of prepared.files) await npm.upload(prepared, file, credential);
      return prepared;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of undo) await one();
      await folder[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

export function npmPackage(changes: Partial<NpmPackage> = {}): NpmPackage {
  return {
    kind: "npm",
    name: "demo",
    registryName: "demo",
    path: "packages/demo",
    paths: ["packages/demo/**"],
    dependsOn: [],
    firstVersion: "0.1.0",
    tagFormat: "{name}-v{version}",
    access: "public",
    distTag: "latest",
    build: "none",
    targets: [],
    ...changes,
  };
}

export function npmRelease(
  changes: Partial<Omit<Release<NpmPackage>, "package">> & { package?: Partial<NpmPackage> } = {},
): Release<NpmPackage> {
  const { package: own, ...rest } = changes;
  const version = rest.version ?? "1.0.0";
  const item = npmPackage(own);
  return {
    package: item,
    version,
    tag: `${item.name}-v${version}`,
    previous: null,
    commit: COMMIT,
    artifacts: [{ target: "noarch", name: `${item.name}-pkg`, folder: undefined }],
    ...rest,
  };
}

/** The text of a package.json. */
export function manifestText(fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ name: "demo", version: "0.0.0", ...fields }, null, 2)}\n`;
}
