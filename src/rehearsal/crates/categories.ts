/**
 * The categories of crates.io.
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";

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
