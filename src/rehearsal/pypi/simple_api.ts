/**
 * The Simple API of a local PyPI, which pip installs from, in both of its forms, with the files that it leads to.
 *
 * @module
 */

import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { canonicalName } from "./packaging.ts";
import { escapeHtml } from "./refusal.ts";
import {
  addressOf,
  addressOfProvenance,
  type IndexWindow,
  type PypiState,
  seenFiles,
  type StoredFile,
  type StoredProject,
} from "./state.ts";

const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

/** `/simple/<name>/`: JSON (PEP 691) when it is accepted, HTML (PEP 503) otherwise. */
export function simpleApi(window: IndexWindow, request: LocalRequest): LocalReply | undefined {
  const [, asked = "", slash] = /^\/simple\/([^/]+)(\/?)$/.exec(request.path) ?? [];
  if (asked === "") return undefined;
  const name = canonicalName(decodeURIComponent(asked));
  if (name !== asked || slash === "") {
    return { status: 301, headers: { location: `${window.url}/simple/${name}/` } };
  }
  const project = window.state.projects.get(name);
  const files = seenFiles(window, name);
  const isMade = (project?.madeAt ?? Infinity) <= window.serial;
  if (project === undefined || (files.length === 0 && !isMade)) {
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

function simpleJson(window: IndexWindow, { project, files }: Listing): object {
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
      provenance: addressOfProvenance(window.url, file) ?? null,
    })),
  };
}

function simpleHtml(window: IndexWindow, { project, files }: Listing): string {
  const links = files.map((file) => {
    const python = file.requiresPython === undefined
      ? ""
      : ` data-requires-python="${escapeHtml(file.requiresPython)}"`;
    const provenance = addressOfProvenance(window.url, file);
    const origin = provenance === undefined ? "" : ` data-provenance="${provenance}"`;
    return `    <a href="${
      addressOf(window, file)
    }#sha256=${file.sha256}"${python}${origin}>${file.name}</a><br />`;
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
  if (file.isMadeUp === true) {
    const missing = `what ${file.project} ${file.version} held is not kept here`;
    return { status: 424, body: `${missing}\n`, missing };
  }
  const type = file.kind === "sdist" ? "application/x-tar" : "binary/octet-stream";
  return { status: 200, headers: { "content-type": type }, body: file.bytes };
}
