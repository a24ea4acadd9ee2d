/**
 * What a run says while it goes: a closed set of events, and who may listen. Reporters are made from the same events;
 * nobody else writes about progress.
 *
 * @module
 */

import type { DoctorDocument } from "../core/doctor/doctor_document.ts";
import type { Plan } from "../core/model/plan.ts";
import type { StatusDocument } from "../core/status/status_document.ts";
import type { Failure, Location } from "../error.ts";
import type { AuthorisedName, Outcome, ReleaseRef } from "./outcome.ts";
import type { Asked } from "./asked.ts";
import type { WayOut } from "./ways_out.ts";

/** A stage of a release; each ends for every package before the next begins. */
export type Stage = "plan" | "prepare" | "look" | "authorise" | "upload";

/** Why a run may end without having released anything, though all went well. */
export type Mode = "release" | "dry-run" | "pull-request";

/** One thing that happened. Plain data: everything but a `failure` survives JSON. */
export type Event =
  /** A stage begins; the one before it has ended. */
  | { readonly type: "stage"; readonly stage: Stage }
  /** The plan is made. */
  | { readonly type: "plan"; readonly plan: Plan }
  /** Where packages stand, by their tags and their registries. */
  | { readonly type: "status"; readonly document: StatusDocument }
  /** What doctor found. */
  | { readonly type: "doctor"; readonly document: DoctorDocument }
  /** A package's files were verified, packed and hashed. `bytes` is the size of all of them. */
  | {
    readonly type: "package-checked";
    readonly release: ReleaseRef;
    readonly files: number;
    readonly bytes: number;
  }
  /** What the registry holds under a file's name. The hashes are told when they differ. */
  | {
    readonly type: "file-present";
    readonly release: ReleaseRef;
    readonly file: string;
    readonly state: "absent" | "same" | "other";
    readonly held?: string;
    readonly built?: string;
  }
  /**
   * A credential was found. `why` is a sentence that says which one and why, never the secret; `names` tell with what
   * evidence of its origin each name on the registry is uploaded.
   */
  | {
    readonly type: "credential";
    readonly release: ReleaseRef;
    readonly kind: "oidc" | "token";
    readonly why: string;
    readonly names: readonly AuthorisedName[];
  }
  /**
   * A secret came into being: from here on it must not be shown. No reporter prints it, but to have
   * it masked.
   */
  | { readonly type: "secret"; readonly secret: string }
  | {
    readonly type: "upload-started" | "upload-finished";
    readonly release: ReleaseRef;
    readonly file: string;
    readonly bytes: number;
  }
  /**
   * Nothing happens for a while. `reason` completes "waiting …": `for crates.io's limit of new
   * crates`.
   */
  | {
    readonly type: "waiting";
    readonly release: ReleaseRef;
    readonly reason: string;
    /** The longest that it can take. */
    readonly milliseconds: number;
  }
  | {
    readonly type: "tag";
    readonly release: ReleaseRef;
    readonly tag: string;
    readonly done: "written" | "pushed" | "already-there";
  }
  /** The GitHub Release of a package; `off` where the configuration wants none. */
  | {
    readonly type: "github-release";
    readonly release: ReleaseRef;
    readonly done: "created" | "kept" | "off";
    readonly url?: string;
  }
  /** An answer came from a server, or none did: then there is no `status`. For `--verbose`. */
  | {
    readonly type: "request";
    readonly method: string;
    /** Without a query: that may hold a secret. */
    readonly url: string;
    readonly status?: number;
  }
  /** Something odd that stops nothing. */
  | {
    readonly type: "warning";
    readonly message: string;
    readonly release?: ReleaseRef;
    readonly hint?: string;
    readonly location?: Location;
  }
  /** A sentence about the run itself. */
  | { readonly type: "notice"; readonly message: string }
  /** What became of one package. */
  | { readonly type: "outcome"; readonly outcome: Outcome }
  /** The run ends with an outcome for every package of the plan. */
  | {
    readonly type: "finished";
    readonly outcomes: readonly Outcome[];
    readonly mode: Mode;
    /** How it was asked for; without any flag where left out. */
    readonly asked?: Asked;
  }
  /** The command ends with a failure that is not a package's own. */
  | {
    readonly type: "failure";
    readonly failure: Failure;
    /** What to do, where the command knows. */
    readonly waysOut?: readonly WayOut[];
  };

/** An event of one type. */
export type EventOf<T extends Event["type"]> = Extract<Event, { readonly type: T }>;

/**
 * Somebody who listens. Listening never fails and never waits: a run must not depend on what is
 * said about it.
 */
export interface Reporter {
  /** Hears of one thing, at once and in order. */
  emit(event: Event): void;
  /** Says what is left to say. Called once, after the last event. */
  close(): void | Promise<void>;
}

/** Everything to each of several reporters, in the order given. */
export function tee(...reporters: readonly Reporter[]): Reporter {
  return {
    emit: (event) => {
      for (const reporter of reporters) reporter.emit(event);
    },
    close: async () => {
      for (const reporter of reporters) await reporter.close();
    },
  };
}

/** A reporter that says nothing and remembers. */
export interface Collector extends Reporter {
  /** Everything so far, in order, but the secrets. */
  readonly events: readonly Exclude<Event, EventOf<"secret">>[];
  /** The messages of all warnings so far, the plan's among them. */
  readonly warnings: () => readonly string[];
}

/**
 * Makes a reporter that remembers: for `--json`, whose one document is the command's to make, and for callers of the
 * library.
 */
export function createCollector(): Collector {
  const events: Exclude<Event, EventOf<"secret">>[] = [];
  return {
    events,
    warnings: () => events.flatMap(warningsOf),
    emit: (event) => {
      if (event.type !== "secret") events.push(event);
    },
    close: () => {},
  };
}

/** The messages of an event that warns: one, or all of a plan's. */
export function warningsOf(event: Event): readonly string[] {
  if (event.type === "plan") return event.plan.warnings;
  return event.type === "warning" ? [event.message] : [];
}
