/**
 * What a wheel's Linux tags promise of the systems that it runs on, held against what its compiled files ask for when they
 * are loaded: pip installs by the tag alone, and a file that asks for more fails when it is imported (PEP 600, PEP 656;
 * pypa/auditwheel's policies).
 *
 * @module
 */

import { someOf } from "../words/phrases.ts";
import type { WheelVerdict } from "./native_code.ts";

/** A version of a library's symbols: `GLIBC_2.34` of `libc.so.6`. */
export interface NeededVersion {
  readonly library: string;
  readonly name: string;
}

/** What an ELF file asks for when it is loaded. */
export interface ElfNeeds {
  /** File names of the libraries that it needs. */
  readonly needed: readonly string[];
  /** The name that it has as a library. */
  readonly soname: string | undefined;
  /** The oldest glibc that has every symbol version it cannot do without: `2.34`. */
  readonly glibcFloor: string | undefined;
  /** Versions of symbols that it cannot do without. */
  readonly versions: readonly NeededVersion[];
  readonly libc: "glibc" | "musl" | "bionic" | undefined;
}

/** An ELF file in a wheel. */
export interface ElfMember {
  readonly path: string;
  readonly needs: ElfNeeds;
}

/** What a tag promises. */
interface Policy {
  readonly libc: "glibc" | "musl";
  /** The minor version of the glibc 2 that every system of the tag has at least. */
  readonly glibc?: number;
  readonly cpu: string;
}

/** Names from before PEP 600. */
const OLD_POLICIES: Readonly<Record<string, number>> = { "1": 5, "2010": 12, "2014": 17 };

function policyOf(tag: string): Policy | undefined {
  const [, old, minor, cpu = ""] = /^manylinux(?:(1|2010|2014)|_2_(\d+))_([a-z].*)$/.exec(tag) ??
    [];
  if (cpu !== "") return { libc: "glibc", glibc: OLD_POLICIES[old ?? ""] ?? Number(minor), cpu };
  const [, musl] = /^musllinux_\d+_\d+_([a-z].*)$/.exec(tag) ?? [];
  return musl === undefined ? undefined : { libc: "musl", cpu: musl };
}

/**
 * The newest `GLIBCXX_3.4.N` of libstdc++ that the systems of a glibc have (auditwheel's `manylinux-policy.json`). Policies
 * that are not here are not judged by it.
 */
const LIBSTDCXX: Readonly<Record<number, number>> = {
  5: 8,
  12: 13,
  17: 19,
  24: 22,
  28: 24,
  31: 28,
};

/** Libraries that every system of a policy has (the same, `lib_whitelist`), the loader, and Python's own. */
const SYSTEM_LIBRARIES: Readonly<Record<Policy["libc"], RegExp>> = {
  glibc: new RegExp(
    "^(lib(atomic|gcc_s|anl|nsl|util|SM|ICE|X11|Xext|Xrender|GL|z|expat|mvec|rt|dl|pthread|resolv|c|m|stdc\\+\\+)" +
      "\\.so\\.\\d+|lib(gobject|gthread|glib)-2\\.0\\.so\\.0|ld-linux.*|ld64\\.so.*|libpython.*)$",
  ),
  musl: /^(libc\.so|libc\.musl-.*|ld-musl-.*|libz\.so\.1|libpython.*)$/,
};

/** Holds ELF files of a wheel against its platform tags. `files` are the base names of everything in it. */
export function policyVerdict(
  platforms: readonly string[],
  members: readonly ElfMember[],
  files: ReadonlySet<string>,
): WheelVerdict {
  const policies = platforms.flatMap((tag) => {
    const policy = policyOf(tag);
    return policy === undefined ? [] : [{ tag, policy }];
  });
  return {
    misfits: policies.flatMap(({ tag, policy }) => tooMuch(tag, policy, members)),
    warnings: policies.length === 0 ? [] : lacking(policies[0]!, members, files),
  };
}

function tooMuch(
  tag: string,
  policy: Policy,
  members: readonly ElfMember[],
): WheelVerdict["misfits"] {
  const found = members.flatMap(({ path, needs }) => {
    const asked = excess(policy, needs);
    return asked === undefined ? [] : [`"${path}" needs ${asked}`];
  });
  if (found.length === 0) return [];
  const promised = policy.libc === "musl"
    ? "systems with musl"
    : `systems with glibc 2.${policy.glibc}${stdcxxWords(policy)}`;
  return [{
    clause: `${someOf(found, 3)}, and ${tag} promises to run on ${promised}`,
    hint: policy.libc === "musl"
      ? "Build it in an image of musllinux, or let `auditwheel repair` name the wheel"
      : "Build it in an image of that policy (quay.io/pypa/manylinux…, `maturin build --zig`), or let " +
        "`auditwheel repair` name the wheel",
  }];
}

function stdcxxWords({ glibc = 0 }: Policy): string {
  const most = LIBSTDCXX[glibc];
  return most === undefined ? "" : ` and GLIBCXX_3.4.${most}`;
}

/** What a file asks for beyond a policy, as a phrase. */
function excess({ libc, glibc = 0, cpu }: Policy, needs: ElfNeeds): string | undefined {
  if (needs.libc !== undefined && needs.libc !== libc) return needs.libc;
  if (libc === "musl") return undefined;
  const floor = Number(needs.glibcFloor?.split(".")[1] ?? 0);
  // CentOS 7 has one symbol of glibc 2.18 on this processor, and auditwheel counts it in.
  const most = cpu === "aarch64" && glibc === 17 ? 18 : glibc;
  if (floor > most) return `glibc 2.${floor}`;
  const newest = newestStdcxx(needs);
  const known = LIBSTDCXX[glibc];
  return known !== undefined && newest > known ? `GLIBCXX_3.4.${newest} of libstdc++` : undefined;
}

/** A libstdc++ that the wheel brings has another name (auditwheel adds a hash), or is none of the system's. */
function newestStdcxx({ versions }: ElfNeeds): number {
  const minors = versions.filter(({ library }) => library === "libstdc++.so.6")
    .map(({ name }) => Number(/^GLIBCXX_3\.4\.(\d+)$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...minors);
}

/** Libraries that are neither in the wheel nor on every system. */
function lacking(
  { tag, policy }: { readonly tag: string; readonly policy: Policy },
  members: readonly ElfMember[],
  files: ReadonlySet<string>,
): readonly string[] {
  const brought = new Set([...files, ...members.map(({ needs }) => needs.soname)]);
  const lacks = new Map<string, string>();
  for (const { path, needs } of members) {
    for (const library of needs.needed) {
      if (!brought.has(library) && !SYSTEM_LIBRARIES[policy.libc].test(library)) {
        lacks.set(library, path);
      }
    }
  }
  if (lacks.size === 0) return [];
  const each = [...lacks].map(([library, path]) => `${library} ("${path}")`);
  return [
    `needs ${someOf(each, 3)}: it brings none, and systems of ${tag} need not have it`,
  ];
}
