/**
 * Cargo.lock: the versions of a workspace's own crates, changed as text. No registry index is needed for it, which
 * `cargo update --offline` would.
 *
 * @module
 */

/** One own crate whose version changes. */
export interface LockChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** A crate without a source is one of the workspace. */
  readonly isOwn: boolean;
}

/** Changes the entries of own crates, and the places that name them with their version. Every other byte is kept. */
export function writeLockVersions(text: string, changes: readonly LockChange[]): string {
  const lines = text.split(/(?<=\n)/);
  const blocks = blocksOf(lines);
  const applying = changes.filter(({ name, from, to }) =>
    from !== to &&
    blocks.some((block) => block.isOwn && block.name === name && block.version === from)
  );
  for (const { name, from, to } of applying) {
    for (const { start, end, ...block } of blocks) {
      if (!block.isOwn || block.name !== name || block.version !== from) continue;
      replaceIn(lines, { start, end, from: `version = "${from}"`, to: `version = "${to}"` });
    }
    // cargo adds the version where two crates of one name are locked, and the source where it still is ambiguous.
    const everywhere = { start: 0, end: lines.length };
    replaceIn(lines, { ...everywhere, from: `"${name} ${from}",`, to: `"${name} ${to}",` });
  }
  return lines.join("");
}

/**
 * A lock with the versions of own crates blanked. Two locks with the same blank differ at most by what a release writes, as
 * {@link writeLockVersions} and cargo itself do once the manifests have other versions.
 */
export function blankLockVersions(text: string): string {
  const lines = text.split(/(?<=\n)/);
  const own = blocksOf(lines).filter(({ isOwn }) => isOwn);
  for (const { start, end, version } of own) {
    if (version === undefined) continue;
    replaceIn(lines, { start, end, from: `version = "${version}"`, to: 'version = ""' });
  }
  for (const { name, version } of own) {
    const everywhere = { start: 0, end: lines.length };
    replaceIn(lines, { ...everywhere, from: `"${name} ${version}",`, to: `"${name}",` });
  }
  return lines.join("");
}

function blocksOf(lines: readonly string[]): Block[] {
  const starts = lines.flatMap((line, index) => /^\[/.test(line) ? [index] : []);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? lines.length;
    const body = lines.slice(start, end);
    const isPackage = body[0]!.trim() === "[[package]]";
    return {
      start,
      end,
      name: isPackage ? valueOf(body, "name") : undefined,
      version: isPackage ? valueOf(body, "version") : undefined,
      isOwn: isPackage && valueOf(body, "source") === undefined,
    };
  });
}

function valueOf(lines: readonly string[], key: string): string | undefined {
  for (const line of lines) {
    const found = /^(\w+) = "(.*)"\s*$/.exec(line);
    if (found?.[1] === key) return found[2];
  }
  return undefined;
}

function replaceIn(
  lines: string[],
  { start, end, from, to }: { start: number; end: number; from: string; to: string },
): void {
  for (let index = start; index < end; index++) {
    const line = lines[index]!;
    if (line.trim() === from) lines[index] = line.replace(from, () => to);
  }
}
