/** The clients that people install packages of npm with, each set up to ask registries on 127.0.0.1 and nobody else. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { type InstalledTools, installTools } from "./installed_tools.ts";
import { writeTree } from "./temp.ts";

const run = promisify(execFile);

/** Bun's own package installs a program for every kind of processor; this is the one that runs on all of them. */
const BUN = process.arch === "arm64" ? "@oven/bun-linux-aarch64" : "@oven/bun-linux-x64-baseline";

const MANIFEST = {
  dependencies: {
    "npm-10": "npm:npm@10.9.4",
    "npm-11": "npm:npm@11.6.2",
    pnpm: "10.20.0",
    "@yarnpkg/cli-dist": "4.10.3",
    [BUN]: "1.3.1",
  },
};

/** Installs all of them once. */
export function installClients(): Promise<InstalledTools> {
  return installTools(MANIFEST, { provided: "npm-clients", label: "npm-clients-1" });
}

/** What a program said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A client in one folder. */
export interface Client {
  readonly install: (packages: readonly string[]) => Promise<Ended>;
  /** Runs a command of an installed package. */
  readonly command: (name: string, words: readonly string[]) => Promise<Ended>;
  /** Runs a script in Node as the client starts it. */
  readonly script: (source: string) => Promise<Ended>;
}

/** One client by its name. */
export type ClientName = "npm 10" | "npm 11" | "pnpm" | "Yarn PnP" | "Bun";

/** How each client is called: words before the packages to install, before a command, and before a script of Node. */
interface Calls {
  readonly program: readonly string[];
  readonly install: readonly string[];
  /** In front of a command; what lies in `node_modules/.bin` is run by itself when undefined. */
  readonly exec?: readonly string[];
  readonly node?: readonly string[];
}

function callsOf(name: ClientName, folder: string): Calls {
  const inside = (...path: string[]): string => join(folder, "node_modules", ...path);
  const quiet = ["install", "--no-audit", "--no-fund", "--no-update-notifier"];
  switch (name) {
    case "npm 10":
      return { program: ["node", inside("npm-10/bin/npm-cli.js")], install: quiet };
    case "npm 11":
      return { program: ["node", inside("npm-11/bin/npm-cli.js")], install: quiet };
    case "pnpm":
      return { program: ["node", inside("pnpm/bin/pnpm.cjs")], install: ["add"] };
    case "Yarn PnP":
      return {
        program: ["node", inside("@yarnpkg/cli-dist/bin/yarn.js")],
        install: ["add"],
        exec: ["run"],
        node: ["node", "-p"],
      };
    case "Bun":
      return { program: [inside(BUN, "bin/bun")], install: ["add"] };
  }
}

/** Sets a client up in an empty folder. `scopes` are registries by scope, without a slash at the end. */
export async function openClient(
  name: ClientName,
  { folder, cwd, scopes }: {
    /** Where the clients are installed. */
    readonly folder: string;
    readonly cwd: string;
    readonly scopes: Readonly<Record<string, string>>;
  },
): Promise<Client> {
  const app = join(cwd, "app");
  const home = join(cwd, "home");
  const npmrc = Object.entries(scopes).map(([scope, url]) => `${scope}:registry=${url}/\n`);
  const yarnScopes = Object.entries(scopes).map((
    [scope, url],
  ) => [scope.slice(1), { npmRegistryServer: url }]);
  const nowhere = "http://127.0.0.1:9";
  await writeTree(app, {
    "package.json": JSON.stringify({ name: "app", version: "1.0.0", private: true }),
    ".npmrc": [`registry=${nowhere}/\n`, ...npmrc].join(""),
    "yarn.lock": "",
    ".yarnrc.yml": JSON.stringify({
      enableGlobalCache: false,
      enableTelemetry: false,
      nodeLinker: "pnp",
      npmRegistryServer: nowhere,
      npmScopes: Object.fromEntries(yarnScopes),
      unsafeHttpWhitelist: ["127.0.0.1"],
    }),
  });
  await writeTree(home, { ".keep": "" });
  const calls = callsOf(name, folder);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    BUN_INSTALL_CACHE_DIR: join(home, "bun"),
    npm_config_cache: join(home, "npm"),
    CI: "true",
    // Yarn would refuse to write its lock file in CI.
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
  const ended = async (words: readonly string[]): Promise<Ended> => {
    const [program = "", ...args] = words;
    return await run(program, args, { cwd: app, env }).then(
      (done) => ({ code: 0, ...done }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  };
  return {
    install: (packages) => ended([...calls.program, ...calls.install, ...packages]),
    command: (command, words) =>
      ended([
        ...(calls.exec === undefined ? [] : [...calls.program, ...calls.exec]),
        calls.exec === undefined ? join(app, "node_modules/.bin", command) : command,
        ...words,
      ]),
    script: (source) =>
      ended([
        ...(calls.node === undefined ? ["node", "-p"] : [...calls.program, ...calls.node]),
        source,
      ]),
  };
}
