/**
 * How a read API of a local PyPI sees the index: caches in front of the real one make reads lag behind uploads.
 *
 * @module
 */

import { filesOf, type PypiState, type StoredFile } from "./state.ts";

/** Everything on the index up to a serial. */
export interface IndexWindow {
  readonly state: PypiState;
  /** The server's own address. */
  readonly url: string;
  /** Changes after it are not seen yet. */
  readonly serial: number;
}

/** The files of a project that are seen already. */
export function seenFiles(window: IndexWindow, project: string): readonly StoredFile[] {
  return filesOf(window.state, project).filter(({ serial }) => serial <= window.serial);
}

/** Where a file can be downloaded. */
export function addressOf({ url }: IndexWindow, { name, sha256 }: StoredFile): string {
  return `${url}/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/${name}`;
}
