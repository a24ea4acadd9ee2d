/**
 * What a local PyPI holds: projects, releases, files, tokens; and how much of it its read APIs see, since the caches in
 * front of the real one make them lag behind uploads.
 *
 * @module
 */

import type { LocalSigstore } from "../sigstore/serve_sigstore.ts";
import type { Clock } from "../../host/host.ts";
import type { JwkSet } from "../identity/json_web_token.ts";
import { canonicalName } from "./packaging.ts";
import type { OutsideProjects } from "./through/outside_projects.ts";

/** One attestation of a file, as it was sent (PEP 740). */
export interface Attestation {
  readonly version: 1;
  readonly verification_material: {
    /** A DER certificate in base64. */
    readonly certificate: string;
    readonly transparency_entries: readonly unknown[];
  };
  /** Both in base64. */
  readonly envelope: { readonly statement: string; readonly signature: string };
}

/** A job of GitHub Actions that may publish a project: on file on the project's page, or for one that is to be made. */
export interface RegisteredPublisher {
  /** As it was typed. */
  readonly project: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The workflow's bare file name. */
  readonly workflow: string;
  readonly environment?: string;
}

/** A trusted publisher as the holder of a token; who it is on file is known of those that were minted here. */
export interface PublisherHolder extends Partial<Omit<RegisteredPublisher, "project">> {
  readonly publisher: string;
}

/** Who a token stands for, and what it may do. */
export interface PypiGrant {
  /** The user that made it, or the trusted publisher that it was minted for. */
  readonly holder: { readonly user: string } | PublisherHolder;
  /** Normalised names that it is limited to; undefined for every project of its user. */
  readonly projects?: readonly string[];
  /** When it ends. */
  readonly expires?: Date;
}

/** A file on the index. */
export interface StoredFile {
  readonly name: string;
  readonly project: string;
  /** As the index spells it. */
  readonly version: string;
  readonly kind: "bdist_wheel" | "sdist";
  readonly pyversion: string;
  readonly requiresPython: string | undefined;
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly sha256: string;
  readonly uploaded: Date;
  /** Counts every change of the index. */
  readonly serial: number;
  /** What the uploader called itself. */
  readonly userAgent: string | undefined;
  /** What a trusted publisher attested of it; nothing of a token's upload. */
  readonly attestations?: readonly Attestation[];
  /** Whether it stands for what was released before, and its bytes are nobody's; not when left out. */
  readonly isMadeUp?: boolean;
}

/** A release: what its first file said of it. */
export interface StoredRelease {
  /** As the first upload spelled it. */
  readonly version: string;
  readonly created: Date;
  /** Fields of the form, by their names there; a name may stand there more than once. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** A project. */
export interface StoredProject {
  /** Normalised. */
  readonly name: string;
  /** As the last upload spelled it. */
  displayName: string;
  status: "active" | "archived" | "quarantined" | "deprecated";
  /** Users that may upload. */
  readonly owners: Set<string>;
  readonly releases: StoredRelease[];
  /** The change of the index that made it before it had any file; undefined where its first file did. */
  readonly madeAt?: number;
}

/** Reads that still see the state before an upload, per API. */
export interface Staleness {
  json: number;
  simple: number;
}

/** Projects from outside. */
export interface PypiThrough {
  readonly outside: OutsideProjects;
  /** Normalised names of which nothing exists but what is held here, whatever the outside has. */
  readonly closed: ReadonlySet<string>;
}

/** What PyPI's administrators have switched off for a while (pypi/warehouse `admin/flags.py`). */
export interface PypiFlags {
  readOnly: boolean;
  noNewUploads: boolean;
  noNewProjects: boolean;
  /** Trusted publishing. */
  noMinting: boolean;
}

/** How much PyPI takes (pypi/warehouse `constants.py` and `config.py`). */
export interface PypiLimits {
  /** Bytes of all files of a project. */
  projectBytes: number;
  /** New projects of one user within an hour. */
  newProjects: number;
}

/** What is known of the Sigstore that attestations have to come from. */
export type TrustedSigstore = Pick<LocalSigstore, "trustedRoot">;

/** Everything that a local PyPI holds; tests and rehearsals look at it and change it. */
export interface PypiState {
  readonly clock: Pick<Clock, "now">;
  readonly tokens: Map<string, PypiGrant>;
  readonly projects: Map<string, StoredProject>;
  /** Who issues the identity tokens that it takes; undefined where trusted publishing is off. */
  readonly identity: { readonly jwks: JwkSet } | undefined;
  /** Whose signatures it believes; undefined where it believes every certificate. */
  readonly sigstore: TrustedSigstore | undefined;
  /** Publishers of projects that are there. */
  readonly publishers: RegisteredPublisher[];
  /** Publishers of projects that their first token makes. */
  readonly pending: RegisteredPublisher[];
  /** The `jti` of every identity token that was taken. */
  readonly seenTokens: Set<string>;
  /** By file name. */
  readonly files: Map<string, StoredFile>;
  /** Names of deleted files, which are never taken again. */
  readonly burnt: Set<string>;
  /** Normalised names that nobody may register. */
  readonly prohibited: Set<string>;
  readonly flags: PypiFlags;
  readonly limits: PypiLimits;
  /** When each user made projects. */
  readonly creations: Map<string, Date[]>;
  /** Normalised names that somebody else registers in the very moment of the next upload to them. */
  readonly races: Set<string>;
  /** How many reads after an upload still see the state before it. */
  readonly staleReads: Staleness;
  /** Sentences of the e-mails that PyPI would send about a file that it took. */
  readonly mails: string[];
  serial: number;
  /** Where projects are read that are not its own; undefined while it stands alone. */
  through: PypiThrough | undefined;
}

/** What a local PyPI starts with. */
export interface PypiStateInput {
  readonly tokens?: Readonly<Record<string, PypiGrant>>;
  readonly clock?: Pick<Clock, "now">;
  readonly prohibited?: readonly string[];
  readonly identity?: { readonly jwks: JwkSet };
  readonly sigstore?: TrustedSigstore | undefined;
  readonly staleReads?: Partial<Staleness>;
}

/** An empty index. */
export function createPypiState(input: PypiStateInput = {}): PypiState {
  const { tokens = {}, clock = { now: () => new Date() }, prohibited = [], staleReads = {} } =
    input;
  return {
    clock,
    tokens: new Map(Object.entries(tokens)),
    projects: new Map(),
    identity: input.identity,
    sigstore: input.sigstore,
    publishers: [],
    pending: [],
    seenTokens: new Set(),
    files: new Map(),
    burnt: new Set(),
    flags: { readOnly: false, noNewUploads: false, noNewProjects: false, noMinting: false },
    limits: { projectBytes: 10 * 2 ** 30, newProjects: 20 },
    creations: new Map(),
    races: new Set(),
    prohibited: new Set(prohibited.map(canonicalName)),
    staleReads: { json: 0, simple: 0, ...staleReads },
    mails: [],
    serial: 0,
    through: undefined,
  };
}

/** The files of a project, in the order of their uploads. */
export function filesOf(state: PypiState, project: string): readonly StoredFile[] {
  return [...state.files.values()].filter((file) => file.project === project);
}

/** Deletes a file for good: its name is spent. */
export function deleteFile(state: PypiState, name: string): void {
  state.files.delete(name);
  state.burnt.add(name);
  state.serial++;
}

/** Everything on the index up to a serial. */
export interface IndexWindow {
  readonly state: PypiState;
  /** The server's own address. */
  readonly url: string;
  /** Changes after it are not seen yet. */
  readonly serial: number;
}

/** The files of a project that are seen already. */
export function seenFiles(window: IndexWindow, project: string): readonly StoredFile[] {
  return filesOf(window.state, project).filter(({ serial }) => serial <= window.serial);
}

/** Where a file can be downloaded. */
export function addressOf({ url }: IndexWindow, { name, sha256 }: StoredFile): string {
  return `${url}/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/${name}`;
}

/** Where its attestations are shown; undefined where it has none. */
export function addressOfProvenance(
  url: string,
  { name, project, version, attestations = [] }: StoredFile,
): string | undefined {
  return attestations.length === 0
    ? undefined
    : `${url}/integrity/${project}/${version}/${name}/provenance`;
}
