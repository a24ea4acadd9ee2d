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
import { type ReadyRight, secretOf } from "./rights.ts";
import type { NpmUnit } from "./prepared.ts";
import { signProvenance } from "./provenance.ts";
import { waiting } from "./staging.ts";
import { stageUnit, uploadUnit } from "./upload.ts";

/** What sending needs. */
export interface SendParts extends ExchangeParts {
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  readonly right: ReadyRight;
  /** The dist-tag. */
  readonly tag: string;
  readonly access: NpmPackage["access"];
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
  /** Whether units of a lower wave wait for approval: published now, it would be installed without them. */
  readonly isEarly: boolean;
}

/** Sends a unit. Throws what `signProvenance`, `uploadUnit` and `stageUnit` throw. */
export async function sendUnit(
  unit: NpmUnit,
  { host, registry, endpoints, onSecret, right, isEarly, ...settings }: SendParts,
): Promise<Uploaded> {
  const { name, version } = unit;
  if (right.waitsAs !== undefined) return waiting({ name, version, registry }, right.waitsAs);
  // The last thing before the upload: a signature shows in a public log for ever.
  const provenance = right.signs
    ? await signProvenance(unit, { host, endpoints, onSecret })
    : undefined;
  const upload = { ...settings, http: host.http, registry, secret: secretOf(right), provenance };
  return isEarly ? await stageUnit(unit, upload) : await uploadUnit(unit, upload);
}
