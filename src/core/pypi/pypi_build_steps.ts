/**
 * How a written workflow builds what goes to PyPI: wheels by the backend that the configuration names, and the sdist.
 *
 * @module
 */

import type { Dist, PypiPackage } from "../model/package.ts";
import { ACTIONS } from "../workflow/pinned_actions.ts";
import { rustTargetStep } from "../workflow/rust_target.ts";
import { type BuildSteps, type KindBuilds, workflowText } from "../workflow/step_text.ts";

/** Steps for all rows of projects, of which each package needs some. */
const pypiBuildSteps: BuildSteps<PypiPackage> = (packages) => {
  const maturin = packages.filter(({ build }) => build === "maturin");
  const others = packages.filter(({ build }) => build !== "maturin");
  return [
    ...maturin.length === 0 ? [] : maturinSteps(maturin),
    ...others.length === 0 ? [] : backendSteps(others),
  ].map(workflowText);
};

const MATURIN_WHEELS = "matrix.build == 'maturin' && matrix.target != 'sdist'";

function maturinSteps(packages: readonly PypiPackage[]): readonly string[] {
  const wheels = packages.some((pkg) => has(pkg, "wheel"));
  return [
    ...wheels ? maturinWheels(packages) : [],
    ...packages.some((pkg) => has(pkg, "sdist"))
      ? [`- name: Build the sdist
  if: matrix.build == 'maturin' && matrix.target == 'sdist'
  working-directory: @{{ matrix.path }}
  run: pipx run maturin sdist --out dist
`]
      : [],
  ];
}

function has({ dists }: PypiPackage, dist: Dist): boolean {
  return dists.includes(dist);
}

function maturinWheels(packages: readonly PypiPackage[]): readonly string[] {
  return [
    rustTargetStep(packages.flatMap(({ targets }) => targets), MATURIN_WHEELS),
    ...packages.some(({ bundleCli }) => bundleCli !== undefined) ? [STAGE_PROGRAM] : [],
    `- name: Build the wheel
  if: ${MATURIN_WHEELS}
  uses: ${ACTIONS.maturin}
  with:
    working-directory: @{{ matrix.path }}
    target: @{{ env.RUST_TARGET }}
    args: --release --out dist
    manylinux: @{{ contains(env.RUST_TARGET, 'musl') && 'musllinux_1_2' || 'auto' }}
`,
  ];
}

/** `bundle_cli`: the program is built for the row's platform, and put where the wheel takes it from. */
const STAGE_PROGRAM =
  `# With glibc the program would need the version of this runner, which is newer than what the wheel promises: linked with
# musl it is static, and runs on any Linux.
- name: Build the program that the wheel brings
  if: matrix.bundle_cli && matrix.target != 'sdist'
  shell: bash
  env:
    CRATE: @{{ matrix.bundle_cli.crate_path }}
    BIN: @{{ matrix.bundle_cli.bin }}
    INTO: @{{ matrix.path }}/@{{ matrix.bundle_cli.stage_to }}
  run: |
    target=$RUST_TARGET
    case "$target" in
      x86_64-*-linux-gnu | i686-*-linux-gnu | aarch64-*-linux-gnu | armv7-*-linux-gnueabihf)
        target="\${target/-linux-gnu/-linux-musl}"
        rustup target add "$target"
        sudo apt-get update && sudo apt-get install --yes musl-tools
        ;;
    esac
    cargo build --release --manifest-path "$CRATE/Cargo.toml" --bin "$BIN" \\
      --target "$target" --target-dir "$RUNNER_TEMP/target"
    mkdir -p "$INTO"
    built="$RUNNER_TEMP/target/$target/release/$BIN"
    if [ -f "$built.exe" ]; then cp "$built.exe" "$INTO"; else cp "$built" "$INTO"; fi
`;

function backendSteps(packages: readonly PypiPackage[]): readonly string[] {
  const isOthers = "matrix.kind == 'pypi' && matrix.build != 'maturin'";
  const hasTargets = packages.some(({ targets }) => targets.length > 0);
  const forAll = packages.some((pkg) => pkg.targets.length === 0 && has(pkg, "wheel"));
  return [
    ...hasTargets ? [wheelsForPlatform(isOthers)] : [],
    ...forAll
      ? [`- name: Build the wheel
  if: ${isOthers} && matrix.target == 'any'
  working-directory: @{{ matrix.path }}
  run: pipx run build --wheel --outdir dist
`]
      : [],
    ...packages.some((pkg) => has(pkg, "sdist"))
      ? [`- name: Build the sdist
  if: ${isOthers} && matrix.target == 'sdist'
  working-directory: @{{ matrix.path }}
  run: pipx run build --sdist --outdir dist
`]
      : [],
  ];
}

function wheelsForPlatform(isOthers: string): string {
  return `- name: Build wheels for the platform
  if: ${isOthers} && matrix.target != 'any' && matrix.target != 'sdist'
  shell: bash
  working-directory: @{{ matrix.path }}
  env:
    TARGET: @{{ matrix.target }}
    # What \`set-version\` has set for setuptools-scm, which would count from the last tag in there.
    CIBW_ENVIRONMENT_PASS_LINUX: SETUPTOOLS_SCM_PRETEND_VERSION
  run: |
    case "$TARGET" in
      *linux*musl*) export CIBW_BUILD='*-musllinux_*' ;;
      *linux*) export CIBW_BUILD='*-manylinux_*' ;;
    esac
    case "$TARGET" in
      universal2-* | darwin-universal) export CIBW_ARCHS=universal2 ;;
      aarch64-*windows* | win32-arm64*) export CIBW_ARCHS=ARM64 ;;
      aarch64-*darwin* | darwin-arm64) export CIBW_ARCHS=arm64 ;;
      aarch64-* | linux-arm64*) export CIBW_ARCHS=aarch64 ;;
      i?86-*windows* | win32-ia32*) export CIBW_ARCHS=x86 ;;
      i?86-* | linux-ia32*) export CIBW_ARCHS=i686 ;;
      *windows* | win32-x64*) export CIBW_ARCHS=AMD64 ;;
      x86_64-* | *-x64 | *-x64-*) export CIBW_ARCHS=x86_64 ;;
    esac
    pipx run cibuildwheel --output-dir dist
`;
}

/** Projects: maturin, cibuildwheel, or one wheel by whatever backend. */
export const PYPI_BUILDS: KindBuilds<PypiPackage> = {
  steps: pypiBuildSteps,
  tokens: ["PYPI_API_TOKEN"],
  examples: `[[package]]
name = "my-pure"
kind = "pypi"
path = "python/my-pure"
paths = ["python/my-pure/**"]
build = "hatch"

[[package]]
name = "my-ext"
kind = "pypi"
path = "python/my-ext"
paths = ["python/my-ext/**"]
targets = ["x86_64-unknown-linux-gnu"]

[[package]]
name = "my-py"
kind = "pypi"
path = "python/my-py"
paths = ["python/my-py/**"]
build = "maturin"
targets = ["x86_64-unknown-linux-gnu"]
[package.bundle_cli]
bin = "my-cli"
stage_to = "my_py/bin"
`,
};
