/**
 * What nobody caught: a bug of ours, told without secrets. The runtimes would print it with all that it holds.
 *
 * @module
 */

import process from "node:process";
import { secretsOfEnvironment } from "../secret/known.ts";
import type { Vault } from "../secret/vault.ts";

/** Tells of errors that nobody catches from here on, and ends the process with them; gives what stops that. */
export function watchForUncaught(vault: Vault): () => void {
  const end = (error: unknown): void => {
    tellUncaught(vault, error);
    process.exit(4);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
  return () => {
    process.off("uncaughtException", end);
    process.off("unhandledRejection", end);
  };
}

/** Tells of an error that nobody caught, and leaves exit status 4. */
export function tellUncaught(vault: Vault, error: unknown): void {
  // It may have come before there was a host.
  for (const secret of secretsOfEnvironment(process.env)) vault.add(secret);
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  process.stderr.write(vault.redact(`A bug in putitoutthere, please report it:\n${text}\n`));
  process.exitCode = 4;
}
