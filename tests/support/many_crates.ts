/** Ready crates outside a git work tree, and a crates.io that counts as the real one does, on the clock of the run. */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { publish } from "../../src/command/publish.ts";
import type { Host } from "../../src/host/host.ts";
import { type Event, warningsOf } from "../../src/report/report.ts";
import type { Outcome } from "../../src/report/outcome.ts";
import { type LocalCrates, serveCrates } from "../../src/rehearsal/crates/serve_crates.ts";
import { holdOnCrates } from "./held_evidence.ts";
import { tempFolder } from "./temp.ts";
import { testHost } from "./test_host.ts";

const TOKEN = `cio${"a".repeat(32)}`;

/** A `.crate` as cargo lays it out, of a library without anything. */
export async function makeCrateFile(
  { name, version, more = {} }: {
    readonly name: string;
    readonly version: string;
    /** Further members. */
    readonly more?: Readonly<Record<string, Uint8Array>>;
  },
): Promise<Uint8Array> {
  const manifest =
    `[package]\nedition = "2021"\nname = "${name}"\nversion = "${version}"\ndescription = "A crate of a test"\nlicense = "MIT"\n`;
  const members = {
    "Cargo.toml": manifest,
    "Cargo.toml.orig": manifest,
    "src/lib.rs": "",
    ...more,
  };
  const entries = Object.entries(members).map(([path, body]): TarEntry => ({
    header: { name: `${name}-${version}/${path}`, size: Buffer.byteLength(body), type: "file" },
    body,
  }));
  return gzipSync(await packTar(entries));
}

export interface ManyCrates extends AsyncDisposable {
  readonly server: LocalCrates;
  /** The clock that the run and the server share: it moves when it is slept on. */
  readonly host: Host & { readonly waits: readonly number[] };
  readonly root: string;
  /** When the API was asked with GET, in milliseconds of that clock. */
  readonly asked: number[];
  /** Statuses of uploads. */
  readonly puts: () => number[];
  /** One run that releases all of them. */
  readonly release: (more?: {
    /** A clock of its own. */
    readonly clock?: Host["clock"];
    readonly names?: readonly string[];
    /** Hears of everything as it happens. */
    readonly onEvent?: (event: Event) => void;
    readonly signal?: AbortSignal;
  }) => Promise<ManyRun>;
}

export interface ManyRun {
  readonly outcomes: readonly Outcome[];
  readonly events: readonly Event[];
  readonly warnings: readonly string[];
}

/** What there is. */
export interface ManyOptions {
  /** Crates that crates.io has at 0.9.0. */
  readonly updates?: readonly string[];
  /** Crates that it does not have. */
  readonly fresh?: readonly string[];
  /** More tables of the configuration, and the files and settings that they need. */
  readonly config?: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes them; all are released at 1.0.0. */
export async function manyCrates(options: ManyOptions): Promise<ManyCrates> {
  const { updates = [], fresh = [], config = "", files = {}, env = {} } = options;
  const names = [...updates, ...fresh];
  const tables = names.map((name) =>
    `[[package]]\nname = "${name}"\nkind = "crates"\npath = "${name}"\npaths = ["${name}/**"]\n`
  );
  const crates: Record<string, Uint8Array> = {};
  for (const name of names) {
    const path = `artifacts/${name}-crate/${name}-1.0.0.crate`;
    crates[path] = await makeCrateFile({ name, version: "1.0.0" });
  }
  const toml = `[putitoutthere]\nversion = 1\n\n${tables.join("\n")}\n${config}`;
  const folder = await tempFolder({ "putitoutthere.toml": toml, ...crates, ...files });
  const bare = testHost({ cwd: folder.path });
  const { clock } = bare;
  const server = await serveCrates({
    tokens: [{ secret: TOKEN, user: "rehearsal" }],
    now: clock.now,
  });
  server.state.rateLimit = true;
  for (const name of updates) {
    holdOnCrates({ crates: server.state }, { name, version: "0.9.0", evidence: [] });
  }
  const asked: number[] = [];
  // Sees every request, and breaks none.
  server.breakNext({
    matches: ({ method, path }) => {
      if (method === "GET" && path.startsWith("/api/")) asked.push(clock.now().getTime());
      return false;
    },
    how: { status: 500 },
  });
  const host = {
    ...bare,
    env: {
      PIOT_CRATES_URL: server.url,
      PIOT_CRATES_INDEX_URL: server.indexUrl,
      CARGO_REGISTRY_TOKEN: TOKEN,
      ...env,
    },
  };
  return {
    server,
    host,
    root: folder.path,
    asked,
    puts: () => server.log.filter(({ method }) => method === "PUT").map(({ status }) => status),
    release: async (
      { clock: own = clock, names: only = names, onEvent, signal = host.signal } = {},
    ) => {
      const events: Event[] = [];
      const { outcomes } = await publish({ ...host, clock: own, signal }, {
        release: only.map((name) => `${name}@1.0.0`),
        onEvent: (event) => {
          events.push(event);
          onEvent?.(event);
        },
      });
      return { outcomes, events, warnings: events.flatMap(warningsOf) };
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
