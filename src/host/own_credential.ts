/**
 * Whether git has a credential of its own for an address: a header that is set up, or a helper that knows one. A helper
 * that is there and knows nothing is none.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { secretsOfHeaderLine } from "../secret/known.ts";
import type { Git } from "./git.ts";
import type { Env } from "./host.ts";

/**
 * actions/checkout persists an Authorization header, since its sixth major in a file that an `includeIf` names, so the
 * question goes to the whole configuration; only then helpers are asked.
 */
export async function hasOwnCredential(git: Git, url: string): Promise<boolean> {
  const headers = await readConfig(git, ["--get-regexp", String.raw`^http\.(.*\.)?extraheader$`]);
  learn(git, headers.split("\n").flatMap((line) => secretsOfHeaderLine(line.replace(/^\S+ /, ""))));
  const sent = headers.split("\n").some((line) => {
    const [, scope = "", name] = /^http\.(?:(.*)\.)?extraheader (.*?):/i.exec(line) ?? [];
    return name?.toLowerCase() === "authorization" && url.startsWith(scope);
  });
  if (sent) return true;
  const helpers = await readConfig(git, ["--get-urlmatch", "credential.helper", url]);
  return helpers.trim() !== "" && await isKnown(git, url);
}

/** A program that asks a person, in a window or anywhere, has no answer here. */
const UNATTENDED: Env = {
  GIT_ASKPASS: "",
  SSH_ASKPASS: "",
  // Git Credential Manager, which hosted Windows and macOS runners have.
  GCM_INTERACTIVE: "never",
};

const BOUNDS = { milliseconds: 20_000, bytes: 2 ** 20 };

/** Whether a helper gives a password. What it gives is git's own business: nobody keeps it, but to hide it. */
async function isKnown(git: Git, url: string): Promise<boolean> {
  const args = ["-c", "core.askPass=", "-c", "credential.interactive=false", "credential", "fill"];
  const { code, stdout } = await git.run(args, {
    input: `url=${url}\n\n`,
    env: UNATTENDED,
    accept: [0, 1, 128],
    bounds: BOUNDS,
  });
  const password = /^password=(.+)$/m.exec(Buffer.from(stdout).toString())?.[1];
  learn(git, password === undefined ? [] : [password]);
  return code === 0 && password !== undefined;
}

function learn({ vault }: Git, secrets: readonly string[]): void {
  for (const secret of secrets) vault?.add(secret);
}

async function readConfig(git: Git, args: readonly string[]): Promise<string> {
  const { stdout } = await git.run(["config", ...args], { accept: [0, 1] });
  return Buffer.from(stdout).toString();
}
