/** Versions that were released before, on the local registries, with evidence of their origin. */

import { createHash } from "node:crypto";
import { type Evidence, evidenceOf } from "../../src/core/release/evidence.ts";
import { holdVersion } from "../../src/rehearsal/crates/crates_state.ts";
import type { Json, StoredVersion } from "../../src/rehearsal/npm/state.ts";
import { makeSdist } from "../../src/rehearsal/synthesise/python_distribution.ts";
import type { Services } from "../../src/command/rehearse/open_services.ts";
import { heldPackage } from "../registry/npm/world.ts";
import { attest } from "./attest.ts";

const USER = "rehearsal";

/** What a packument shows of a version with these marks. */
export function marksOf(evidence: Evidence): Json {
  const has = (mark: Evidence[number]): boolean => evidence.includes(mark);
  return {
    _npmUser: {
      name: USER,
      ...(has("trusted-publisher") ? { trustedPublisher: { id: "github" } } : {}),
      ...(has("approved") ? { approver: { name: USER } } : {}),
    },
    ...(has("provenance")
      ? {
        attestations: { url: "u", provenance: { predicateType: "https://slsa.dev/provenance/v1" } },
      }
      : {}),
  };
}

/** Puts versions of a package onto npm, by their evidence; the last one is `latest`. */
export function holdOnNpm(
  { npm }: Pick<Services, "npm">,
  { name, versions }: {
    readonly name: string;
    readonly versions: Readonly<Record<string, Evidence>>;
  },
): void {
  const stored = Object.entries(versions).map(([version, evidence]): [string, StoredVersion] => {
    const { attestations, ...marks } = marksOf(evidence);
    const dist = {
      integrity: "sha512-eA==",
      shasum: "0",
      ...(attestations === undefined ? {} : { attestations }),
    };
    const manifest = { name, version, dist, ...marks };
    return [version, {
      manifest,
      tarball: new Uint8Array(),
      pending: false,
      provenance: undefined,
    }];
  });
  const latest = Object.keys(versions).at(-1) ?? "";
  const dates = stored.map(([version], index): [string, string] => [
    version,
    new Date(Date.UTC(2025, 0, index + 1)).toISOString(),
  ]);
  npm.packages.set(
    name,
    heldPackage(name, {
      owner: USER,
      distTags: new Map([["latest", latest]]),
      versions: new Map(stored),
      time: new Map(dates),
    }),
  );
}

/** Puts a version with one file onto PyPI. */
export async function holdOnPypi(
  { pypi }: Pick<Services, "pypi">,
  { name, version, evidence }: {
    readonly name: string;
    readonly version: string;
    readonly evidence: Evidence;
  },
): Promise<void> {
  const built = await makeSdist({ name, version });
  const { fileName, bytes } = built;
  const created = pypi.clock.now();
  const project = pypi.projects.get(name) ?? {
    ...{ name, displayName: name, status: "active" as const },
    ...{ owners: new Set([USER]), releases: [] },
  };
  pypi.serial++;
  pypi.projects.set(name, project);
  project.releases.push({ version, created, fields: [] });
  pypi.files.set(fileName, {
    ...{ name: fileName, project: name, version, kind: "sdist", pyversion: "source", bytes },
    requiresPython: undefined,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    uploaded: created,
    serial: pypi.serial,
    userAgent: undefined,
    attestations: evidence.includes("attestations") ? [attest(built)] : [],
  });
}

/** Puts a version onto crates.io. */
export function holdOnCrates(
  { crates }: Pick<Services, "crates">,
  { name, version, evidence }: {
    readonly name: string;
    readonly version: string;
    readonly evidence: Evidence;
  },
): void {
  const isTrusted = evidence.includes("trusted-publisher");
  const cksum = "0".repeat(64);
  holdVersion(crates, {
    name,
    owner: USER,
    version: {
      ...{ version, cksum, tarball: new Uint8Array(), yanked: false, createdAt: new Date(0) },
      line: { name, vers: version, cksum, deps: [], features: {} },
      publishedBy: isTrusted ? undefined : USER,
      trustpubData: isTrusted ? { provider: "github", repository: "ada/engine" } : null,
    },
  });
}

/** Marks by their words: `approved,provenance`; empty for none. */
export function marks(text: string): Evidence {
  return evidenceOf(Object.fromEntries(text.split(",").map((mark) => [mark, true])));
}
