/**
 * The commit that one attestation of npm names: its certificate's, which Sigstore wrote, else the statement's own. To be
 * imported lazily.
 *
 * @module
 */

import { readCommitId } from "../../core/release/commit_record.ts";
import type { AttestedSource } from "../attestation.ts";
import { type AttestedStatement, readStatement, sourceOfCertificate } from "../attested_source.ts";

/**
 * Reads `{predicateType, bundle}`. Undefined for what is no provenance (the attestation that npm makes of a publish names
 * no commit), for a bundle that cannot be read, and for one that is about other bytes than npm holds.
 */
export function sourceOfBundle(
  attestation: unknown,
  held: readonly string[],
): AttestedSource | undefined {
  const { bundle } = (attestation ?? {}) as { bundle?: unknown };
  const { dsseEnvelope, verificationMaterial } = (bundle ?? {}) as {
    dsseEnvelope?: { payload?: unknown } | null;
    verificationMaterial?: {
      certificate?: { rawBytes?: unknown } | null;
      x509CertificateChain?: { certificates?: readonly { rawBytes?: unknown }[] } | null;
    } | null;
  };
  const statement = readStatement(dsseEnvelope?.payload);
  if (
    statement === undefined || !/^https:\/\/slsa\.dev\/provenance\//.test(statement.predicateType)
  ) {
    return undefined;
  }
  const isOfThese = statement.digests.some(({ sha512 }) => held.includes(String(sha512)));
  if (!isOfThese) return undefined;
  // Bundles before version 0.3 had the whole chain (sigstore/protobuf-specs, sigstore_bundle.proto).
  const certificate = verificationMaterial?.certificate?.rawBytes ??
    verificationMaterial?.x509CertificateChain?.certificates?.[0]?.rawBytes;
  return sourceOfCertificate(certificate) ?? sourceOfPredicate(statement);
}

/** SLSA 1.0 has it among the resolved dependencies, 0.2 in the configuration's source (libnpmpublish lib/provenance.js). */
function sourceOfPredicate({ predicate }: AttestedStatement): AttestedSource | undefined {
  const { buildDefinition, invocation } = (predicate ?? {}) as {
    buildDefinition?: { resolvedDependencies?: unknown } | null;
    invocation?: { configSource?: Source | null } | null;
  };
  const resolved = buildDefinition?.resolvedDependencies;
  const sources: readonly (Source | null | undefined)[] = [
    ...(Array.isArray(resolved) ? resolved : []),
    invocation?.configSource,
  ];
  for (const source of sources) {
    const { gitCommit, sha1 } = source?.digest ?? {};
    const commit = readCommitId(gitCommit ?? sha1);
    if (commit === undefined) continue;
    const repository = /^git\+(https:\/\/[^@]+)/.exec(String(source?.uri))?.[1];
    return { commit, ...(repository === undefined ? {} : { repository }) };
  }
  return undefined;
}

interface Source {
  readonly uri?: unknown;
  readonly digest?: { readonly gitCommit?: unknown; readonly sha1?: unknown } | null;
}
