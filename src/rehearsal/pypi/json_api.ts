/**
 * The JSON API of a local PyPI: a project, or one release of it, with its files (docs.pypi.org/api/json).
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { blake2b256 } from "./file_upload.ts";
import { canonicalName, isSameVersion, readVersion } from "./packaging.ts";
import {
  addressOf,
  type IndexWindow,
  seenFiles,
  type StoredFile,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";

const NOT_FOUND: LocalReply = { status: 404, body: { message: "Not Found" } };

/** `/pypi/<name>/json` and `/pypi/<name>/<version>/json`. */
export function jsonApi(window: IndexWindow, path: string): LocalReply | undefined {
  const [, asked = "", version] = /^\/pypi\/([^/]+)(?:\/([^/]+))?\/json$/.exec(path) ?? [];
  if (asked === "") return undefined;
  const name = canonicalName(decodeURIComponent(asked));
  if (name !== asked) {
    const rest = version === undefined ? "" : `/${version}`;
    return { status: 301, headers: { location: `${window.url}/pypi/${name}${rest}/json` } };
  }
  const project = window.state.projects.get(name);
  const files = seenFiles(window, name);
  const wanted = version === undefined ? undefined : decodeURIComponent(version);
  const release = project?.releases
    .filter((candidate) => files.some((file) => file.version === candidate.version))
    .sort(newestFirst)
    .find((candidate) => wanted === undefined || isSameVersion(candidate.version, wanted));
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
function newestFirst(left: StoredRelease, right: StoredRelease): number {
  const [mine, other] = [readVersion(left.version)!, readVersion(right.version)!];
  return Number(mine.isPrerelease) - Number(other.isPrerelease) || (mine.key < other.key ? 1 : -1);
}

function releaseInfo(project: StoredProject, { version, fields }: StoredRelease): object {
  const first = (name: string): string | null => fields.find(([key]) => key === name)?.[1] ?? null;
  const every = (name: string): string[] =>
    fields.filter(([key]) => key === name).map(([, value]) => value);
  const urls = every("project_urls").map((url) => url.split(/,(.*)/s).map((text) => text.trim()));
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

function urlEntry(window: IndexWindow, file: StoredFile): object {
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
