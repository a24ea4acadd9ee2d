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
import { Failure } from "../../error.ts";
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

/**
 * Asks both APIs, since after an upload either may lag behind by minutes: a file that one of them shows is there.
 * Throws `PIOT_REGISTRY_UNKNOWN` unless both answer with what they hold or with 404, and agree about the bytes.
 */
export async function readIndex(access: PypiAccess, question: IndexQuestion): Promise<IndexState> {
  const { pypi } = access.endpoints;
  const name = encodeURIComponent(question.project);
  const [release, project] = await Promise.all([
    ask(access, {
      url: `${pypi}/pypi/${name}/${encodeURIComponent(question.version)}/json`,
      accept: "application/json",
      fresh: question.fresh,
      parse: parseVersionAnswer,
    }),
    ask(access, {
      url: `${pypi}/simple/${name}/`,
      accept: SIMPLE_JSON,
      fresh: question.fresh,
      parse: parseProjectAnswer,
    }),
  ]);
  return { project, files: mergeFiles(project?.files ?? [], release ?? [], pypi) };
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

interface Ask<T> {
  readonly url: string;
  readonly accept: string;
  readonly fresh: boolean;
  readonly parse: (answer: unknown) => T | undefined;
}

async function ask<T>(
  { host }: PypiAccess,
  { url, accept, fresh, parse }: Ask<T>,
): Promise<T | undefined> {
  const response = await host.http(url, {
    headers: { accept, ...(fresh ? { "cache-control": "no-cache" } : {}) },
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  const parsed = response.status === 200 ? parse(readJson(text)) : undefined;
  if (parsed !== undefined) return parsed;
  const found = response.status === 200
    ? `no ${accept} came back but ${response.headers.get("content-type") ?? "something else"}`
    : `it answered ${response.status}`;
  throw unknownAnswer(url, found);
}

/** The failure for an answer that says nothing definite. */
export function unknownAnswer(url: string, found: string): Failure {
  return new Failure("PIOT_REGISTRY_UNKNOWN", `Cannot tell what ${url} holds: ${found}`, {
    hint:
      "Check https://status.python.org and what stands between here and the index, then run again",
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
