/**
 * What `--release` says: from the words of a command line, or from what another release tool
 * printed, to requests.
 *
 * @module
 */

import { Failure, messageOf, type Problem } from "../../error.ts";
import { releasePleaseRequests, releasePlzRequests } from "./foreign_releases.ts";
import type { Bump } from "../model/plan.ts";
import {
  conflictOf,
  isRecord,
  joinReadings,
  oneProblem,
  oneRequest,
  REQUEST_FORMS,
  type RequestedRelease,
  type RequestReading,
  subjectOf,
} from "./requested_release.ts";
import { quote } from "../words/phrases.ts";
import { BUMPS, isVersion } from "../model/version.ts";

/** Where the text of an argument is: in itself, in a file, or on standard input. */
export type RequestSource =
  | { readonly from: "text"; readonly text: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "stdin" };

/**
 * Where an argument's text is: `-` is standard input; what ends in `.json`, or starts with `/`,
 * `./` or `../`, is a file; anything else is the text itself. The caller reads, and hands the text
 * to {@link parseReleaseRequests}.
 */
export function requestSource(argument: string): RequestSource {
  const text = argument.trim();
  if (text === "-") return { from: "stdin" };
  if (isJson(text)) return { from: "text", text };
  const isFile = /\.json$/i.test(text) || /^(\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(text);
  return isFile ? { from: "file", path: text } : { from: "text", text };
}

function isJson(text: string): boolean {
  return /^[[{]/.test(text);
}

/**
 * Reads every `--release` that was given: words (`name`, `name@minor`, `@scope/pkg@1.4.0`,
 * separated by commas or line breaks), a JSON array, or the outputs of release-please or
 * release-plz. Repeats are dropped. Undefined when the texts are all blank, as an unset workflow
 * input is: nothing was asked, which is not the same as an empty list.
 *
 * Throws `PIOT_RELEASE_REQUEST_INVALID` with every malformed piece, and
 * `PIOT_RELEASE_REQUEST_CONFLICT` when one package is asked for twice in different ways.
 */
export function parseReleaseRequests(
  texts: readonly string[],
): readonly RequestedRelease[] | undefined {
  const given = texts.map((text) => text.trim()).filter((text) => text !== "");
  if (given.length === 0) return undefined;
  const { requests, problems } = joinReadings(given.map(readText));
  if (problems.length > 0) throw invalidRequests(problems);
  return withoutRepeats(requests);
}

function invalidRequests(problems: readonly Problem[]): Failure {
  const message = problems.length === 1
    ? problems[0]!.message
    : `Cannot read ${problems.length} release requests`;
  return new Failure("PIOT_RELEASE_REQUEST_INVALID", message, { hint: REQUEST_FORMS, problems });
}

function readText(text: string): RequestReading {
  if (!isJson(text)) {
    const words = text.split(/[,\r\n]/).map((word) => word.trim()).filter((word) => word !== "");
    return joinReadings(words.map(readWord));
  }
  let document: object;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return oneProblem(text, `it starts as JSON and is not valid JSON (${messageOf(error)})`);
  }
  return Array.isArray(document) ? readArray(document) : readObject(document, text);
}

function readWord(word: string): RequestReading {
  // The first character may be the @ of an npm scope; the last @ after it starts the version.
  const at = word.lastIndexOf("@");
  const [name, wanted] = at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined];
  const problem = nameProblem(name) ?? wantedProblem(wanted);
  if (problem !== undefined) return oneProblem(word, problem);
  if (wanted === undefined) return oneRequest({ name });
  return oneRequest(isBump(wanted) ? { name, bump: wanted } : { name, version: wanted });
}

function isBump(value: unknown): value is Bump {
  return (BUMPS as readonly unknown[]).includes(value);
}

function nameProblem(name: string): string | undefined {
  // None of these can stand in the name of a build artifact, and so in the name of a package.
  const odd = /[\s"':<>|*?\\=,[\]{}]/.exec(name)?.[0];
  if (odd !== undefined) return `${quote(odd)} cannot stand in a name`;
  return /^@?$/.test(name) ? "the name is missing" : undefined;
}

function wantedProblem(wanted: string | undefined): string | undefined {
  if (wanted === undefined || isBump(wanted) || isVersion(wanted)) return undefined;
  if (wanted === "") return "nothing follows the @";
  const bare = wanted.replace(/^[v=]+/, "");
  return isVersion(bare)
    ? `a version stands alone, as ${bare}`
    : `${quote(wanted)} is neither a version such as 1.4.0 nor patch, minor or major`;
}

function readArray(entries: readonly unknown[]): RequestReading {
  const isPlz = entries.some((entry) => isRecord(entry) && "package_name" in entry);
  return isPlz ? releasePlzRequests(entries) : joinReadings(entries.map(readEntry));
}

function readObject(document: object, text: string): RequestReading {
  if ("releases" in document) return releasePlzRequests(document.releases);
  const keys = Object.keys(document);
  if (keys.some((key) => /^(releases_created|paths_released|(.+--)?release_created)$/.test(key))) {
    return releasePleaseRequests({ ...document });
  }
  const found = keys.length === 0 ? "no key at all" : `the keys ${keys.slice(0, 8).join(", ")}`;
  return oneProblem(text, `it is an object with ${found}, which no known tool prints`);
}

function readEntry(entry: unknown): RequestReading {
  const piece = JSON.stringify(entry);
  if (!isRecord(entry)) return oneProblem(piece, "an entry of the array is not an object");
  const { name, version, bump, ...others } = entry;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) return oneProblem(piece, `it has the unknown key ${quote(stranger)}`);
  if (typeof name !== "string") return oneProblem(piece, 'its "name" is not a string');
  const problem = nameProblem(name) ?? entryProblem(version, bump);
  if (problem !== undefined) return oneProblem(piece, problem);
  return oneRequest({
    name,
    ...(typeof version === "string" ? { version } : {}),
    ...(isBump(bump) ? { bump } : {}),
  });
}

function entryProblem(version: unknown, bump: unknown): string | undefined {
  if (version !== undefined && bump !== undefined) return "it has both a version and a bump";
  if (version !== undefined && !(typeof version === "string" && isVersion(version))) {
    return 'its "version" is not a version such as "1.4.0"';
  }
  return bump === undefined || isBump(bump)
    ? undefined
    : 'its "bump" is none of "patch", "minor" and "major"';
}

/** Drops what was asked for twice alike; throws the conflict when it was asked for in two ways. */
function withoutRepeats(requests: readonly RequestedRelease[]): readonly RequestedRelease[] {
  const first = new Map<string, RequestedRelease>();
  for (const request of requests) {
    const key = JSON.stringify(subjectOf(request));
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, request);
    const failure = earlier === undefined ? undefined : conflictOf(earlier, request);
    if (failure !== undefined) throw failure;
  }
  return [...first.values()];
}
