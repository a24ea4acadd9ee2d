/**
 * The platform tags of wheels that PyPI takes (pypi/warehouse `forklift/legacy.py`): some by name, the rest by the system's
 * version and the processor that stand in them.
 *
 * @module
 */

const BY_NAME: ReadonlySet<string> = new Set([
  ...["any", "win32", "win_amd64", "win_arm64", "win_ia64", "linux_armv6l", "linux_armv7l"],
  ...["manylinux1_x86_64", "manylinux1_i686", "manylinux2010_x86_64", "manylinux2010_i686"],
  ...["x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x"].map((cpu) =>
    `manylinux2014_${cpu}`
  ),
]);

/** Systems whose tags carry a version. */
interface System {
  /** `macosx_11_0_arm64`: the version's numbers, then the processor. */
  readonly tag: RegExp;
  readonly processors: string;
  /** Which versions there are; any when it is left out. */
  readonly hasVersion?: (major: number, minor: number) => boolean;
}

/** Linux with either C library. */
const LINUX = "x86_64 i686 aarch64 armv7l ppc64le s390x riscv64";

const SYSTEMS: readonly System[] = [
  {
    tag: /^macosx_(\d+)_(\d+)_(\w+)$/,
    processors: "x86_64 arm64 universal2 universal intel i386 ppc ppc64 fat fat3 fat64",
    // Up to 10.15 the second number counted, from 11 on the first does. PyPI lists each year's as it comes.
    hasVersion: (major, minor) =>
      major === 10 || ([11, 12, 13, 14, 15, 26].includes(major) && minor === 0),
  },
  { tag: /^manylinux_(\d+)_(\d+)_(\w+)$/, processors: `${LINUX} ppc64` },
  { tag: /^musllinux_(\d+)_(\d+)_(\w+)$/, processors: LINUX },
  { tag: /^ios_(\d+)_(\d+)_(\w+?)_(?:iphoneos|iphonesimulator)$/, processors: "arm64 x86_64" },
  { tag: /^android_(\d+)()_(\w+)$/, processors: "arm64_v8a armeabi_v7a x86_64 x86" },
  // The version is the year of Pyodide's binary interface, and its count in that year (PEP 783).
  { tag: /^pyemscripten_(\d{4})_(\d+)_(\w+)$/, processors: "wasm32" },
];

/** Whether PyPI takes wheels with a platform tag. */
export function takesPlatform(tag: string): boolean {
  return BY_NAME.has(tag) || SYSTEMS.some((system) => {
    const [, major, minor, processor = ""] = system.tag.exec(tag) ?? [];
    return system.processors.split(" ").includes(processor) &&
      (system.hasVersion?.(Number(major), Number(minor)) ?? true);
  });
}
