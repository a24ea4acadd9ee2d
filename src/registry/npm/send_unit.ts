/**
 * Stage five for npm, as it is decided for one unit: what waits for approval already is not sent, what must not be
 * published yet is staged, and provenance is signed at the last moment.
 *
 * @module
 */

import type { NpmPackage } from "../../core/model/package.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Uploaded } from "../registry.ts";
import type { ExchangeParts } from "./oidc_exchange.ts";
import { type AuthorisedUnit, secretOf, withYoungToken } from "./unit_credential.ts";
import type { NpmUnit } from "./prepared.ts";
import { signProvenance } from "./provenance.ts";
import { waiting } from "./staging.ts";
import { stageUnit, uploadUnit } from "./upload.ts";

/** What sending needs. */
export interface SendParts extends ExchangeParts {
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  readonly authorised: AuthorisedUnit;
  readonly access: NpmPackage["access"];
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
  /** Whether units of a lower wave wait for approval: published now, it would be installed without them. */
  readonly afterStaged: boolean;
}

/** Sends a unit. Throws what `exchange`, `signProvenance`, `uploadUnit` and `stageUnit` throw. */
export async function sendUnit(
  unit: NpmUnit,
  { host, registry, endpoints, onSecret, authorised, afterStaged, ...settings }: SendParts,
): Promise<Uploaded> {
  const { name, version } = unit;
  const { tag, signs, waitsAs } = authorised;
  if (waitsAs !== undefined) return waiting({ name, version, registry }, waitsAs);
  const current = await withYoungToken(name, { host, registry, onSecret, unit: authorised });
  // The last thing before the upload: a signature shows in a public log for ever.
  const provenance = signs ? await signProvenance(unit, { host, endpoints, onSecret }) : undefined;
  const secret = secretOf(current);
  const upload = { ...settings, http: host.http, registry, tag, secret, provenance };
  return afterStaged ? await stageUnit(unit, upload) : await uploadUnit(unit, upload);
}
