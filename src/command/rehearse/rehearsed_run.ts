/**
 * What one rehearsed run did.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { ServiceName } from "../../rehearsal/server/places.ts";
import type { LoggedRequest } from "../../rehearsal/server/serve.ts";
import type { Outcome } from "../../report/outcome.ts";

/** A file that a run uploaded. */
export interface UploadedFile {
  /** The registry that took it. */
  readonly registry: ServiceName;
  /** The package that it belongs to. */
  readonly package: string;
  /** Its name on the registry. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
}

/** A request, as the service that got it saw it. */
export interface SeenRequest {
  /** The service that got it. */
  readonly service: ServiceName;
  /** The HTTP method. */
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  /** Bytes of its body. */
  readonly bytes: number;
}

/** A tag on the remote. */
export interface RemoteTag {
  /** The tag's name. */
  readonly name: string;
  /** The commit that it stands for. */
  readonly commit: string;
}

/** What one run did. */
export interface RehearsedRun {
  /** What became of each package, in the plan's order. */
  readonly outcomes: readonly Outcome[];
  /** What ended the run before its first upload, when something did. */
  readonly failure?: Failure;
  /** The files that were uploaded. */
  readonly uploads: readonly UploadedFile[];
  /** Every request, in the order in which they were answered. */
  readonly requests: readonly SeenRequest[];
  /** Those that wrote. */
  readonly writes: readonly SeenRequest[];
  /** All tags on the remote after the run. */
  readonly tags: readonly RemoteTag[];
  /** The tags that have a GitHub Release after the run. */
  readonly releases: readonly string[];
}

/** Whether a request writes. git asks what to fetch with a POST, so of its requests only the push itself does. */
export function isWrite({ method, path }: Pick<LoggedRequest, "method" | "path">): boolean {
  return !["GET", "HEAD"].includes(method) && !path.endsWith("/git-upload-pack");
}
