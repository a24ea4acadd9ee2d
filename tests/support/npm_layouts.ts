/**
 * Families as people publish them: names, fields and loaders as those of the packages on npm, cut down to what finds a
 * platform package. `A` is this machine's processor.
 */

import process from "node:process";

const A = process.arch;
/** This machine: Linux with glibc. */
const HOST = `linux-${A}-gnu`;

export interface LayoutTarget {
  readonly triple: string;
  readonly package?: string;
  /** The name that its package has on npm. */
  readonly published: string;
  /** Where the compiled file lies in the artifact. */
  readonly file: string;
  /** Files beside it. */
  readonly beside?: Readonly<Record<string, string>>;
}

export interface Layout {
  /** How `docs/npm-platform-packages.md` calls it. */
  readonly layout: string;
  /** The main package's name on npm. */
  readonly name: string;
  readonly build: "napi" | "bundled-cli";
  readonly template?: string;
  readonly targets: readonly LayoutTarget[];
  /** Fields of the main package's package.json. */
  readonly main: Readonly<Record<string, unknown>>;
  /** Its files. */
  readonly files: Readonly<Record<string, string>>;
  /** The command that runs the program; an addon is loaded by requiring the main package. */
  readonly command?: string;
}

const napiFile = (base: string) => (triple: string): string => `${base}.${triple}.node`;

/** Targets whose packages are called by one rule. */
function targets(
  triples: readonly string[],
  { published, file }: {
    readonly published: (triple: string) => string;
    readonly file: (triple: string) => string;
  },
): readonly LayoutTarget[] {
  return triples.map((triple) => ({ triple, published: published(triple), file: file(triple) }));
}

/** What napi-rs writes, for the platforms of this test. */
const napiLoader = (base: string, name: string): string => `
const { existsSync } = require("node:fs");
function isMusl() { return !process.report.getReport().header.glibcVersionRuntime; }
switch (process.platform) {
  case "linux":
    if (isMusl()) {
      module.exports = require("${name}-linux-${A}-musl");
    } else if (existsSync("${base}.${HOST}.node")) {
      module.exports = require("./${base}.${HOST}.node");
    } else {
      module.exports = require("${name}-${HOST}");
    }
    break;
  case "darwin":
    module.exports = require("${name}-darwin-arm64");
    break;
  case "android":
    module.exports = require("${name}-android-arm64");
    break;
}
`;

const runs = (resolve: string): string =>
  `#!/usr/bin/env node
const { spawnSync } = require("node:child_process");
${resolve}
const { status } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
process.exitCode = status ?? 1;
`;

const LINUXES = [HOST, `linux-${A}-musl`];

/** Every layout. */
export const LAYOUTS: readonly Layout[] = [
  {
    layout: "rollup",
    name: "rollup",
    build: "napi",
    template: "@rollup/rollup-{target}",
    targets: targets([...LINUXES, "darwin-arm64", "win32-x64-msvc"], {
      published: (triple) => `@rollup/rollup-${triple}`,
      file: napiFile("rollup"),
    }),
    main: { main: "dist/native.js", files: ["dist"] },
    files: {
      "dist/native.js": `
const bindings = { linux: { ${A}: { base: "${HOST}", musl: "linux-${A}-musl" } }, darwin: { arm64: { base: "darwin-arm64" } } };
const { platform, arch } = process;
const packageBase = bindings[platform][arch].base;
module.exports = require(\`@rollup/rollup-\${packageBase}\`);
`,
    },
  },
  {
    layout: "oxlint",
    name: "oxlint",
    build: "napi",
    template: "@{base}/binding-{target}",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `@oxlint/binding-${triple}`,
      file: napiFile("oxlint"),
    }),
    main: { main: "bindings.js" },
    files: { "bindings.js": napiLoader("oxlint", "@oxlint/binding") },
  },
  {
    layout: "rolldown",
    name: "rolldown",
    build: "napi",
    template: "@{base}/binding-{target}",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `@rolldown/binding-${triple}`,
      file: napiFile("rolldown-binding"),
    }),
    main: { main: "binding.cjs" },
    files: { "binding.cjs": napiLoader("rolldown-binding", "@rolldown/binding") },
  },
  {
    layout: "esbuild",
    name: "esbuild",
    build: "bundled-cli",
    template: "@{base}/{platform}-{arch}",
    targets: [
      { triple: `linux-${A}`, published: `@esbuild/linux-${A}`, file: "bin/esbuild" },
      { triple: "darwin-arm64", published: "@esbuild/darwin-arm64", file: "bin/esbuild" },
      { triple: "win32-x64", published: "@esbuild/win32-x64", file: "esbuild.exe" },
    ],
    main: { bin: { esbuild: "bin/esbuild" } },
    files: {
      "bin/esbuild": runs(`
const known = { "linux ${A} LE": "@esbuild/linux-${A}", "darwin arm64 LE": "@esbuild/darwin-arm64", "win32 x64 LE": "@esbuild/win32-x64" };
const pkg = known[process.platform + " " + process.arch + " LE"];
const program = require.resolve(pkg + "/bin/esbuild");`),
    },
    command: "esbuild",
  },
  {
    layout: "biome",
    name: "@biomejs/biome",
    build: "bundled-cli",
    template: "{scope}/cli-{platform}-{arch}",
    targets: [
      { triple: HOST, published: `@biomejs/cli-linux-${A}`, file: "biome" },
      {
        triple: `linux-${A}-musl`,
        package: `@biomejs/cli-linux-${A}-musl`,
        published: `@biomejs/cli-linux-${A}-musl`,
        file: "biome",
      },
      { triple: "win32-x64-msvc", published: "@biomejs/cli-win32-x64", file: "biome.exe" },
    ],
    main: { bin: { biome: "bin/biome" } },
    files: {
      "bin/biome": runs(`
const PLATFORMS = {
  linux: { ${A}: "@biomejs/cli-linux-${A}/biome" },
  "linux-musl": { ${A}: "@biomejs/cli-linux-${A}-musl/biome" },
  win32: { x64: "@biomejs/cli-win32-x64/biome.exe" },
};
const program = require.resolve(PLATFORMS[process.platform][process.arch]);`),
    },
    command: "biome",
  },
  {
    layout: "sharp",
    name: "sharp",
    build: "napi",
    template: "@img/sharp-{platform}-{arch}",
    targets: [
      [HOST, `linux-${A}`],
      [`linux-${A}-musl`, `linuxmusl-${A}`],
      ["darwin-arm64", "darwin-arm64"],
    ].map(([triple = "", platform = ""]) => ({
      triple,
      ...(platform.startsWith("linuxmusl") ? { package: `@img/sharp-${platform}` } : {}),
      published: `@img/sharp-${platform}`,
      file: `lib/sharp-${platform}.node`,
      // A folder that is ready: its `exports` are what the loader asks for.
      beside: {
        "package.json": JSON.stringify({
          name: `@img/sharp-${platform}`,
          exports: {
            "./sharp.node": `./lib/sharp-${platform}.node`,
            "./package": "./package.json",
          },
        }),
        "versions.json": "{}",
      },
    })),
    main: { main: "lib/sharp.js", files: ["lib"] },
    files: {
      "lib/sharp.js": `
const musl = !process.report.getReport().header.glibcVersionRuntime;
const runtimePlatform = \`\${process.platform}\${musl ? "musl" : ""}-\${process.arch}\`;
module.exports = require(\`@img/sharp-\${runtimePlatform}/sharp.node\`);
`,
    },
  },
  {
    layout: "parcel watcher",
    name: "@parcel/watcher",
    build: "napi",
    template: "{name}-{platform}-{arch}-{libc}",
    targets: [
      { triple: HOST, published: `@parcel/watcher-linux-${A}-glibc`, file: "watcher.node" },
      {
        triple: `linux-${A}-musl`,
        published: `@parcel/watcher-linux-${A}-musl`,
        file: "watcher.node",
      },
      { triple: "darwin-arm64", published: "@parcel/watcher-darwin-arm64", file: "watcher.node" },
    ],
    main: { main: "index.js" },
    files: {
      "index.js": `
let name = \`@parcel/watcher-\${process.platform}-\${process.arch}\`;
if (process.platform === "linux") {
  name += process.report.getReport().header.glibcVersionRuntime ? "-glibc" : "-musl";
}
module.exports = require(name);
`,
    },
  },
  {
    layout: "swc",
    name: "@swc/core",
    build: "napi",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `@swc/core-${triple}`,
      file: napiFile("swc"),
    }),
    main: { main: "index.js" },
    files: { "index.js": napiLoader("swc", "@swc/core") },
  },
  {
    layout: "lightningcss",
    name: "lightningcss",
    build: "napi",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `lightningcss-${triple}`,
      file: napiFile("lightningcss"),
    }),
    main: { main: "node/index.js", files: ["node"] },
    files: {
      "node/index.js": `
let parts = [process.platform, process.arch];
if (process.platform === "linux") {
  parts.push(process.report.getReport().header.glibcVersionRuntime ? "gnu" : "musl");
}
module.exports = require(\`lightningcss-\${parts.join("-")}\`);
`,
    },
  },
  {
    layout: "lightningcss-cli",
    name: "lightningcss-cli",
    build: "bundled-cli",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `lightningcss-cli-${triple}`,
      file: () => "lightningcss",
    }),
    main: { bin: { lightningcss: "lightningcss" } },
    files: {
      "lightningcss": runs(`
let parts = [process.platform, process.arch];
if (process.platform === "linux") {
  parts.push(process.report.getReport().header.glibcVersionRuntime ? "gnu" : "musl");
}
const program = require.resolve(\`lightningcss-cli-\${parts.join("-")}/lightningcss\`);`),
    },
    command: "lightningcss",
  },
  {
    layout: "tailwind oxide",
    name: "@tailwindcss/oxide",
    build: "napi",
    targets: [
      ...targets([...LINUXES, "darwin-arm64"], {
        published: (triple) => `@tailwindcss/oxide-${triple}`,
        file: napiFile("tailwindcss-oxide"),
      }),
      {
        triple: "wasm32-wasi",
        published: "@tailwindcss/oxide-wasm32-wasi",
        file: "tailwindcss-oxide.wasm32-wasi.wasm",
      },
    ],
    main: { main: "index.js", napi: { packageName: "@tailwindcss/oxide" } },
    files: {
      "index.js": `${napiLoader("tailwindcss-oxide", "@tailwindcss/oxide")}
if (process.env.NAPI_RS_FORCE_WASI) module.exports = require("@tailwindcss/oxide-wasm32-wasi");
`,
    },
  },
  {
    layout: "napi-rs",
    name: "@napi-rs/package-template",
    build: "napi",
    targets: targets([...LINUXES, "darwin-arm64"], {
      published: (triple) => `@napi-rs/package-template-${triple}`,
      file: napiFile("package-template"),
    }),
    main: { main: "index.js" },
    files: { "index.js": napiLoader("package-template", "@napi-rs/package-template") },
  },
  {
    layout: "turbo",
    name: "turbo",
    build: "bundled-cli",
    targets: [
      { triple: HOST, package: "turbo-linux-64", published: "turbo-linux-64", file: "bin/turbo" },
      {
        triple: "win32-x64",
        package: "turbo-windows-64",
        published: "turbo-windows-64",
        file: "bin/turbo.exe",
      },
    ],
    main: { bin: { turbo: "bin/turbo" } },
    files: {
      "bin/turbo": runs(`
const names = { linux: "turbo-linux-64", win32: "turbo-windows-64" };
const program = require.resolve(names[process.platform] + "/bin/turbo");`),
    },
    command: "turbo",
  },
];
