/**
 * What a local PyPI shows: the JSON API, the Simple API in both of its forms, and the files.
 *
 * @module
 */

import { normaliseName } from "../../core/pypi/name.ts";
import { comparePep440, isSamePep440, parsePep440 } from "../../core/pypi/pep440.ts";
import type { LocalReply, LocalRequest } from "../serve.ts";
import { blake2b256 } from "./blake2_256.ts";
import { escapeHtml } from "./refusal.ts";
import {
  filesOf,
  type PypiState,
  type StoredFile,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";

/** How a read API sees the index: everything up to a serial. */
export interface Window {
  readonly state: PypiState;
  /** The server's own address. */
  readonly url: string;
  /** Changes after it are not seen yet. */
  readonly serial: number;
}

const NOT_FOUND: LocalReply = { status: 404, body: { message: "Not Found" } };
const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

function seen(window: Window, project: string): readonly StoredFile[] {
  return filesOf(window.state, project).filter(({ serial }) => serial <= window.serial);
}

function addressOf({ url }: Window, { name, sha256 }: StoredFile): string {
  return `${url}/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/${name}`;
}

/** `/pypi/<name>/json` and `/pypi/<name>/<version>/json`. */
export function jsonApi(window: Window, path: string): LocalReply | undefined {
  const [, asked = "", version] = /^\/pypi\/([^/]+)(?:\/([^/]+))?\/json$/.exec(path) ?? [];
  if (asked === "") return undefined;
  const name = normaliseName(decodeURIComponent(asked));
  if (name !== asked) {
    const rest = version === undefined ? "" : `/${version}`;
    return { status: 301, headers: { location: `${window.url}/pypi/${name}${rest}/json` } };
  }
  const project = window.state.projects.get(name);
  const files = seen(window, name);
  const release = project?.releases.filter((one) =>
    files.some((file) => file.version === one.version)
  )
    .sort(newestFirst)
    .find((one) => version === undefined || isSamePep440(one.version, decodeURIComponent(version)));
  if (project === undefined || release === undefined) return NOT_FOUND;
  return {
    status: 200,
    headers: {
      "x-pypi-last-serial": String(window.serial),
      "cache-control": "max-age=900, public",
    },
    body: {
      info: releaseInfo(project, release),
      last_serial: window.serial,
      urls: files.filter((file) => file.version === release.version).map((file) =>
        urlEntry(window, file)
      ),
      vulnerabilities: [],
    },
  };
}

/** Final releases before pre-releases, then the higher version first. */
function newestFirst(one: StoredRelease, other: StoredRelease): number {
  const [left, right] = [parsePep440(one.version)!, parsePep440(other.version)!];
  const isPre = (version: typeof left): number =>
    Number(version.pre !== undefined || version.dev !== undefined);
  return isPre(left) - isPre(right) || comparePep440(right, left);
}

function releaseInfo(project: StoredProject, { version, fields }: StoredRelease): object {
  const first = (name: string): string | null => fields.find(([key]) => key === name)?.[1] ?? null;
  const every = (name: string): string[] =>
    fields.filter(([key]) => key === name).map(([, value]) => value);
  const urls = every("project_urls").map((one) => one.split(/,(.*)/s).map((part) => part.trim()));
  return {
    name: project.displayName,
    version,
    summary: first("summary"),
    description: first("description") ?? "",
    description_content_type: first("description_content_type"),
    author: first("author"),
    author_email: first("author_email"),
    license: first("license"),
    license_expression: first("license_expression"),
    license_files: every("license_file"),
    keywords: first("keywords"),
    classifiers: every("classifiers"),
    requires_dist: every("requires_dist"),
    requires_python: first("requires_python"),
    provides_extra: every("provides_extra"),
    project_urls: Object.fromEntries(urls.map(([label = "", url = ""]) => [label, url])),
    package_url: `https://pypi.org/project/${project.name}/`,
    yanked: false,
    yanked_reason: null,
  };
}

function urlEntry(window: Window, file: StoredFile): object {
  return {
    filename: file.name,
    packagetype: file.kind,
    python_version: file.pyversion,
    requires_python: file.requiresPython ?? null,
    size: file.bytes.length,
    digests: { sha256: file.sha256, blake2b_256: blake2b256(file.bytes) },
    upload_time_iso_8601: file.uploaded.toISOString(),
    url: addressOf(window, file),
    yanked: false,
    yanked_reason: null,
  };
}

/** `/simple/<name>/`: JSON (PEP 691) when it is accepted, HTML (PEP 503) otherwise. */
export function simpleApi(window: Window, request: LocalRequest): LocalReply | undefined {
  const [, asked = "", slash] = /^\/simple\/([^/]+)(\/?)$/.exec(request.path) ?? [];
  if (asked === "") return undefined;
  const name = normaliseName(decodeURIComponent(asked));
  if (name !== asked || slash === "") {
    return { status: 301, headers: { location: `${window.url}/simple/${name}/` } };
  }
  const project = window.state.projects.get(name);
  const files = seen(window, name);
  if (project === undefined || files.length === 0) {
    return { status: 404, headers: { "content-type": "text/plain" }, body: "404 Not Found" };
  }
  const headers = {
    "x-pypi-last-serial": String(window.serial),
    "cache-control": "max-age=600, public",
    vary: "Accept",
  };
  return (request.headers.get("accept") ?? "").includes(SIMPLE_JSON)
    ? {
      status: 200,
      headers: { ...headers, "content-type": SIMPLE_JSON },
      body: simpleJson(window, { project, files }),
    }
    : {
      status: 200,
      headers: { ...headers, "content-type": "text/html; charset=UTF-8" },
      body: simpleHtml(window, { project, files }),
    };
}

interface Listing {
  readonly project: StoredProject;
  readonly files: readonly StoredFile[];
}

function simpleJson(window: Window, { project, files }: Listing): object {
  return {
    meta: { "api-version": "1.4", "_last-serial": window.serial },
    name: project.name,
    "project-status": { status: project.status },
    versions: [...new Set(files.map(({ version }) => version))],
    files: files.map((file) => ({
      filename: file.name,
      url: addressOf(window, file),
      hashes: { sha256: file.sha256 },
      "requires-python": file.requiresPython ?? null,
      size: file.bytes.length,
      "upload-time": file.uploaded.toISOString(),
      yanked: false,
      "core-metadata": false,
      provenance: null,
    })),
  };
}

function simpleHtml(window: Window, { project, files }: Listing): string {
  const links = files.map((file) => {
    const python = file.requiresPython === undefined
      ? ""
      : ` data-requires-python="${escapeHtml(file.requiresPython)}"`;
    return `    <a href="${
      addressOf(window, file)
    }#sha256=${file.sha256}"${python}>${file.name}</a><br />`;
  });
  return [
    "<!DOCTYPE html>",
    "<html>",
    "  <head>",
    '    <meta name="pypi:repository-version" content="1.4">',
    `    <meta name="pypi:project-status" content="${project.status}">`,
    `    <title>Links for ${project.name}</title>`,
    "  </head>",
    "  <body>",
    `    <h1>Links for ${project.name}</h1>`,
    ...links,
    "  </body>",
    "</html>",
    `<!--SERIAL ${window.serial}-->`,
    "",
  ].join("\n");
}

/** `/packages/…`: a file's bytes. */
export function download(state: PypiState, path: string): LocalReply | undefined {
  const [, hash = "", name = ""] = /^\/packages\/([0-9a-f/]+)\/([^/]+)$/.exec(path) ?? [];
  if (name === "") return undefined;
  const file = state.files.get(decodeURIComponent(name));
  if (file?.sha256 !== hash.replaceAll("/", "")) return { status: 404, body: "404 Not Found" };
  const type = file.kind === "sdist" ? "application/x-tar" : "binary/octet-stream";
  return { status: 200, headers: { "content-type": type }, body: file.bytes };
}

/** `/integrity/…/provenance`: what is known of a file's origin. */
export function integrityApi(path: string): LocalReply | undefined {
  const name = /^\/integrity\/[^/]+\/[^/]+\/([^/]+)\/provenance$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  return {
    status: 404,
    body: { message: `No provenance available for ${decodeURIComponent(name)}` },
  };
}
