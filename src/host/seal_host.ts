/**
 * Seals a host: whatever is written through it goes through the run's vault, and whatever it sends as a credential is in
 * there before.
 *
 * @module
 */

import { Failure } from "../error.ts";
import {
  secretsOfAddress,
  secretsOfAuthorization,
  secretsOfEnvironment,
  secretsOfQuery,
} from "../secret/known.ts";
import { type SealedWriter, sealWriter, type Write } from "../secret/sealed_writer.ts";
import { createVault, type Vault } from "../secret/vault.ts";
import type { Host, Http, HttpRequest } from "./host.ts";
import { interruption } from "./interruption.ts";

/** A host that no secret leaves. */
export interface SealedHost extends Host {
  readonly vault: Vault;
  /** Writes what waits for something behind it: to be called at the end of a run. */
  readonly flush: () => void;
}

/** The sealed writers, by what they write with; and the sealed ways to the network. */
const WRITERS: WeakMap<Write, SealedWriter> = new WeakMap();
const SENDERS: WeakSet<Http> = new WeakSet();
/** What the runner is still to be told of, for all hosts of a run. */
const MASKS: WeakMap<Vault, string[]> = new WeakMap();

/**
 * The same host, sealed; what is sealed already stays as it is. The environment's secrets are in the vault before anything
 * is written. In GitHub Actions the runner is told to mask each secret before it is used.
 */
export function sealHost(host: Host, vault: Vault = host.vault ?? createVault()): SealedHost {
  for (const secret of secretsOfEnvironment(host.env)) vault.add(secret);
  const { stdout, stderr, tellMasks } = sealWriters(host, vault);
  const { cwd, env, clock, signal } = host;
  return {
    ...{ cwd, env, clock, vault },
    signal: interruption(signal),
    http: SENDERS.has(host.http) ? host.http : sealHttp(host.http, { vault, tellMasks }),
    stdout: stdout.write,
    stderr: stderr.write,
    stdin: () => host.stdin(),
    flush: () => {
      tellMasks();
      stdout.flush();
      stderr.flush();
    },
  };
}

interface SealedWriters {
  readonly stdout: SealedWriter;
  readonly stderr: SealedWriter;
  /** Tells the runner of the secrets that it does not know yet. */
  readonly tellMasks: () => void;
}

/** The masks are the one thing that has to hold secrets; standard error will do for them. */
function sealWriters({ env, stdout, stderr }: Host, vault: Vault): SealedWriters {
  if (env.GITHUB_ACTIONS === "true" && !WRITERS.has(stderr) && !MASKS.has(vault)) {
    const masks: string[] = [];
    MASKS.set(vault, masks);
    vault.onSecret((line) => void masks.push(line));
  }
  const tellMasks = (): void => {
    for (const line of MASKS.get(vault)?.splice(0) ?? []) {
      errors.writeBare(`::add-mask::${line.replaceAll("%", "%25")}\n`);
    }
  };
  const errors = sealedOnce(stderr, { vault, before: tellMasks });
  return { stdout: sealedOnce(stdout, { vault, before: tellMasks }), stderr: errors, tellMasks };
}

function sealedOnce(
  write: Write,
  { vault, before }: { readonly vault: Vault; readonly before: () => void },
): SealedWriter {
  const known = WRITERS.get(write);
  if (known !== undefined) return known;
  const sealed = sealWriter(vault, { write, before });
  WRITERS.set(sealed.write, sealed);
  return sealed;
}

function sealHttp(
  http: Http,
  { vault, tellMasks }: { readonly vault: Vault; readonly tellMasks: () => void },
): Http {
  const sealed: Http = async (url, request) => {
    for (const secret of credentialsOf(url, request)) vault.add(secret);
    tellMasks();
    requireHeaders(request);
    return await http(url, request);
  };
  SENDERS.add(sealed);
  return sealed;
}

/** Headers that bear a credential, besides `Authorization` and its like. */
const BEARING = new Set(["cookie", "npm-otp", "private-token", "job-token", "x-api-key"]);

function credentialsOf(url: string | URL, request: HttpRequest = {}): readonly string[] {
  const headers = headersOf(request).flatMap(([name, value]) => {
    if (/^(?:proxy-)?authorization$/i.test(name)) return secretsOfAuthorization(value);
    return BEARING.has(name.toLowerCase()) ? [value] : [];
  });
  return [...headers, ...secretsOfAddress(String(url)), ...secretsOfQuery(String(url))];
}

/** Not as `Headers`, which quotes a value that it does not take. */
function headersOf({ headers }: HttpRequest): readonly (readonly [string, string])[] {
  if (headers === undefined) return [];
  if (headers instanceof Headers) return [...headers];
  return Array.isArray(headers)
    ? headers.map(([name = "", value = ""]) => [name, value] as const)
    : Object.entries(headers);
}

/** Throws `PIOT_AUTH_REFUSED` for a credential that no header can carry. */
function requireHeaders(request: HttpRequest = {}): void {
  for (const [name, value] of headersOf(request)) {
    if (!/^(?:proxy-)?authorization$/i.test(name) || /^[\t\x20-\x7e]*$/.test(value)) continue;
    throw new Failure(
      "PIOT_AUTH_REFUSED",
      "Cannot send the credential: it holds a line break or another character that no header carries",
      { hint: "Set the variable that it comes from to the token alone, on one line" },
    );
  }
}
