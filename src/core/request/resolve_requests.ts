/**
 * From what other release tools call a package to the name that it has here.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Package } from "../model/package.ts";
import { subjectOf } from "./release_request.ts";
import type { ReleaseRequest } from "../model/facts.ts";
import type { RequestedRelease } from "./request_reading.ts";

/** Requests by name, and sentences about those that no package here answers to. */
export interface ResolvedRequests {
  /** What was asked for; the same package may be there more than once. */
  readonly requests: readonly ReleaseRequest[];
  /** Sentences about what other tools released beside it. */
  readonly warnings: readonly string[];
}

/**
 * Gives every request a package's name. A folder means each package whose `path` it is: a crate and
 * its wheel may share one. A crate means the package of kind `crates` with that name on the
 * registry. release-please and release-plz also release what piot does not publish, so what matches
 * nothing is a warning, as long as anything matches.
 *
 * Throws `PIOT_RELEASE_REQUEST_UNMATCHED` when nothing matches. Names are passed on as they are; that
 * two requests mean one package in two ways is for `judgeRequests` to see.
 */
export function resolveRequests(
  requested: readonly RequestedRelease[],
  packages: readonly Package[],
): ResolvedRequests {
  const resolved = requested.map((request) => ({ request, named: named(request, packages) }));
  const strangers = resolved.filter(({ named }) => named.length === 0);
  if (strangers.length > 0 && strangers.length === requested.length) {
    throw unmatched(requested, packages);
  }
  return {
    requests: resolved.flatMap(({ named }) => named),
    warnings: strangers.map(({ request }) =>
      `${
        say(request)
      } ${request.version} was released by another tool and is no package of putitoutthere.toml`
    ),
  };
}

function named(
  request: RequestedRelease,
  packages: readonly Package[],
): readonly ReleaseRequest[] {
  if ("name" in request) return [request];
  const fits = "path" in request
    ? (one: Package): boolean => one.path === cleanPath(request.path)
    : (one: Package): boolean => one.kind === "crates" && one.registryName === request.crate;
  return packages.filter(fits).map(({ name }) => ({ name, version: request.version }));
}

function cleanPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 ? "." : parts.join("/");
}

function say(request: RequestedRelease): string {
  const [kind, name] = subjectOf(request);
  return `the ${kind} ${JSON.stringify(name)}`;
}

function unmatched(
  requested: readonly RequestedRelease[],
  packages: readonly Package[],
): Failure {
  const known = packages.map((one) => `${one.name} (${one.path})`).join(", ");
  return new Failure(
    "PIOT_RELEASE_REQUEST_UNMATCHED",
    `Cannot find a package for ${requested.map(say).join(", ")}`,
    {
      hint: `Declare it in putitoutthere.toml with the same folder or crate name, or ask by ` +
        `name; declared are: ${known}`,
    },
  );
}
