/**
 * What has to hold for a package.json before it is published: one small rule each, all of them asked in one go; and for a
 * name that npm does not know yet.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { NpmPackage } from "../model/package.ts";
import { isDistTag } from "./dist_tag.ts";
import type { PackageJson } from "./package_json.ts";

/** What a rule looks at. */
export interface ManifestFacts {
  readonly manifest: PackageJson;
  readonly package: Pick<NpmPackage, "registryName" | "access" | "distTag">;
  /** The planned version. */
  readonly version: string;
  /** Registries that this run counts as its own: the endpoint, and the public one. */
  readonly registries: readonly string[];
}

type Rule = (facts: ManifestFacts) => Failure | undefined;

const RULES: readonly Rule[] = [
  nameAgrees,
  nameIsValid,
  notPrivate,
  noBuildMetadata,
  tagIsValid,
  scopedWhenRestricted,
  publishTagAgrees,
  publishAccessAgrees,
  publishRegistryAgrees,
  publishConfigIsPlain,
];

/** Every rule that a package.json breaks. */
export function judgeManifest(facts: ManifestFacts): readonly Failure[] {
  return RULES.flatMap((rule) => rule(facts) ?? []);
}

function wrong(message: string, hint: string): Failure {
  return new Failure("PIOT_NPM_MANIFEST", message, { hint });
}

function nameAgrees({ manifest, package: { registryName } }: ManifestFacts): Failure | undefined {
  if (manifest.name === registryName) return undefined;
  const found = manifest.name === undefined ? "has no name" : `is named "${manifest.name}"`;
  return wrong(
    `Cannot publish "${registryName}": its package.json ${found}`,
    `Name it "${registryName}" there, or change putitoutthere.toml, which that name comes from`,
  );
}

/** The registry's rules for new names (npm's docs, package.json, name; validate-npm-package-name). */
function nameIsValid({ package: { registryName } }: ManifestFacts): Failure | undefined {
  const valid = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
  if (valid.test(registryName) && registryName.length <= 214) return undefined;
  return wrong(
    `Cannot publish "${registryName}": it is not a name that npm takes`,
    "At most 214 letters, digits, `-`, `_`, `.` or `~`, not starting with `.` or `_`, optionally behind @scope/",
  );
}

function notPrivate({ manifest, package: { registryName } }: ManifestFacts): Failure | undefined {
  if (!manifest.private) return undefined;
  return new Failure(
    "PIOT_NPM_PRIVATE",
    `Cannot publish "${registryName}": its package.json says "private": true`,
    { hint: "Remove `private` from package.json, or the package from putitoutthere.toml" },
  );
}

/** npm strips `+…` from versions, so two builds would claim one number (semver.clean in libnpmpublish). */
function noBuildMetadata(
  { version, package: { registryName } }: ManifestFacts,
): Failure | undefined {
  if (!version.includes("+")) return undefined;
  return wrong(
    `Cannot publish "${registryName}" at ${version}: npm drops build metadata from versions`,
    "Release a version without `+…`",
  );
}

function tagIsValid({ package: { registryName, distTag } }: ManifestFacts): Failure | undefined {
  if (isDistTag(distTag)) return undefined;
  return wrong(
    `Cannot publish "${registryName}" under the tag "${distTag}": npm would read it as a version range`,
    "Use a word such as `latest`, `next` or `beta`",
  );
}

function scopedWhenRestricted(
  { package: { registryName, access } }: ManifestFacts,
): Failure | undefined {
  if (access !== "restricted" || registryName.startsWith("@")) return undefined;
  return wrong(
    `Cannot publish "${registryName}" as restricted: only scoped packages can be`,
    'Use a name with a scope, or `access = "public"`',
  );
}

function publishTagAgrees(facts: ManifestFacts): Failure | undefined {
  return publishConfigAgrees(facts, { key: "tag", ours: facts.package.distTag });
}

function publishAccessAgrees(facts: ManifestFacts): Failure | undefined {
  return publishConfigAgrees(facts, { key: "access", ours: facts.package.access });
}

/** Two files that contradict each other about where a release goes are a mistake: neither is silently preferred. */
function publishConfigAgrees(
  { manifest, package: { registryName } }: ManifestFacts,
  { key, ours }: { readonly key: "tag" | "access"; readonly ours: string },
): Failure | undefined {
  const theirs = publishConfig(manifest)[key];
  if (theirs === undefined || theirs === ours) return undefined;
  return wrong(
    `Cannot publish "${registryName}": publishConfig.${key} is ${
      JSON.stringify(theirs)
    } and putitoutthere.toml says "${ours}"`,
    `Set \`${key} = ${
      JSON.stringify(theirs)
    }\` in putitoutthere.toml, or remove publishConfig.${key}`,
  );
}

function publishRegistryAgrees(
  { manifest, registries, package: { registryName } }: ManifestFacts,
): Failure | undefined {
  // npm lets the one of a scope count for more (npm-registry-fetch, pickRegistry).
  const scoped = `${registryName.split("/")[0]}:registry`;
  const key = publishConfig(manifest)[scoped] === undefined ? "registry" : scoped;
  const theirs = publishConfig(manifest)[key];
  if (theirs === undefined) return undefined;
  const plain = (url: string): string => url.replace(/\/+$/, "");
  if (typeof theirs === "string" && registries.map(plain).includes(plain(theirs))) return undefined;
  return wrong(
    `Cannot publish "${registryName}": publishConfig.${key} is ${
      JSON.stringify(theirs)
    }, another registry than this run's`,
    `Set PIOT_NPM_URL to that registry, or remove publishConfig.${key}`,
  );
}

/** What pnpm writes over the manifest when it publishes (pnpm.io/package_json, publishConfig); npm does not. */
const PNPM_KEYS = [
  ...["bin", "main", "exports", "imports", "types", "typings", "module", "browser", "type"],
  ...["typesVersions", "cpu", "os", "libc", "engines", "esnext", "es2015", "unpkg", "umd:main"],
  "executableFiles",
];

function publishConfigIsPlain(
  { manifest, package: { registryName } }: ManifestFacts,
): Failure | undefined {
  const found = Object.keys(publishConfig(manifest)).filter((key) => PNPM_KEYS.includes(key));
  if (found.length === 0) return undefined;
  return wrong(
    `Cannot publish "${registryName}": publishConfig overrides ${
      found.map((key) => `"${key}"`).join(", ")
    }, which only pnpm does`,
    "Run `pnpm pack` in the build job and upload the tarball, or write these fields at the top of package.json",
  );
}

function publishConfig({ raw }: PackageJson): Readonly<Record<string, unknown>> {
  const value = raw["publishConfig"];
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** Modules of Node itself: nobody could import a package of such a name (validate-npm-package-name). */
const NODE_MODULES: ReadonlySet<string> = new Set([
  ...["assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants"],
  ...["crypto", "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2"],
  ...["https", "inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode"],
  ...["querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls"],
  ...["trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib"],
]);

/** What npm has against a new package of this name, as a clause; undefined when it takes it. */
export function newNameProblem(name: string): string | undefined {
  if (name !== name.toLowerCase()) return "it has capital letters";
  if (name.includes("~")) return 'it holds "~"';
  return NODE_MODULES.has(name) ? "it is the name of a module of Node" : undefined;
}
