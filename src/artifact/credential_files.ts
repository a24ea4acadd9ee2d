/**
 * Archives must not carry credentials along: which members look like some, and the failure that names them.
 *
 * @module
 */

import {
  type CredentialFile,
  isLookedInto,
  isNamed,
  judgeFile,
} from "../core/release/credential_file.ts";
import { someOf } from "../core/words/phrases.ts";
import { Failure } from "../error.ts";

/** A member of an archive, or of a folder that becomes one. */
export interface Member {
  /** Its path, as whoever unpacks the archive sees it. */
  readonly path: string;
  /** Bytes of its content. */
  readonly size: number;
  /** Reads the content; only asked of what is not large. */
  readonly text: () => Promise<string>;
}

/** Judges one member; reads it only where its name does not tell. */
export async function findCredential(
  { path, size, text }: Member,
): Promise<CredentialFile | undefined> {
  return judgeFile(path, isLookedInto({ path, size }) ? await text() : undefined);
}

/** Where somebody can say that a file is meant for everybody. */
export interface NamedFiles {
  /** Paths as they are written out there. */
  readonly names: Iterable<string>;
  /** How the place is called: "`files` of package.json". */
  readonly place: string;
}

/** `PIOT_CREDENTIAL_FILE` for the members that nobody named; `subject` is what cannot be published, with its quotes. */
export function refuseCredentials(
  found: readonly CredentialFile[],
  { subject, named: { names, place } }: { readonly subject: string; readonly named: NamedFiles },
): readonly Failure[] {
  const list = [...names];
  const unnamed = found.filter(({ path }) => !isNamed(path, list));
  if (unnamed.length === 0) return [];
  const shown = someOf(unnamed.map(({ path, what }) => `"${path}" (${what})`), MOST_SHOWN);
  return [
    new Failure(
      "PIOT_CREDENTIAL_FILE",
      `Cannot publish ${subject}: it holds ${shown}, which would be everybody's`,
      {
        hint: `Keep ${
          unnamed.length === 1 ? "it" : "them"
        } out of the package; where everybody is to have such a file, write its path out in ${place}`,
      },
    ),
  ];
}

const MOST_SHOWN = 20;
