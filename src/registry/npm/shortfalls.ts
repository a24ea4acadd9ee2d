/**
 * What an accepted upload should have come to, and did not: reads dist-tags and evidence back. npm was seen to take a
 * version and to lose the write of its dist-tag, so that people went on to install the one before
 * (lidge-jun/opencodex#5385).
 *
 * @module
 */

import { compareVersions, isPrerelease, isVersion } from "../../core/model/version.ts";
import { lostMarks, tellEvidence } from "../../core/release/evidence.ts";
import type { Shortfall } from "../registry.ts";
import type { NpmLook } from "./look.ts";
import type { NpmPrepared } from "./publish_unit.ts";
import type { NpmCredential } from "./unit_credential.ts";

/** All of them. */
export function shortfalls(
  prepared: NpmPrepared,
  look: NpmLook,
  credential: NpmCredential,
): readonly Shortfall[] {
  return [...lostDistTags(prepared, look, credential), ...lostEvidence(prepared, look, credential)];
}

/** The marks that were to be on a version and that npm does not show there. Whether it is approved, others decide. */
function lostEvidence(
  { units }: NpmPrepared,
  { packuments }: NpmLook,
  { proofs = [] }: NpmCredential,
): readonly Shortfall[] {
  return units.flatMap(({ name, version }) => {
    const expected = proofs.find((proof) => proof.name === name)?.evidence ?? [];
    const shown = packuments.get(name)?.versions.get(version)?.evidence ?? expected;
    const missing = lostMarks(expected, shown).filter((mark) => mark !== "approved");
    if (missing.length === 0) return [];
    return [{
      message: `npm has ${name}@${version}, and does not show its ${tellEvidence(missing)}`,
      hint: `Look again in some minutes: npm view ${name}@${version} _npmUser dist.attestations`,
    }];
  });
}

/**
 * The dist-tags that an upload asked for and that stand on a lower version, or nowhere. One that stands on a higher
 * version was moved on by a later release.
 */
export function lostDistTags(
  { units }: NpmPrepared,
  { packuments, files }: NpmLook,
  credential: NpmCredential,
): readonly Shortfall[] {
  return units.flatMap(({ name, version }) => {
    const tag = credential.units.get(name)?.tag;
    if (tag === undefined || files.get(`${name}@${version}`)?.state === "absent") return [];
    const held = packuments.get(name)?.distTags[tag];
    if (held !== undefined && isAtLeast(held, version)) return [];
    const stands = held === undefined ? "is nowhere" : `still stands on ${held}`;
    return [{
      message: `npm has ${name}@${version}, and its dist-tag "${tag}" ${stands}`,
      hint:
        `Look again in some minutes; if it stays so: npm dist-tag add ${name}@${version} ${tag}`,
    }];
  });
}

/** A tag on a pre-release gives way to any stable version, so that one is behind it whatever its number. */
function isAtLeast(held: string, version: string): boolean {
  if (held === version) return true;
  if (!isVersion(held) || (isPrerelease(held) && !isPrerelease(version))) return false;
  return compareVersions(held, version) > 0;
}
