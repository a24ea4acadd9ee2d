import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  Binary,
  ElfBinary,
  MachBinary,
  OtherFile,
  PlainBinary,
} from "../../../src/core/target/binary.ts";
import { type BinaryUse, fitsTriple } from "../../../src/core/target/fits_triple.ts";

function elf(changes: Partial<ElfBinary> = {}): ElfBinary {
  return {
    format: "elf",
    cpu: "x64",
    order: "little",
    system: "linux",
    libc: "glibc",
    isStatic: false,
    loader: "/lib64/ld-linux-x86-64.so.2",
    glibcFloor: "2.17",
    float: undefined,
    armVersion: undefined,
    runnable: true,
    loadable: false,
    ...changes,
  };
}

const addon = (changes: Partial<ElfBinary> = {}): ElfBinary =>
  elf({ loader: undefined, runnable: false, loadable: true, ...changes });

const STATIC: Partial<ElfBinary> = {
  system: undefined,
  libc: undefined,
  loader: undefined,
  glibcFloor: undefined,
  isStatic: true,
};

function mach(...cpus: readonly string[]): MachBinary {
  const sort = { runnable: true, loadable: false };
  const slices = cpus.map((cpu) => ({ cpu, system: "darwin", signed: true, ...sort }));
  return { format: "mach-o", slices, ...sort };
}

const pe = (cpu: string, runnable = true): PlainBinary => ({
  format: "pe",
  cpu,
  runnable,
  loadable: !runnable,
});

interface Case {
  readonly name: string;
  readonly binary: Binary | OtherFile;
  readonly triple: string;
  readonly use?: BinaryUse;
}

const FITTING: readonly Case[] = [
  { name: "a glibc program", binary: elf(), triple: "x86_64-unknown-linux-gnu" },
  { name: "a program for the Node-style name", binary: elf(), triple: "linux-x64-gnu" },
  { name: "a static program for musl", binary: elf(STATIC), triple: "linux-x64-musl" },
  { name: "a static program for glibc", binary: elf(STATIC), triple: "linux-x64-gnu" },
  { name: "a static program for any libc", binary: elf(STATIC), triple: "linux-x64" },
  { name: "a musl addon", binary: addon({ libc: "musl" }), triple: "linux-x64-musl", use: "addon" },
  {
    name: "an addon that needs no libc where none is asked for",
    binary: addon({ libc: undefined, isStatic: true }),
    triple: "linux-x64",
    use: "addon",
  },
  {
    name: "an addon that needs libraries, none of them a libc",
    binary: addon({ libc: undefined }),
    triple: "linux-x64-musl",
    use: "addon",
  },
  { name: "a Mach-O program", binary: mach("arm64"), triple: "aarch64-apple-darwin" },
  { name: "a universal program on Intel", binary: mach("x64", "arm64"), triple: "darwin-x64" },
  { name: "a universal program on Apple", binary: mach("x64", "arm64"), triple: "darwin-arm64" },
  { name: "a universal program", binary: mach("x64", "arm64"), triple: "darwin-universal" },
  { name: "a PE program", binary: pe("arm64"), triple: "win32-arm64-msvc" },
  { name: "a DLL as addon", binary: pe("x64", false), triple: "win32-x64-msvc", use: "addon" },
  {
    name: "a big-endian POWER program",
    binary: elf({ cpu: "ppc64", order: "big" }),
    triple: "powerpc64-unknown-linux-gnu",
  },
  {
    name: "musl code for OpenHarmony",
    binary: addon({ libc: "musl", system: undefined, cpu: "arm64" }),
    triple: "openharmony-arm64",
    use: "addon",
  },
];

for (const { name, binary, triple, use = "program" } of FITTING) {
  test(`fitsTriple lets ${name} pass`, () => {
    assert.deepEqual(fitsTriple(binary, { triple, use }), { misfits: [], warnings: [] });
  });
}

const MISFITS: readonly (Case & { readonly sort: string; readonly message: string })[] = [
  {
    name: "a Linux program in a macOS package",
    binary: elf(),
    triple: "darwin-arm64",
    sort: "platform",
    message:
      "is an ELF program for linux x64 (glibc), and darwin-arm64 needs a Mach-O file for darwin arm64",
  },
  {
    name: "the other processor",
    binary: elf({ cpu: "arm64" }),
    triple: "linux-x64-gnu",
    sort: "platform",
    message:
      "is an ELF program for linux arm64 (glibc), and linux-x64-gnu needs an ELF file for linux x64 (glibc)",
  },
  {
    name: "musl where glibc is asked for",
    binary: elf({ libc: "musl" }),
    triple: "linux-x64-gnu",
    sort: "platform",
    message:
      "is an ELF program for linux x64 (musl), and linux-x64-gnu needs an ELF file for linux x64 (glibc)",
  },
  {
    name: "glibc where musl is asked for",
    binary: addon(),
    triple: "linux-x64-musl",
    use: "addon",
    sort: "platform",
    message:
      "is an ELF library for linux x64 (glibc), and linux-x64-musl needs an ELF file for linux x64 (musl)",
  },
  {
    name: "Android code on Linux",
    binary: addon({ system: "android", libc: "bionic", cpu: "arm64" }),
    triple: "linux-arm64",
    use: "addon",
    sort: "platform",
    message:
      "is an ELF library for android arm64 (bionic), and linux-arm64 needs an ELF file for linux arm64",
  },
  {
    name: "a Linux program for FreeBSD",
    binary: elf(STATIC),
    triple: "freebsd-x64",
    sort: "platform",
    message:
      "is an ELF program for x64 (static), and freebsd-x64 needs an ELF file for freebsd x64",
  },
  {
    name: "the other byte order",
    binary: elf({ cpu: "ppc64", order: "big" }),
    triple: "linux-ppc64-gnu",
    sort: "platform",
    message:
      "is an ELF program for linux ppc64 (big-endian, glibc), and linux-ppc64-gnu needs an ELF file for linux ppc64 (little-endian, glibc)",
  },
  {
    name: "soft-float code where hard-float is asked for",
    binary: elf({ cpu: "arm", float: "soft" }),
    triple: "linux-arm-gnueabihf",
    sort: "platform",
    message:
      "is an ELF program for linux arm (soft-float, glibc), and linux-arm-gnueabihf needs an ELF file for linux arm (hard-float, glibc)",
  },
  {
    name: "one processor where a universal file is asked for",
    binary: mach("arm64"),
    triple: "darwin-universal",
    sort: "platform",
    message:
      "is a Mach-O program for darwin arm64, and darwin-universal needs a Mach-O file for darwin x64 and arm64",
  },
  {
    name: "a Windows program of the other processor",
    binary: pe("x64"),
    triple: "win32-arm64-msvc",
    sort: "platform",
    message: "is a PE program for x64, and win32-arm64-msvc needs a PE file for arm64",
  },
  {
    name: "an empty file",
    binary: { format: "other", what: "empty" },
    triple: "linux-x64-gnu",
    sort: "content",
    message: "is empty, and linux-x64-gnu needs an ELF file for linux x64 (glibc)",
  },
  {
    name: "a library as program",
    binary: addon(),
    triple: "linux-x64-gnu",
    sort: "content",
    message: "is an ELF library for linux x64 (glibc), and cannot be run",
  },
  {
    name: "a program as addon",
    binary: elf(),
    triple: "linux-x64-gnu",
    use: "addon",
    sort: "library",
    message: "is an ELF program for linux x64 (glibc), and Node cannot load it as an addon",
  },
  {
    name: "a static program as addon",
    binary: elf(STATIC),
    triple: "linux-x64-musl",
    use: "addon",
    sort: "library",
    message: "is an ELF program for x64 (static), and Node cannot load it as an addon",
  },
  {
    name: "an addon with a libc of its own inside",
    binary: addon(STATIC),
    triple: "linux-x64-musl",
    use: "addon",
    sort: "linkage",
    message: "names no C library that it needs, and linux-x64-musl stands for one",
  },
];

for (const { name, binary, triple, use = "program", sort, message } of MISFITS) {
  test(`fitsTriple refuses ${name}`, () => {
    assert.deepEqual(fitsTriple(binary, { triple, use }).misfits, [{ sort, message }]);
  });
}

const WARNED: readonly (Case & { readonly warning: string })[] = [
  {
    name: "a glibc that is newer than Node's own",
    binary: elf({ glibcFloor: "2.39" }),
    triple: "linux-x64-gnu",
    warning: "needs glibc 2.39 or newer; Linux systems with an older one cannot use it",
  },
  {
    name: "a loader that is on the building machine only",
    binary: elf({ loader: "/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2" }),
    triple: "linux-x64-gnu",
    warning:
      'is started by "/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2", which other machines do not have',
  },
  {
    name: "a glibc program in a package for any libc",
    binary: elf(),
    triple: "linux-x64",
    warning: "needs glibc, and linux-x64 is installed on systems without it as well",
  },
  {
    name: "ARM code of version 7 in a package for version 6",
    binary: elf({ cpu: "arm", float: "hard", armVersion: 7 }),
    triple: "arm-unknown-linux-gnueabihf",
    warning:
      "has code for version 7 of ARM, and arm-unknown-linux-gnueabihf is installed on version 6",
  },
  {
    name: "an unsigned program for Apple silicon",
    binary: (() => {
      const { slices, ...rest } = mach("x64", "arm64");
      return { ...rest, slices: slices.map((slice) => ({ ...slice, signed: false })) };
    })(),
    triple: "darwin-universal",
    warning:
      "has no code signature for arm64, and Apple silicon kills what has none; an ad-hoc one will do",
  },
];

for (const { name, binary, triple, use = "program", warning } of WARNED) {
  test(`fitsTriple warns of ${name}`, () => {
    assert.deepEqual(fitsTriple(binary, { triple, use }), { misfits: [], warnings: [warning] });
  });
}

test("fitsTriple does not ask for an older glibc than a processor ever had", () => {
  const fit = (glibcFloor: string): readonly string[] =>
    fitsTriple(elf({ cpu: "loong64", glibcFloor }), { triple: "linux-loong64-gnu", use: "program" })
      .warnings;
  assert.deepEqual(fit("2.36"), []);
  assert.equal(fit("2.38").length, 1);
});
