/**
 * The platform tags of wheels: which PyPI takes, and which fit a target triple.
 *
 * @module
 */

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

/** A CPU in triples (Rust's and Node's words), and how platform tags of each system spell it. */
const CPUS: Readonly<
  Record<string, { readonly linux?: string; readonly mac?: string; readonly windows?: string }>
> = {
  x86_64: { linux: "x86_64", mac: "x86_64", windows: "win_amd64" },
  x64: { linux: "x86_64", mac: "x86_64", windows: "win_amd64" },
  i686: { linux: "i686", mac: "i386", windows: "win32" },
  ia32: { linux: "i686", mac: "i386", windows: "win32" },
  aarch64: { linux: "aarch64", mac: "arm64", windows: "win_arm64" },
  arm64: { linux: "aarch64", mac: "arm64", windows: "win_arm64" },
  armv7: { linux: "armv7l" },
  arm: { linux: "armv[67]l" },
  armv6: { linux: "armv6l" },
  powerpc64: { linux: "ppc64" },
  powerpc64le: { linux: "ppc64le" },
  ppc64: { linux: "ppc64(le)?" },
  s390x: { linux: "s390x" },
  riscv64gc: { linux: "riscv64" },
  riscv64: { linux: "riscv64" },
  universal2: { mac: "universal2" },
  universal: { mac: "universal2" },
};

/** Apple's and Android's triples, whose tags share no CPU word with the rest. */
const OTHERS: readonly { readonly triple: RegExp; readonly tag: RegExp }[] = [
  { triple: /^(aarch64-apple-ios|ios-arm64)$/, tag: /^ios_\d+_\d+_arm64_iphoneos$/ },
  { triple: /^aarch64-apple-ios-sim$/, tag: /^ios_\d+_\d+_arm64_iphonesimulator$/ },
  { triple: /^x86_64-apple-ios$/, tag: /^ios_\d+_\d+_x86_64_iphonesimulator$/ },
  { triple: /^(aarch64-linux-android|android-arm64)$/, tag: /^android_\d+_arm64_v8a$/ },
  { triple: /^(armv7-linux-androideabi|android-arm(-eabi)?)$/, tag: /^android_\d+_armeabi_v7a$/ },
  { triple: /^x86_64-linux-android$/, tag: /^android_\d+_x86_64$/ },
  { triple: /^i686-linux-android$/, tag: /^android_\d+_x86$/ },
  { triple: /^wasm32-unknown-emscripten$/, tag: /^pyemscripten_\d{4}_\d+_wasm32$/ },
];

/** The platform tags of a triple, as a pattern; undefined for one that no wheel is made for. */
export function tagPattern(triple: string): RegExp | undefined {
  const other = OTHERS.find((one) => one.triple.test(triple));
  if (other !== undefined) return other.tag;
  const parts = triple.split("-");
  const cpu = parts.map((part) => CPUS[part]).find((one) => one !== undefined);
  const has = (...words: string[]): boolean => parts.some((part) => words.includes(part));
  if (has("android", "androideabi", "ios") || cpu === undefined) return undefined;
  if (has("windows", "win32")) return cpu.windows === undefined ? undefined : exactly(cpu.windows);
  if (has("darwin")) {
    return cpu.mac === undefined ? undefined : exactly(`macosx_\\d+_\\d+_${macCpus(cpu.mac)}`);
  }
  if (!has("linux") || cpu.linux === undefined) return undefined;
  // A static binary fits any Linux, so maturin gives musl builds of programs a manylinux tag as well.
  const libc = parts.some((part) => part.startsWith("musl")) ? "(many|musl)linux" : "manylinux";
  return exactly(`(${libc}(1|2010|2014|_\\d+_\\d+)|linux(?=_armv))_${cpu.linux}`);
}

/** A universal wheel fits each CPU that it holds. */
function macCpus(cpu: string): string {
  return cpu === "universal2"
    ? cpu
    : `(${cpu}|universal2${cpu === "arm64" ? "" : "|intel|fat|fat3|fat64|universal"})`;
}

function exactly(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** Whether a wheel with these platform tags belongs to a triple's row; several tags are one wheel for several systems. */
export function fitsTriple(platforms: readonly string[], triple: string): boolean {
  const pattern = tagPattern(triple);
  return pattern !== undefined && platforms.some((platform) => pattern.test(platform));
}
