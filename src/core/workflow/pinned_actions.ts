/**
 * The actions that a written workflow uses, each at one commit: a tag can be moved, and whoever moves it then runs beside
 * the credentials of everybody who trusts it. Each commit is the one that Dependabot's and Renovate's pull requests name
 * for the version behind it.
 *
 * @module
 */

/** `owner/name@commit # version`, by what they are for. */
export const ACTIONS = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  upload: "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
  download: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  maturin: "PyO3/maturin-action@86b9d133d34bc1b40018696f782949dac11bd380 # v1.49.4",
} as const;

/** This program's own action at a version: its commit is not known to the source that becomes it. */
export function ownAction(version: string): string {
  return `putitoutthere/putitoutthere@v${version}`;
}
