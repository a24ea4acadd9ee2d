/**
 * The step that gets Rust for a row's platform: rows carry the target as the configuration spells it, and rustc knows
 * triples alone.
 *
 * @module
 */

import type { Target } from "../model/package.ts";
import { TARGET_ROWS } from "../target/target_rows.ts";
import { indent, workflowText } from "./step_text.ts";

/** Whether a spelling is one of rustc's: those have their machine first. */
const RUST_STYLE =
  /^(?:x86_64|aarch64|i[56]86|universal2|arm|armv\w+|thumbv\w+|powerpc\w*|\w+)-.+-.+/;

/** The triple that rustc calls a target; the target itself where it is one, or where rustc has none. */
export function rustTriple(triple: string): string {
  const spelling = triple.toLowerCase();
  const row = TARGET_ROWS.find(({ spellings }) => spellings.includes(spelling));
  const [first] = row?.spellings ?? [];
  if (row === undefined || first === undefined) return triple;
  if (first !== spelling && isRust(spelling)) return spelling;
  if (isRust(first)) return first;
  // `linux-x64` runs with either libc, which a static program alone does.
  const still = TARGET_ROWS.find(({ os, cpu, libc }) =>
    os === row.os && cpu === row.cpu && libc === "musl"
  );
  return still?.spellings[0] ?? triple;
}

function isRust(spelling: string): boolean {
  return RUST_STYLE.test(spelling) && !/^(?:darwin|win32|linux|android|freebsd)-/.test(spelling);
}

/** A universal file is made of two. */
const ADD_TARGET = `case "$target" in
  universal2-*) rustup target add x86_64-apple-darwin aarch64-apple-darwin ;;
  *) rustup target add "$target" ;;
esac
`;

/** The step: it leaves the triple in `RUST_TARGET`. `condition` tells which rows it is for. */
export function rustTargetStep(targets: readonly Target[], condition: string): string {
  const others = [...new Set(targets.map(({ triple }) => triple))]
    .filter((triple) => rustTriple(triple) !== triple)
    .map((triple) => `  ${triple}) target=${rustTriple(triple)} ;;\n`);
  const naming = others.length === 0
    ? "target=$TARGET\n"
    : `case "$TARGET" in\n${others.join("")}  *) target=$TARGET ;;\nesac\n`;
  return workflowText(`- name: Get Rust for the platform
  if: ${condition}
  shell: bash
  env:
    TARGET: @{{ matrix.target }}
  run: |
${indent(naming, 4)}${indent(ADD_TARGET, 4)}    case "$target" in
      *-linux-musl) sudo apt-get update && sudo apt-get install --yes musl-tools ;;
    esac
    echo "RUST_TARGET=$target" >> "$GITHUB_ENV"
`);
}
