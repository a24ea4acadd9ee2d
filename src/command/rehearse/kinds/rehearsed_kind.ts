/**
 * What a rehearsal knows of a kind of packages: the registry of this machine that stands in for its own, what a build job
 * would have left, and the client that installs.
 *
 * @module
 */

import type { KindRules } from "../../../core/model/kind.ts";
import type { MatrixRow, PlannedArtifact, PlannedPackage } from "../../../core/model/plan.ts";
import type { Env, Host } from "../../../host/host.ts";
import type { Tree } from "../../../host/write_files.ts";
import type { MissingDependency } from "../../../registry/registry_kind.ts";
import type { JobIdentity } from "../../../rehearsal/identity/actions_job.ts";
import type { JwkSet } from "../../../rehearsal/identity/json_web_token.ts";
import type { Outside } from "../../../rehearsal/server/outside.ts";
import type { LocalSigstore } from "../../../rehearsal/sigstore/serve_sigstore.ts";
import type { LocalServer } from "../../../rehearsal/server/serve.ts";
import type { EarlierRelease } from "../past/earlier_release.ts";

/** The outside as the user of this machine sees it, whose clients' caches and settings are read. */
export interface OutsideWorld {
  readonly outside: Outside;
  /** The user's environment. */
  readonly env: Env;
  /** The folder above the repository: settings that are committed to it are not the user's. */
  readonly folder: string;
}

/** How a registry is started. */
export interface OpenOptions {
  readonly clock: Host["clock"];
  /** Where is read what it does not hold; nowhere when undefined. */
  readonly outside: OutsideWorld | undefined;
  /** Who runs the identity provider whose tokens it takes; undefined when no job has an identity. */
  readonly identity: { readonly jwks: JwkSet } | undefined;
  /** The Sigstore whose signatures it believes; undefined when no job has an identity. */
  readonly sigstore: Pick<LocalSigstore, "trustedRoot" | "attest"> | undefined;
}

/** One call of a client. */
export interface InstallCall {
  readonly args: readonly string[];
  /** Files that have to be in its folder. */
  readonly files: Tree;
  /** What its environment has besides. */
  readonly env?: Env;
}

/** Something that can be done with an installed package: what starts it, up to its own flags. */
export interface InstalledCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Flags of which one has to work; it is run without any when there are none. */
  readonly tries: readonly string[];
}

/** What a trusted job may do with a package: publish, or hand in for approval and nothing else. */
export type TrustPermission = "publish" | "stage";

/** Whom a registry has on file as the publisher of a package. */
export type Publisher = Pick<JobIdentity, "repository" | "workflow" | "environment">;

/** Trusted publishing, on a registry that knows it. */
export interface LocalTrust {
  /** Puts a publisher on file for the names of an earlier release, in the place of whoever is there. */
  readonly trust: (
    earlier: EarlierRelease,
    options: { readonly publisher: Publisher; readonly permission: TrustPermission },
  ) => void;
  /** Approves every version that waits, as a maintainer would; gives their names. */
  readonly approveWaiting: () => readonly string[];
}

/** A release that is about to begin. */
export interface BegunRelease {
  /** The planned packages of the kind. */
  readonly planned: readonly PlannedPackage[];
  /** The folder that their paths start from, absolute. */
  readonly root: string;
  /** The environment of its programs. */
  readonly env: Env;
}

/** A registry of this machine, running. */
export interface LocalRegistry<S = unknown> {
  readonly server: LocalServer;
  /** Its memory; may be changed as its users would on its site. */
  readonly state: S;
  /** What leads a run there: its addresses, and a token that nobody else takes. */
  readonly env: Env;
  /** The words of a command line that installs from it, up to the packages: for whoever tries what was released. */
  readonly clientWords: readonly string[];
  /**
   * Puts a release there that was made before, by a job that was trusted with it, or with a token. Its files are made up:
   * where the outside has them, and the release does not make the package again, they are read from there.
   */
  readonly hold: (earlier: EarlierRelease, by: Publisher | undefined) => Promise<void>;
  /** How the kind's client installs a package from it. */
  readonly installCall: (pkg: PlannedPackage) => InstallCall;
  /**
   * A release begins: of the names that it makes nothing is there but what is held here, and what nobody can give is stood
   * in for, where that lets it be packed.
   */
  readonly begin: (release: BegunRelease) => void;
  /** The release is over: whatever it did not make is read from outside, older versions of its packages too. */
  readonly end: () => void;
  /** What it could not give so far, in the order in which it was asked, so that a client went without it. */
  readonly missing: () => readonly MissingDependency[];
  /** Undefined where the registry, or the release, knows none. */
  readonly trusts?: LocalTrust;
}

/** An artifact that nobody delivered. */
export interface MissingArtifact {
  readonly planned: PlannedPackage;
  readonly artifact: PlannedArtifact;
  /** The build backend, or how platform packages come to be. */
  readonly build: string | undefined;
  /** The program that a wheel is to bring. */
  readonly bundled: MatrixRow["bundle_cli"] | undefined;
}

/** What a package's manifest says of where the package comes from. */
export interface ManifestOrigin {
  /** `owner/name` on GitHub. */
  readonly repository: string | undefined;
  /** Whether it asks for proof that a job of its repository made it, so that it cannot be published without a job. */
  readonly asksForProof: boolean;
}

/** What a rehearsal knows of a kind. */
export interface RehearsedKind<S = unknown> {
  readonly rules: KindRules;
  /** The program that users install its packages with. */
  readonly client: string;
  /** The program without which nothing of it can be published; undefined where none is needed. */
  readonly builder?: string;
  /** Whether its registry takes what a trusted job publishes without a token, and this program knows how. */
  readonly knowsTrust: boolean;
  readonly open: (options: OpenOptions) => Promise<LocalRegistry<S>>;
  /** Made-up files of an artifact; undefined where the repository's own will do. */
  readonly synthesise: (missing: MissingArtifact) => Promise<Tree | undefined>;
  /** Made-up files, relative to a package's folder, that a build would have left in the checkout of one that needs no artifact. */
  readonly complete?: (folder: string) => Promise<Tree>;
  /** Reads the manifest in a package's folder. */
  readonly originOf?: (folder: string) => Promise<ManifestOrigin>;
  /** The commands of a package that its client installed in a folder. All have to work where a program is for this machine. */
  readonly commandsOf?: (
    pkg: PlannedPackage,
    cwd: string,
  ) => Promise<readonly InstalledCommand[]>;
}

/** The only user of a rehearsal's registries. */
export const USER = "rehearsal";

/** What a server could not give so far: it answers 424 then. `nameIn` finds the name in the path of a request, decoded. */
export function missingOf(
  { log }: LocalServer,
  nameIn: (path: string) => string,
): readonly MissingDependency[] {
  return log.flatMap(({ path, status, missing }) =>
    missing === undefined || status !== 424
      ? []
      : [{ name: nameIn(decodeURIComponent(path)), why: missing }]
  );
}

/** Makes up a secret that no service but those of this rehearsal knows. */
export function makeSecret(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll("-", "")}`;
}
