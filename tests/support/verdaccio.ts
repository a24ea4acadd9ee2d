/**
 * Verdaccio, a registry for npm that we did not write: installed by npm into a folder of its own, and run by Node with
 * nothing above it, so that it holds what is published here and nothing else.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { type InstalledTools, installTools } from "./installed_tools.ts";
import { tempFolder } from "./temp.ts";

/** The last one that runs on Node 20. */
const VERSION = "6.8.0";

/**
 * One of its dependencies asks for a dist-tag of node-fetch, which mirrors that know versions only do not have; this is
 * the version that the tag stands for.
 */
const PACKAGE = {
  dependencies: { verdaccio: VERSION },
  overrides: { "node-fetch": "2.6.7" },
};

/** Installs it once. */
export function installVerdaccio(): Promise<InstalledTools> {
  return installTools(PACKAGE, { provided: "verdaccio", label: `verdaccio-${VERSION}` });
}

/** A running registry. */
export interface Verdaccio extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** The token of its one user, who may publish anything. */
  readonly token: string;
}

/** Prints its port, and ends when whoever started it does. */
const SERVER = `
const { createRequire } = require("node:module");
const [folder, storage] = process.argv.slice(1);
const { runServer } = createRequire(folder + "/package.json")("verdaccio");
const settings = {
  self_path: storage + "/config.yaml",
  configPath: storage + "/config.yaml",
  storage,
  web: { enable: false },
  auth: { htpasswd: { file: storage + "/htpasswd", max_users: 1 } },
  uplinks: {},
  packages: { "**": { access: "$all", publish: "$authenticated", unpublish: "$authenticated" } },
  max_body_size: "200mb",
  userRateLimit: { windowMs: 1000, max: 10000 },
  log: { type: "stdout", format: "pretty", level: "fatal" },
};
runServer(settings).then((server) =>
  server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port))
);
process.stdin.on("close", () => process.exit()).resume();
`;

/** Starts an empty one on a free port of 127.0.0.1. */
export async function serveVerdaccio(folder: string): Promise<Verdaccio> {
  const storage = await tempFolder();
  const args = ["--input-type=commonjs", "-e", SERVER, folder, storage.path];
  const { PATH } = process.env;
  const child = spawn("node", args, {
    env: { PATH, HOME: storage.path, NODE_ENV: "production" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const stop = async (): Promise<void> => {
    child.stdin.destroy();
    await closed;
    await storage[Symbol.asyncDispose]();
  };
  try {
    const url = `http://127.0.0.1:${await portOf(createInterface(child.stdout))}`;
    return { url, token: await makeUser(url), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function portOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const port = /^port (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error("verdaccio ended before it listened");
}

/** Registers a user as `npm adduser` does, and gives the user's token. */
async function makeUser(url: string): Promise<string> {
  const user = { name: "ada", password: "countess-of-lovelace", type: "user", roles: [] };
  const answer = await fetch(`${url}/-/user/org.couchdb.user:ada`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ _id: "org.couchdb.user:ada", ...user }),
  });
  const { token } = await answer.json() as { token?: string };
  if (answer.status !== 201 || token === undefined) {
    throw new Error(`verdaccio made no user: ${answer.status}`);
  }
  return token;
}
