/**
 * Asks crates.io whom it trusts, with a token that may read that.
 *
 * @module
 */

import type { DeclaredConfig } from "../../core/doctor/facts.ts";
import {
  askedCrates,
  DOCTOR_TOKEN,
  type Registered,
  type RegisteredAnswer,
} from "../../core/doctor/trust/registered.ts";
import type { Host } from "../../host/host.ts";
import type { Endpoints } from "../../registry/endpoints.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";

/** Asks about every crate that declares a policy, one after the other; about none without a token. */
export async function askRegistered(
  host: Host,
  { config, endpoints, onSecret }: {
    readonly config: DeclaredConfig | undefined;
    readonly endpoints: Endpoints;
    readonly onSecret: (secret: string) => void;
  },
): Promise<Registered> {
  const token = host.env[DOCTOR_TOKEN]?.trim() ?? "";
  const answers = new Map<string, RegisteredAnswer>();
  if (token === "") return { hasToken: false, answers };
  onSecret(token);
  const asked = askedCrates(config);
  const kind = REGISTRY_KINDS.find(({ rules }) => rules.kind === asked[0]?.pkg.kind);
  const read = await kind?.trusts?.({ host, endpoints, token });
  for (const { pkg: { registryName } } of asked) {
    if (read === undefined || answers.has(registryName)) continue;
    answers.set(registryName, await read(registryName));
    // One token that is none is none for every crate.
    if (answers.get(registryName)?.state === "unauthorised") break;
  }
  return { hasToken: true, answers };
}
