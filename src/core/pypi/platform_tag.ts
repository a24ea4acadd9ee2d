/**
 * The platform tags of wheels: which PyPI takes, which fit a target triple, and which one a made-up wheel can have.
 *
 * @module
 */

import { canonicalTriple, platformOf } from "../target/target.ts";

/** What PyPI does with a platform tag. */
export type TagVerdict = "taken" | "refused" | "unsure";

/** pypi/warehouse `forklift/legacy.py`: the names it lists, and the patterns it matches. */
const TAKEN: readonly RegExp[] = [
  /^any$/,
  /^win(32|_amd64|_arm64|_ia64)$/,
  /^manylinux(1|2010)_(x86_64|i686)$/,
  /^manylinux2014_(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x)$/,
  /^manylinux_\d+_\d+_(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x|riscv64)$/,
  /^musllinux_\d+_\d+_(x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64)$/,
  /^linux_armv[67]l$/,
  /^macosx_(10_\d+|(11|12|13|14|15|26)_0)_(x86_64|arm64|universal2|intel|fat|fat3|fat64|universal|i386|ppc|ppc64)$/,
  /^ios_\d+_\d+_(arm64|x86_64)_(iphoneos|iphonesimulator)$/,
  /^android_\d+_(armeabi_v7a|arm64_v8a|x86|x86_64)$/,
  /^pyemscripten_\d{4}_\d+_wasm32$/,
];

/** macOS majors are a list in PyPI's code that grows each year; a new one may be in it by now. */
const NEW_MACOS = /^macosx_(2[7-9]|[3-9]\d)_0_(x86_64|arm64|universal2)$/;

/** Whether PyPI takes a wheel with this platform tag. */
export function judgePlatformTag(tag: string): TagVerdict {
  if (TAKEN.some((pattern) => pattern.test(tag))) return "taken";
  return NEW_MACOS.test(tag) ? "unsure" : "refused";
}

/** What to do about a refused tag. */
export function platformTagHint(tag: string): string {
  if (tag.startsWith("linux_")) {
    return "Build against a manylinux or musllinux policy: auditwheel repair, cibuildwheel, or maturin --compatibility pypi";
  }
  if (tag.startsWith("macosx_")) {
    return "Set MACOSX_DEPLOYMENT_TARGET to a release with minor 0, such as 11.0";
  }
  return "Leave this platform out of targets: PyPI takes no wheels for it";
}

/** Node's name of a CPU, and how the platform tags of each system spell it, as a pattern. */
interface CpuWords {
  readonly linux?: string;
  readonly mac?: string;
  readonly windows?: string;
  readonly android?: string;
}

/** A universal wheel fits each CPU that it holds; `intel` and the `fat` kinds are of before 2020. */
const CPUS: Readonly<Record<string, CpuWords>> = {
  x64: {
    linux: "x86_64",
    mac: "(x86_64|universal2|intel|fat3|fat64|universal)",
    windows: "win_amd64",
    android: "x86_64",
  },
  ia32: {
    linux: "i686",
    mac: "(i386|intel|fat|fat3|universal)",
    windows: "win32",
    android: "x86",
  },
  arm64: {
    linux: "aarch64",
    mac: "(arm64|universal2)",
    windows: "win_arm64",
    android: "arm64_v8a",
  },
  arm: { linux: "armv[67]l", android: "armeabi_v7a" },
  ppc64: { linux: "ppc64(le)?" },
  s390x: { linux: "s390x" },
  riscv64: { linux: "riscv64" },
};

/** Rust triples that say more of the CPU than Node does. */
const FINER: readonly { readonly triple: RegExp; readonly linux: string }[] = [
  { triple: /^(armv7|thumbv7)/, linux: "armv7l" },
  { triple: /^arm(v5te|v6)?-/, linux: "armv6l" },
  { triple: /^powerpc64le-/, linux: "ppc64le" },
  { triple: /^powerpc64-/, linux: "ppc64" },
];

/** The platform tags that wheels of a triple have; undefined for a triple that PyPI takes no wheels for. */
export function tagPattern(triple: string): RegExp | undefined {
  const canonical = canonicalTriple(triple);
  const { os, cpu, libc } = platformOf(triple);
  const words = CPUS[cpu ?? ""] ?? {};
  if (canonical === "wasm32-unknown-emscripten") return /^pyemscripten_\d{4}_\d+_wasm32$/;
  switch (os) {
    case "win32":
      return whole(words.windows);
    case "darwin":
      return cpu === undefined
        ? whole("macosx_\\d+_\\d+_universal2")
        : whole(words.mac, "macosx_\\d+_\\d+_");
    case "ios":
      return iosPattern(canonical);
    case "android":
      return whole(words.android, "android_\\d+_");
    case "linux": {
      const finer = FINER.find((cpu) => cpu.triple.test(canonical))?.linux;
      // A static binary fits any Linux, so maturin gives musl builds of programs a manylinux tag.
      const policy = libc === "glibc" ? "manylinux" : "(many|musl)linux";
      return whole(finer ?? words.linux, `(${policy}(1|2010|2014|_\\d+_\\d+)|linux(?=_armv))_`);
    }
    default:
      return undefined;
  }
}

function iosPattern(canonical: string): RegExp {
  const cpu = canonical.startsWith("x86_64") ? "x86_64" : "arm64";
  const isDevice = canonical === "aarch64-apple-ios";
  return whole(`ios_\\d+_\\d+_${cpu}_iphone${isDevice ? "os" : "simulator"}`)!;
}

function whole(pattern: string | undefined, before = ""): RegExp | undefined {
  return pattern === undefined ? undefined : new RegExp(`^${before}(${pattern})$`);
}

/** Whether a wheel with these platform tags belongs to a triple's row; several tags are one wheel for several systems. */
export function fitsTriple(platforms: readonly string[], triple: string): boolean {
  const pattern = tagPattern(triple);
  return pattern !== undefined && platforms.some((platform) => pattern.test(platform));
}

const LINUX_CPUS = [
  "x86_64",
  "i686",
  "aarch64",
  "armv7l",
  "armv6l",
  "ppc64le",
  "ppc64",
  "s390x",
  "riscv64",
];

/** Common tags; the first that fits is taken. */
const CANDIDATES: readonly string[] = [
  ...LINUX_CPUS.flatMap((cpu) => [`manylinux_2_28_${cpu}`, `musllinux_1_2_${cpu}`, `linux_${cpu}`]),
  ...["arm64", "x86_64", "universal2"].map((cpu) => `macosx_11_0_${cpu}`),
  ...["win_amd64", "win32", "win_arm64"],
  ...["arm64_v8a", "armeabi_v7a", "x86_64", "x86"].map((cpu) => `android_24_${cpu}`),
  ...["arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator"].map((cpu) =>
    `ios_13_0_${cpu}`
  ),
  "pyemscripten_2025_0_wasm32",
];

/** A tag that fits the triple and that PyPI takes; undefined when PyPI takes no wheels for it. */
export function sampleTag(triple: string): string | undefined {
  return CANDIDATES.find((tag) => fitsTriple([tag], triple) && judgePlatformTag(tag) === "taken");
}
