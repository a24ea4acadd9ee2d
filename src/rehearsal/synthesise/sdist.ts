/**
 * Makes source distributions: real ones, which pip builds and PyPI takes.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { fileNamePart } from "../../core/pypi/name.ts";
import { sdistName } from "../../core/pypi/sdist_name.ts";
import {
  type BuiltArtifact,
  coreMetadata,
  type Members,
  toBytes,
  type WheelInput,
} from "./wheel.ts";

/** What an sdist is to be. */
export type SdistInput = Omit<WheelInput, "tag" | "build">;

/** Makes an sdist. */
export async function makeSdist(input: SdistInput): Promise<BuiltArtifact> {
  const fileName = sdistName(input.name, input.version);
  return { fileName, bytes: await tarGzMembers(sdistMembers(input)) };
}

/** What an sdist holds. */
export function sdistMembers(input: SdistInput): Members {
  const stem = fileNamePart(input.name);
  const folder = `${stem}-${input.version}`;
  const module = `"""${input.name}"""\n\n__version__ = "${input.version}"\n`;
  const files = input.files ?? { [`src/${stem}/__init__.py`]: module };
  return new Map([
    [`${folder}/PKG-INFO`, toBytes(coreMetadata(input))],
    [`${folder}/pyproject.toml`, toBytes(pyproject(input))],
    ...Object.entries(files).map(([path, content]) =>
      [`${folder}/${path}`, toBytes(content)] as const
    ),
  ]);
}

function pyproject({ name, version }: SdistInput): string {
  return [
    "[build-system]",
    'requires = ["setuptools>=69.3"]',
    'build-backend = "setuptools.build_meta"',
    "",
    "[project]",
    `name = "${name}"`,
    `version = "${version}"`,
    "",
  ].join("\n");
}

const DATE = new Date("2020-01-01T00:00:00Z");

/** A gzipped tar; the same members make the same bytes on one runtime. */
export async function tarGzMembers(members: Members): Promise<Uint8Array<ArrayBuffer>> {
  const entries: TarEntry[] = [...members].map(([name, body]) => ({
    header: { name, size: body.length, mode: 0o644, mtime: DATE, uid: 0, gid: 0 },
    body,
  }));
  return gzipSync(await packTar(entries), { level: 6 }) as Uint8Array<ArrayBuffer>;
}
