/**
 * The places where a request of a rehearsal can be broken: each is one kind of request, and has the name that `--fault`
 * takes.
 *
 * @module
 */

/** The name of a service in a report. `Actions` is the identity provider of GitHub Actions. */
export type ServiceName = "crates.io" | "PyPI" | "npm" | "GitHub" | "Actions" | "Sigstore";

/** A place. */
export interface Place {
  /** The service that gets the request. */
  readonly service: ServiceName;
  /** The request, in words. */
  readonly request: string;
}

/** The name of a place. */
export type PlaceName =
  | "crates-upload"
  | "crates-index"
  | "crates-config"
  | "crates-read"
  | "crates-yank"
  | "crates-download"
  | "crates-exchange"
  | "crates-revoke"
  | "crates-people"
  | "pypi-upload"
  | "pypi-read"
  | "pypi-download"
  | "pypi-audience"
  | "pypi-mint"
  | "npm-upload"
  | "npm-read"
  | "npm-download"
  | "npm-whoami"
  | "npm-visibility"
  | "npm-exchange"
  | "npm-stage"
  | "npm-waiting"
  | "npm-approval"
  | "npm-attestations"
  | "npm-dist-tag"
  | "npm-people"
  | "npm-upkeep"
  | "tag-read"
  | "tag-push-start"
  | "tag-push"
  | "tag-api"
  | "release"
  | "release-read"
  | "github-read"
  | "identity-token"
  | "identity-keys"
  | "fulcio-certificate"
  | "rekor-entry"
  | "rekor-read";

/** Every place, by its name. */
export const PLACES: Readonly<Record<PlaceName, Place>> = {
  "crates-upload": { service: "crates.io", request: "the upload of a crate" },
  "crates-index": { service: "crates.io", request: "the index entry of a crate" },
  "crates-config": { service: "crates.io", request: "the index's config.json" },
  "crates-read": { service: "crates.io", request: "a question to the API" },
  "crates-yank": { service: "crates.io", request: "a yank, or its undoing" },
  "crates-download": { service: "crates.io", request: "the download of a crate" },
  "crates-exchange": { service: "crates.io", request: "the exchange of an identity token" },
  "crates-revoke": { service: "crates.io", request: "the revocation of a token" },
  "crates-people": { service: "crates.io", request: "a search, or a question or change of owners" },
  "pypi-upload": { service: "PyPI", request: "the upload of a file" },
  "pypi-read": { service: "PyPI", request: "a question what the index holds" },
  "pypi-download": { service: "PyPI", request: "the download of a file" },
  "pypi-audience": { service: "PyPI", request: "the question what identity tokens are for" },
  "pypi-mint": { service: "PyPI", request: "the exchange of an identity token" },
  "npm-upload": { service: "npm", request: "the upload of a version" },
  "npm-read": { service: "npm", request: "a question what the registry holds" },
  "npm-download": { service: "npm", request: "the download of a tarball" },
  "npm-whoami": { service: "npm", request: "the question whose token it is" },
  "npm-visibility": { service: "npm", request: "the question whether a package is public" },
  "npm-exchange": { service: "npm", request: "the exchange of an identity token" },
  "npm-stage": { service: "npm", request: "the staging of a version" },
  "npm-waiting": { service: "npm", request: "the question what waits for approval" },
  "npm-approval": { service: "npm", request: "an approval, or a rejection" },
  "npm-attestations": { service: "npm", request: "the question what was signed about a version" },
  "npm-dist-tag": { service: "npm", request: "the reading or moving of a dist-tag" },
  "npm-people": {
    service: "npm",
    request: "a search, or a question about users, access or tokens",
  },
  "npm-upkeep": { service: "npm", request: "the removal of a version, or a change of owners" },
  "tag-read": { service: "GitHub", request: "git's question which tags there are" },
  "tag-push-start": { service: "GitHub", request: "git's question before it pushes" },
  "tag-push": { service: "GitHub", request: "the push of a tag" },
  "tag-api": { service: "GitHub", request: "the making of a tag through the API" },
  "release": { service: "GitHub", request: "the creation of a GitHub Release" },
  "release-read": { service: "GitHub", request: "the question for a GitHub Release" },
  "github-read": { service: "GitHub", request: "any other question to GitHub's API" },
  "identity-token": { service: "Actions", request: "the request for an identity token" },
  "identity-keys": { service: "Actions", request: "the keys of the identity provider" },
  "fulcio-certificate": { service: "Sigstore", request: "the request for a certificate" },
  "rekor-entry": { service: "Sigstore", request: "the entry into the transparency log" },
  "rekor-read": { service: "Sigstore", request: "the reading of an entry that is there already" },
};
