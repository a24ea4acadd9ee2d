/**
 * The outputs of release-please and release-plz, read as they print them.
 *
 * @module
 */

import {
  isRecord,
  joinReadings,
  oneProblem,
  oneRequest,
  type RequestReading,
} from "./requested_release.ts";
import { isVersion } from "../model/version.ts";

type Outputs = Readonly<Record<string, unknown>>;

/**
 * The releases that release-please-action made, from all of its outputs
 * (`toJSON(steps.ID.outputs)`): `paths_released` is a JSON text of folders; the outputs of folder
 * `a/b` are `a/b--version`, `a/b--tag_name`, those of `.` bear no prefix
 * (googleapis/release-please-action `src/index.ts`, `setPathOutput`).
 */
export function releasePleaseRequests(outputs: Outputs): RequestReading {
  const paths = releasedPaths(outputs);
  if (paths === undefined) {
    return oneProblem("paths_released", "it is not a JSON array of folders");
  }
  if (paths.length === 0 && isTrue(outputs.releases_created)) {
    return oneProblem("releases_created", "it is true, and no output names a released folder");
  }
  return joinReadings(paths.map((path) => pathRequest(path, outputs)));
}

/** Outputs of a step are texts; the tool's own values are booleans. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function releasedPaths(outputs: Outputs): readonly string[] | undefined {
  if (outputs.paths_released !== undefined) return readTexts(outputs.paths_released);
  const keys = Object.keys(outputs).filter((key) => isTrue(outputs[key]));
  return keys.flatMap((key) => {
    if (key === "release_created") return ["."];
    return key.endsWith("--release_created") ? [key.slice(0, -"--release_created".length)] : [];
  });
}

function readTexts(value: unknown): readonly string[] | undefined {
  const list = parseIfText(value);
  const isTexts = Array.isArray(list) && list.every((item) => typeof item === "string");
  return isTexts ? list : undefined;
}

/**
 * A value, or what its JSON text holds; a step that did nothing leaves an empty text, which is an
 * empty list.
 */
function parseIfText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value.trim() === "") return [];
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function pathRequest(path: string, outputs: Outputs): RequestReading {
  const prefix = path === "." ? "" : `${path}--`;
  const version = outputs[`${prefix}version`];
  if (typeof version === "string" && isVersion(version)) return oneRequest({ path, version });
  const tagName = outputs[`${prefix}tag_name`];
  const tagged = typeof tagName === "string" ? versionInTag(tagName) : undefined;
  if (tagged !== undefined && version === undefined) return oneRequest({ path, version: tagged });
  return oneProblem(
    path,
    version === undefined
      ? `neither ${prefix}version nor ${prefix}tag_name holds a version`
      : `${prefix}version is ${JSON.stringify(version)}, which is not a version`,
  );
}

/** The version that a tag ends with: `demo-v1.2.3-rc.1` → `1.2.3-rc.1`. */
function versionInTag(tag: string): string | undefined {
  const starts = [...tag.matchAll(/(?<=^|[^0-9A-Za-z.]v?|^v)\d+\.\d+\.\d+/g)];
  return starts.map((start) => tag.slice(start.index)).find(isVersion);
}

/**
 * The releases that release-plz made: the `releases` of `release-plz release --output json` or of
 * its action, a list of `{package_name, version, tag, prs}` or the JSON text of one.
 */
export function releasePlzRequests(releases: unknown): RequestReading {
  const list = parseIfText(releases);
  if (!Array.isArray(list)) return oneProblem("releases", "it is not a JSON array");
  return joinReadings(list.map(crateRequest));
}

function crateRequest(release: unknown): RequestReading {
  const text = JSON.stringify(release);
  if (!isRecord(release)) return oneProblem(text, "an entry of releases is not an object");
  const { package_name: crate, version } = release;
  if (typeof crate !== "string" || crate === "") {
    return oneProblem(text, 'its "package_name" is not a name');
  }
  return typeof version === "string" && isVersion(version)
    ? oneRequest({ crate, version })
    : oneProblem(text, 'its "version" is not a version such as "1.4.0"');
}
