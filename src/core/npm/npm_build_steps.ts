/**
 * How a written workflow builds npm packages: alone, addons by napi-rs, and families that bring a program.
 *
 * @module
 */

import type { NpmPackage } from "../model/package.ts";
import { rustTargetStep } from "../workflow/rust_target.ts";
import {
  type BuildSteps,
  type KindBuilds,
  type PackageManager,
  workflowText,
} from "../workflow/step_text.ts";

/** Steps for all rows of npm packages, of which each package needs some. */
const npmBuildSteps: BuildSteps<NpmPackage> = (packages, setup) => {
  const families = packages.filter(({ build }) => build !== "none");
  const targets = families.flatMap((pkg) => pkg.targets);
  const has = (build: string): boolean => families.some((pkg) => pkg.build === build);
  const [program = ""] = families.filter(({ build }) => build === "bundled-cli").map(baseName);
  return [
    installStep(setup.packageManager, { hasPrograms: has("bundled-cli") }),
    ...families.length === 0 ? [] : [
      rustTargetStep(targets, "matrix.kind == 'npm' && matrix.build && matrix.target != 'main'"),
    ],
    ...has("napi") ? [ADDON, LOADER] : [],
    ...has("bundled-cli") ? [programStep(program)] : [],
    PACK,
  ].map(workflowText);
};

/** Installs what the lock file says, and nothing newer. */
const INSTALLS: Readonly<Record<PackageManager["name"], string>> = {
  npm: "npm ci",
  pnpm: "corepack enable && pnpm install --frozen-lockfile",
  yarn: "corepack enable && yarn install --immutable",
  bun: "npx --yes bun install --frozen-lockfile",
};

function installStep(
  { name, isLocked }: PackageManager,
  { hasPrograms }: { readonly hasPrograms: boolean },
): string {
  const rows = hasPrograms
    ? "matrix.kind == 'npm' && (matrix.build != 'bundled-cli' || matrix.target == 'main')"
    : "matrix.kind == 'npm'";
  const install = isLocked ? INSTALLS[name] : "npm install";
  const about = isLocked
    ? ""
    : "      # Commit a lock file, and use \`npm ci\`: each build then installs the same.\n";
  return `- name: Install and build
  if: ${rows}
  shell: bash
  env:
    FOLDER: @{{ matrix.path }}
  run: |
    (
      # Here is the root of the workspace, where there is one.
      [ -f package.json ] || cd "$FOLDER"
${about}      ${install}
    )
    cd "$FOLDER"
    npm run build --if-present
`;
}

const ADDON = `- name: Build the addon for the platform
  if: matrix.build == 'napi' && matrix.target != 'main'
  shell: bash
  working-directory: @{{ matrix.path }}
  env:
    TARGET: @{{ matrix.target }}
  run: |
    npx napi build --platform --release --target "$RUST_TARGET" --output-dir "build/$TARGET"
    # A platform package is the addon alone: loader and types are the main package's. WebAssembly comes with its own.
    case "$TARGET" in
      wasm*) ;;
      *) find "build/$TARGET" -type f ! -name '*.node' -delete ;;
    esac
`;

const LOADER =
  `# The addon that comes with the loader is this machine's: each platform package brings its own.
- name: Write the loader and its types
  if: matrix.build == 'napi' && matrix.target == 'main'
  shell: bash
  working-directory: @{{ matrix.path }}
  run: |
    npx napi build --platform --release
    rm -f ./*.node
`;

/** `@acme/tool` → `tool`. */
function baseName({ registryName }: NpmPackage): string {
  return registryName.replace(/^@[^/]+\//, "");
}

function programStep(program: string): string {
  return `- name: Build the program for the platform
  if: matrix.build == 'bundled-cli' && matrix.target != 'main'
  shell: bash
  env:
    # Change this where the program that cargo builds is called otherwise.
    BIN: ${program}
    FOLDER: @{{ matrix.artifact_path }}
  run: |
    cargo build --release --bin "$BIN" --target "$RUST_TARGET" --target-dir "$RUNNER_TEMP/target"
    mkdir -p "$FOLDER"
    built="$RUNNER_TEMP/target/$RUST_TARGET/release/$BIN"
    if [ -f "$built.exe" ]; then cp "$built.exe" "$FOLDER"; else cp "$built" "$FOLDER"; fi
`;
}

/** An artifact has neither hidden files nor what \`.npmignore\` keeps out, so the list is made here, by npm itself. */
const PACK = `# What npm would publish, and nothing else of the folder.
- name: Pack
  if: matrix.kind == 'npm' && (matrix.target == 'noarch' || matrix.target == 'main')
  shell: bash
  working-directory: @{{ matrix.path }}
  run: |
    mkdir -p "$RUNNER_TEMP/packed"
    npm pack --pack-destination "$RUNNER_TEMP/packed"
    tar -xzf "$RUNNER_TEMP"/packed/*.tgz -C "$RUNNER_TEMP/packed"
    echo "ARTIFACT=$RUNNER_TEMP/packed/package" >> "$GITHUB_ENV"
`;

/** npm packages: alone, or families. */
export const NPM_BUILDS: KindBuilds<NpmPackage> = {
  steps: npmBuildSteps,
  tokens: ["NODE_AUTH_TOKEN"],
  examples: `[[package]]
name = "my-js"
kind = "npm"
path = "packages/my-js"
paths = ["packages/my-js/**"]

[[package]]
name = "@me/addon"
kind = "npm"
path = "packages/addon"
paths = ["packages/addon/**"]
build = "napi"
targets = ["linux-x64-gnu"]

[[package]]
name = "my-cli"
kind = "npm"
path = "packages/my-cli"
paths = ["packages/my-cli/**"]
build = "bundled-cli"
targets = ["linux-x64-gnu"]
`,
};
