/**
 * The message of a release tag. Part of the tag object, so it never changes for a release: see `tag_object.ts`.
 *
 * @module
 */

/** `Release demo 1.2.0`. Names and versions are one line each, so the message is. */
export function tagMessage(release: { readonly name: string; readonly version: string }): string {
  return `Release ${release.name} ${release.version}`;
}
