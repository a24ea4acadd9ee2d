/**
 * Reads what the index holds of a project, through both of its APIs. Only definite answers count.
 *
 * @module
 */

import {
  type IndexFile,
  type IndexProject,
  parseProjectAnswer,
  parseVersionAnswer,
} from "../../core/pypi/index_answer.ts";
import { isSamePep440 } from "../../core/pypi/pep440.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { Failure } from "../../error.ts";
import { decodeText, readJson } from "../../host/json_answer.ts";
import { saysNotFound, startsNotFound } from "../absence.ts";
import type { PypiAccess } from "./pypi_prepared.ts";

/** A project, and the release that is asked about. */
export interface IndexState {
  /** Undefined when the index has no such project. */
  readonly project: IndexProject | undefined;
  /** Every file of the project and of the release, by name. */
  readonly files: ReadonlyMap<string, IndexFile>;
}

/** What is asked, and how. */
export interface IndexQuestion {
  readonly project: string;
  readonly version: string;
  /** Whether caches are to be gone round. */
  readonly fresh: boolean;
}

const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

/** Bytes of a project's list: those with the most files have some dozen MB. */
const LIST_LIMIT = 64 * 2 ** 20;

/**
 * Asks both APIs, since after an upload either may lag behind by minutes: a file that one of them shows is there. Throws
 * `PIOT_REGISTRY_UNKNOWN` unless both answer with what they hold, or with a 404 of their own, and agree about the bytes.
 * An index may do without the JSON API, which PyPI alone has promised: whatever it says there is no word about files that
 * its list shows.
 */
export async function readIndex(access: PypiAccess, question: IndexQuestion): Promise<IndexState> {
  const { pypi } = access.endpoints;
  const { project: asked, version } = question;
  const name = encodeURIComponent(asked);
  const [release, project] = await Promise.all([
    ask(access, {
      ...question,
      url: `${pypi}/pypi/${name}/${encodeURIComponent(version)}/json`,
      accept: "application/json",
      parse: (answer) => isRelease(answer, question) ? parseVersionAnswer(answer) : undefined,
    }),
    askProject(access, question),
  ]);
  requireOwn(project.missing);
  // A line of plain text may be anybody's: then the other API has to say so, too.
  if (project.missing === "alike" || isPypi(pypi)) requireOwn(release.missing);
  const files = mergeFiles(project.held?.files ?? [], release.held ?? [], pypi);
  return { project: project.held, files };
}

/**
 * The project's list alone, for whoever is not about to upload. Undefined when the index has no such project; throws
 * `PIOT_REGISTRY_UNKNOWN` for anything but the list or a 404 of an index.
 */
export async function readProject(
  access: PypiAccess,
  project: string,
): Promise<IndexProject | undefined> {
  const { held, missing } = await askProject(access, { project, fresh: false });
  requireOwn(missing);
  return held;
}

async function askProject(
  access: PypiAccess,
  { project, fresh }: Pick<IndexQuestion, "project" | "fresh">,
): Promise<Asked<IndexProject>> {
  return await ask(access, {
    fresh,
    url: `${access.endpoints.pypi}/simple/${encodeURIComponent(project)}/`,
    accept: SIMPLE_JSON,
    parse: (answer) => isNamed(answer, project) ? parseProjectAnswer(answer) : undefined,
  });
}

function mergeFiles(
  listed: readonly IndexFile[],
  others: readonly IndexFile[],
  asked: string,
): ReadonlyMap<string, IndexFile> {
  const files = new Map(listed.map((file) => [file.name, file]));
  for (const file of others) {
    const twin = files.get(file.name);
    const sha256 = file.sha256 ?? twin?.sha256;
    if (twin?.sha256 !== undefined && sha256 !== twin.sha256) {
      throw unknownAnswer(
        asked,
        `its two APIs show "${file.name}" with other bytes (sha256 ${twin.sha256} and ${sha256})`,
      );
    }
    files.set(file.name, { ...twin, ...file, sha256 });
  }
  return files;
}

/** Whether a document is about the release that was asked for, as far as it tells. */
function isRelease(answer: unknown, { project, version }: IndexQuestion): boolean {
  const { info } = (answer ?? {}) as { info?: { version?: unknown } | null };
  const named = info?.version;
  return isNamed(info, project) && (typeof named !== "string" || isSamePep440(named, version));
}

function isNamed(document: unknown, project: string): boolean {
  const { name } = (document ?? {}) as { name?: unknown };
  return typeof name !== "string" || normaliseName(name) === project;
}

/** PyPI and its test instance, which have both APIs. */
function isPypi(address: string): boolean {
  return /^(?:test\.)?pypi\.org$/.test(new URL(address).hostname);
}

interface Ask<T> extends Pick<IndexQuestion, "fresh"> {
  readonly url: string;
  readonly accept: string;
  readonly parse: (answer: unknown) => T | undefined;
}

/** What is there; or the 404 for it: an index's own in JSON, one in words like PyPI's, or the failure for any other. */
type Asked<T> =
  | { readonly held: T; readonly missing?: never }
  | { readonly held?: never; readonly missing: "own" | "alike" | Failure };

async function ask<T>(
  { host }: PypiAccess,
  { url, accept, fresh, parse }: Ask<T>,
): Promise<Asked<T>> {
  const response = await host.http(url, {
    headers: { accept, ...(fresh ? { "cache-control": "no-cache" } : {}) },
    limit: LIST_LIMIT,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { json, flaw } = readJson(bytes);
  const type = response.headers.get("content-type") ?? "something without a type";
  if (response.status === 404) {
    if (saysNotFound(json)) return { missing: "own" };
    if (startsNotFound(decodeText(bytes) ?? "")) return { missing: "alike" };
    return { missing: unknownAnswer(url, `its 404 is none of an index (${type})`) };
  }
  const held = response.status === 200 ? parse(json) : undefined;
  if (held !== undefined) return { held };
  const found = response.status === 200
    ? `no ${accept} of it came back but ${type}${flaw === undefined ? "" : ` that ${flaw}`}`
    : `it answered ${response.status}`;
  throw unknownAnswer(url, found);
}

function requireOwn(missing: Asked<unknown>["missing"]): void {
  if (missing instanceof Failure) throw missing;
}

/** The failure for an answer that says nothing definite. */
export function unknownAnswer(url: string, found: string): Failure {
  return new Failure("PIOT_REGISTRY_UNKNOWN", `Cannot tell what ${url} holds: ${found}`, {
    hint:
      "Check https://status.python.org and what stands between here and the index, then run again",
  });
}
