/**
 * What crates.io asks of the metadata in a packaged Cargo.toml, and of names and versions, in its words.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Refusal } from "../server/messages.ts";
import { isSemver } from "../server/semver.ts";
import type { Table } from "./upload_body.ts";

/** The name and the version of the JSON, the first things that are judged. */
export function checkNameAndVersion({ name, vers }: { name: string; vers: string }): void {
  const why = wrongName(name);
  if (why !== undefined) throw new Refusal(400, `invalid crate name \`${name}\`: ${why}`);
  if (!isSemver(vers)) throw new Refusal(400, `"${vers}" is an invalid semver version`);
  if (vers.length > 150) throw new Refusal(400, `version number is too long (max 150 characters)`);
}

/** What is wrong with a crate's name (rust-lang/crates.io, crates_io_validation); undefined when nothing is. */
function wrongName(name: string): string | undefined {
  const [first = "", ...others] = name;
  if (first === "") return "the name cannot be empty";
  if (others.length >= 64) return "the name is too long (max 64 characters)";
  if (!/^[a-z]$/i.test(first)) {
    return `the first character must be an ASCII letter, not \`${first}\``;
  }
  const invalid = others.find((character) => !/^[a-z0-9_-]$/i.test(character));
  return invalid === undefined
    ? undefined
    : `characters must be ASCII letters, digits, \`-\` or \`_\`, not \`${invalid}\``;
}

/** Names that are the toolchain's or a device's on Windows; the real table has more of the toolchain's. */
const RESERVED = new Set(
  ("alloc compiler_builtins core proc_macro rustc std test con prn aux nul " +
    "com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")
    .split(" "),
);

/** Whether a canonical name can never be a crate's. */
export function isReserved(canonical: string): boolean {
  return RESERVED.has(canonical);
}

/** `[package]` of a manifest. */
export function packageTable(manifest: Table): Table {
  const table = manifest.package;
  if (typeof table === "object" && table !== null) return table as Table;
  throw new Refusal(
    400,
    "failed to parse `Cargo.toml` manifest file\n\nmissing field `package`",
  );
}

/** The packaged manifest must be the one that the JSON speaks of. */
export function checkAgreement(table: Table, { name, vers }: { name: string; vers: string }): void {
  const pairs: [string, string, unknown][] = [["name", name, table.name], [
    "version",
    vers,
    table.version,
  ]];
  for (const [what, said, packaged] of pairs) {
    if (said === packaged) continue;
    throw new Refusal(
      400,
      `metadata ${what} \`${said}\` does not match manifest ${what} \`${packaged}\``,
    );
  }
}

/** Required fields and their limits. */
export function checkMetadata(table: Table): void {
  const missing = [
    ...isBlank(table.description) ? ["description"] : [],
    ...isBlank(table.license) && isBlank(table["license-file"]) ? ["license"] : [],
  ];
  if (missing.length > 0) {
    throw new Refusal(
      400,
      `missing or empty metadata fields: ${
        missing.join(", ")
      }. Please see https://doc.rust-lang.org/cargo/reference/manifest.html for more information on configuring these fields`,
    );
  }
  if (Buffer.byteLength(String(table.description)) > 1000) {
    throw new Refusal(
      400,
      "The `description` is too long. A maximum of 1000 characters is currently allowed.",
    );
  }
  checkUrls(table);
  checkKeywords(strings(table.keywords));
  if (strings(table.categories).length > 5) {
    throw new Refusal(400, "expected at most 5 categories per crate");
  }
}

function isBlank(value: unknown): boolean {
  return typeof value !== "string" || value.trim() === "";
}

/** A list of strings, or nothing. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function checkUrls(table: Table): void {
  for (const field of ["homepage", "documentation", "repository"]) {
    const url = table[field];
    if (isBlank(url) || /^https?:\/\//.test(String(url))) continue;
    throw new Refusal(
      400,
      `URL for field \`${field}\` must begin with http:// or https:// (url: ${url})`,
    );
  }
}

function checkKeywords(keywords: readonly string[]): void {
  if (keywords.length > 5) throw new Refusal(400, "expected at most 5 keywords per crate");
  for (const word of keywords) {
    if (word.length > 20) {
      throw new Refusal(
        400,
        `"${word}" is an invalid keyword (keywords must have less than 20 characters)`,
      );
    }
    if (!/^[A-Za-z0-9][A-Za-z0-9_+-]*$/.test(word)) {
      throw new Refusal(400, `"${word}" is an invalid keyword`);
    }
  }
}

/** Whether crates.io has a category. */
export function isCategory(slug: string): boolean {
  return SLUGS.has(slug.toLowerCase());
}

/** Throws status 400 for categories that there are not. */
export function checkCategories(slugs: readonly string[]): void {
  const unknown = slugs.filter((slug) => !isCategory(slug));
  if (unknown.length === 0) return;
  throw new Refusal(
    400,
    `The following category slugs are not currently supported on crates.io: ${
      unknown.join(", ")
    }\n\nSee https://crates.io/category_slugs for a list of supported slugs.`,
  );
}

/** The categories that crates.io knows (rust-lang/crates.io, `src/categories.toml`): slug → slugs below it. */
const CATEGORIES: Readonly<Record<string, string>> = {
  accessibility: "",
  aerospace: "drones protocols simulation space-protocols unmanned-aerial-vehicles",
  algorithms: "",
  "api-bindings": "",
  asynchronous: "",
  authentication: "",
  automotive: "",
  caching: "",
  "command-line-interface": "",
  "command-line-utilities": "",
  compilers: "",
  compression: "",
  "computer-vision": "",
  concurrency: "",
  config: "",
  cryptography: "cryptocurrencies",
  "data-structures": "",
  database: "",
  "database-implementations": "",
  "date-and-time": "",
  "development-tools":
    "build-utils cargo-plugins debugging ffi procedural-macro-helpers profiling testing",
  email: "",
  embedded: "",
  emulators: "",
  encoding: "",
  "external-ffi-bindings": "",
  filesystem: "",
  finance: "",
  "game-development": "",
  "game-engines": "",
  games: "",
  graphics: "",
  gui: "",
  "hardware-support": "",
  internationalization: "",
  localization: "",
  mathematics: "",
  "memory-management": "",
  multimedia: "audio encoding images video",
  "network-programming": "",
  "no-std": "no-alloc",
  os: "android-apis freebsd-apis linux-apis macos-apis unix-apis windows-apis",
  "parser-implementations": "",
  parsing: "",
  rendering: "data-formats engine graphics-api",
  "rust-patterns": "",
  science:
    "bioinformatics bioinformatics::genomics bioinformatics::proteomics bioinformatics::sequence-analysis computational-chemistry geo neuroscience quantum-computing robotics",
  simulation: "",
  "template-engine": "",
  "text-editors": "",
  "text-processing": "",
  "value-formatting": "",
  virtualization: "",
  visualization: "",
  wasm: "",
  "web-programming": "http-client http-server websocket",
};

const SLUGS: ReadonlySet<string> = new Set(
  Object.entries(CATEGORIES).flatMap(([slug, children]) => [
    slug,
    ...children.split(" ").filter((child) => child !== "").map((child) => `${slug}::${child}`),
  ]),
);
