/**
 * A kind of package with the registry that it goes to: what is known of it beforehand, and how to reach it.
 *
 * @module
 */

import type { KindConfig } from "../core/config/kind_config.ts";
import type { KindRules } from "../core/model/kind.ts";
import type { PlannedPackage } from "../core/model/plan.ts";
import type { StateReader } from "../core/status/registry_state.ts";
import type { CredentialSource } from "../core/doctor/credential_sources.ts";
import type { RegisteredAnswer } from "../core/doctor/trust/registered.ts";
import type { Env, Host } from "../host/host.ts";
import type { Endpoints } from "./endpoints.ts";
import type { ManifestPlace, ManifestReader } from "./manifest_reader.ts";
import type { OriginReader } from "./origin_reader.ts";
import type { Registry } from "./registry.ts";
import type { VersionWriter } from "./version_writer.ts";

/** What every registry is made of. */
export interface RegistryOptions {
  readonly host: Host;
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  readonly endpoints: Endpoints;
  /** Absolute folders of the run itself, such as the one with the artifacts: never part of a crate. */
  readonly ownFolders: readonly string[];
  /** Milliseconds in which a registry has to show what it accepted. */
  readonly patience: number;
  /** Told when a registry makes a package wait. `reason` completes "waiting …". */
  readonly onWait: (wait: { name: string; reason: string; milliseconds: number }) => void;
  /**
   * What a registry that stands in for the real one could not give so far, in the order in which it was asked: what needs
   * one of these is packed and not verified. Undefined where there is no such registry.
   */
  readonly missing?: () => readonly MissingDependency[];
  /**
   * The environment that the program itself was started with, where the host has another one: code that runs beside it can
   * read it all the same.
   */
  readonly startedWith?: Env;
  /** Told of every secret that comes into being, before it is used. */
  readonly onSecret?: (secret: string) => void;
  /** Whether tokens from the environment may not stand in for trusted publishing. */
  readonly oidcOnly?: boolean;
}

/** A dependency that a registry was asked for and nobody could give. */
export interface MissingDependency {
  readonly name: string;
  /** A clause. */
  readonly why: string;
}

/** What is planned of one kind, and the commit's files to judge it by. */
export interface Foresight {
  readonly packages: readonly PlannedPackage[];
  /** Names of those whose configuration says that the registry trusts a workflow. */
  readonly trusted: ReadonlySet<string>;
  /** The folder that paths of packages start from, below the repository's top: empty, or with a `/` at its end. */
  readonly prefix: string;
  /** Files of the planned commit, by their paths from the repository's top; without those that are not there. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
}

/** A registry that can be talked to. */
export interface OpenRegistry {
  readonly registry: Registry;
  /** Its website, without a slash at the end: where the pages of releases lie. */
  readonly site: string;
}

/** What is needed to ask a registry whom it trusts. */
export interface TrustOptions extends Pick<RegistryOptions, "host" | "endpoints"> {
  /** A token that may read that, and nothing else. */
  readonly token: string;
}

/** Asks whom a registry trusts to publish a package, by its name there. Every answer is one, silence too. */
export type TrustReader = (name: string) => Promise<RegisteredAnswer>;

/** A kind, and its registry. Loaded at once is only what every command asks about. */
export interface RegistryKind {
  readonly rules: KindRules;
  /** What it has in the configuration. */
  readonly config: KindConfig;
  /** How many releases it bears to be looked at or sent side by side: most of an upload is waiting for its answer. */
  readonly sideBySide: number;
  open(options: RegistryOptions): Promise<OpenRegistry>;
  /** Sentences about what planned packages of the kind will meet, which nobody has to be asked for. */
  foresee?(foresight: Foresight): Promise<readonly string[]>;
  /** What writes versions into its manifests for `set-version`; where it is left out, they are told and left alone. */
  versions?(): Promise<VersionWriter>;
  /** What tells `doctor` what it would be shown by whoever publishes from this environment; asks nobody. */
  credentials?(env: Env, endpoints: Endpoints): Promise<CredentialSource>;
  /** What tells `doctor` what publishing would refuse about manifests. */
  manifests?(place: ManifestPlace): Promise<ManifestReader>;
  /** What tells `doctor` where a version came from. */
  origins?(options: Pick<RegistryOptions, "host" | "endpoints">): Promise<OriginReader>;
  /** What tells `doctor` whom it trusts, where it tells anybody. */
  trusts?(options: TrustOptions): Promise<TrustReader>;
  /** What tells `status` what it shows of a package; where it is left out, that is told. */
  state?(options: RegistryOptions): Promise<StateReader>;
}
