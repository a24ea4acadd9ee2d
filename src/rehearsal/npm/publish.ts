/**
 * The endpoint that publishes: checks the whole document as the real registry does, then stores the version.
 *
 * @module
 */

import validateName from "validate-npm-package-name";
import type { LocalReply } from "../server/messages.ts";
import { accessTrouble } from "./access.ts";
import { predicateTypeOf, provenanceTrouble } from "./provenance.ts";
import { readDocument, tarballTrouble } from "./publish_document.ts";
import { errorReply, mayWrite, type NpmRequest } from "./request.ts";
import { publishAttestation, signatureOf } from "./signatures.ts";
import {
  type Json,
  type NpmState,
  personOf,
  type PublishDocument,
  type StoredPackage,
  tarballPath,
  type TokenGrant,
} from "./state.ts";

/** `PUT /{name}`. */
export async function publishEndpoint(
  request: NpmRequest,
  state: NpmState,
): Promise<LocalReply | undefined> {
  const { method, name, rest } = request;
  if (method !== "PUT" || name === undefined || rest !== "") return undefined;
  const checked = await checkUpload(request, { state, name, action: "publish" });
  return "refusal" in checked ? checked.refusal : store(checked.document, { ...checked, state });
}

/** An upload that may be stored by this user, or the refusal. */
export type CheckedUpload =
  | { readonly document: PublishDocument; readonly grant: TokenGrant }
  | { readonly refusal: LocalReply };

/** Everything that the registry asks of an upload, whether it is published or staged. */
export async function checkUpload(
  request: NpmRequest,
  { state, name, action }: {
    readonly state: NpmState;
    readonly name: string;
    readonly action: "publish" | "stage";
  },
): Promise<CheckedUpload> {
  if (request.body.length > state.limits.payload) {
    return { refusal: { status: 413, body: "Payload Too Large" } };
  }
  const authority = mayWrite(request, state, { name, action });
  if ("refusal" in authority) return authority;
  const document = readDocument(request.body, name);
  if (typeof document === "string") return { refusal: errorReply(400, document) };
  const { grant } = authority;
  const refusal = versionTaken(document, state) ??
    nameTrouble(document, { state, grant }) ??
    visibilityTrouble(document, { state, grant }) ??
    await tarballTrouble(document, state.limits) ??
    await provenanceTrouble(document, state.sigstore);
  return refusal === undefined ? { document, grant } : { refusal };
}

/** A number is used up by a version that is there, one that waits to be shown, and one that was unpublished. */
function versionTaken({ name, version }: PublishDocument, state: NpmState): LocalReply | undefined {
  const isStaged = [...state.staged.values()].some(({ document }) =>
    document.name === name && document.version === version
  );
  if (isStaged) return errorReply(409, `Version ${version} of ${name} is already staged`);
  const stored = state.packages.get(name);
  if (stored === undefined) return undefined;
  if (stored.time.has(version)) {
    return errorReply(
      403,
      `You cannot publish over the previously published versions: ${version}.`,
    );
  }
  const { unpublished } = stored;
  if (unpublished === undefined) return undefined;
  const hours = (state.now().getTime() - Date.parse(unpublished.time)) / 3600_000;
  return hours < 24
    ? errorReply(403, `${name} cannot be republished until 24 hours have passed.`)
    : undefined;
}

/** A scoped name starts out private unless the first publish says otherwise; a later one changes what is said. */
function visibilityTrouble(
  { name, access }: PublishDocument,
  { state, grant }: { readonly state: NpmState; readonly grant: TokenGrant },
): LocalReply | undefined {
  const from = state.packages.get(name)?.access;
  const to = access ?? from ?? (name.startsWith("@") ? "restricted" : "public");
  return accessTrouble(name, { from, to, grant });
}

function nameTrouble(
  { name }: PublishDocument,
  { state, grant }: { readonly state: NpmState; readonly grant: TokenGrant },
): LocalReply | undefined {
  if (state.packages.has(name)) return undefined;
  const { errors = [], warnings = [] } = validateName(name);
  const [wrong] = [...errors, ...warnings];
  if (wrong !== undefined) return errorReply(400, wrong);
  if (name.startsWith("@")) return undefined;
  const like = [...state.packages.keys()].find((taken) =>
    !taken.startsWith("@") && moniker(taken) === moniker(name)
  );
  if (like === undefined) return undefined;
  return errorReply(
    403,
    `Package name too similar to existing package ${like}; try renaming your package to ` +
      `'@${grant.user}/${name}' and publishing with 'npm publish --access=public' instead`,
  );
}

/** Names are compared without their punctuation (npm's moniker rules of 2017). */
function moniker(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** What the registry knows of how a version came to it. */
export interface Origin {
  readonly isTrusted: boolean;
  readonly isApproved: boolean;
}

/** Stores a version, and gives it its tag. Without an origin it is published by who asks. */
export function store(
  document: PublishDocument,
  { state, grant, ...known }: {
    readonly state: NpmState;
    readonly grant: TokenGrant;
    readonly origin?: Origin;
  },
): LocalReply {
  const origin = known.origin ?? { isTrusted: grant.trusted !== undefined, isApproved: false };
  const { name, version, tag, access } = document;
  const isNew = !state.packages.has(name);
  const stored = state.packages.get(name) ?? newPackage(document, grant);
  state.packages.set(name, stored);
  delete stored.unpublished;
  stored.versions.set(version, {
    manifest: servedManifest(document, { state, grant, origin }),
    tarball: document.tarball,
    pending: state.slow,
    provenance: document.provenance,
    attestation: document.provenance && publishAttestation(document, state),
  });
  stored.time.set(version, state.now().toISOString());
  stored.distTags.set(tag, version);
  // A first publish becomes `latest` whatever its tag, even when it is a pre-release.
  if (isNew || !stored.distTags.has("latest")) stored.distTags.set("latest", version);
  if (!isNew && access !== undefined) stored.access = access;
  stored.revision++;
  return { status: 200, body: { ok: true, success: true } };
}

function newPackage({ name, access }: PublishDocument, { user }: TokenGrant): StoredPackage {
  return {
    name,
    owner: user,
    access: access ?? (name.startsWith("@") ? "restricted" : "public"),
    distTags: new Map(),
    versions: new Map(),
    time: new Map(),
    revision: 0,
  };
}

/** The manifest as sent, with the registry's own facts in place of what a client says of them. */
function servedManifest(
  document: PublishDocument,
  { state, grant, origin }: {
    readonly state: NpmState;
    readonly grant: TokenGrant;
    readonly origin: Origin;
  },
): Json {
  const { name, version, manifest, provenance } = document;
  const scripts = (manifest["scripts"] ?? {}) as Json;
  const installs = ["preinstall", "install", "postinstall"].some((script) => script in scripts);
  return {
    ...manifest,
    dist: {
      ...(manifest["dist"] as Json),
      tarball: `${state.url}/${tarballPath(name, version)}`,
      signatures: [signatureOf(document, state.key)],
      ...(provenance === undefined ? {} : {
        attestations: {
          url: `${state.url}/-/npm/v1/attestations/${name}@${version}`,
          provenance: { predicateType: predicateTypeOf(provenance) },
        },
      }),
    },
    ...(installs ? { hasInstallScript: true } : {}),
    maintainers: [personOf(grant.user)],
    _npmUser: npmUser(grant, origin),
  };
}

/**
 * A trusted publisher has no user, and who approves a version becomes its user: then two marks alone tell how it came
 * (npm/cli#9397; pnpm/pnpm#12056).
 */
export function npmUser(
  { user }: Pick<TokenGrant, "user">,
  { isTrusted, isApproved }: Origin,
): Json {
  const automation = { name: "GitHub Actions", email: "npm-oidc-no-reply@github.com" };
  return {
    ...(isTrusted && !isApproved ? automation : { name: user }),
    ...(isTrusted
      ? { trustedPublisher: { id: "github", oidcConfigId: `oidc:${crypto.randomUUID()}` } }
      : {}),
    ...(isApproved ? { approver: { name: user } } : {}),
  };
}
