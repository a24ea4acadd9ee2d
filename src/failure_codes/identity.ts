/**
 * Codes of the identity of a job: trusted publishing, and the provenance that is signed with it.
 *
 * @module
 */

/** The codes of the identity of a job. */
export const IDENTITY_CODES = {
  PIOT_OIDC_UNAVAILABLE: {
    exit: 1,
    trips: "The job has no identity token, so that trusted publishing cannot be used.",
    mend:
      "Give the publish job `permissions: id-token: write` (on GitLab `id_tokens`), or pass a registry token.",
  },
  PIOT_OIDC_REFUSED: {
    exit: 1,
    trips: "A registry gives no credential for the job's identity token.",
    mend:
      "Compare the claims in the message with the trusted publisher that the registry has on file.",
  },
  PIOT_PROVENANCE_IDENTITY: {
    exit: 1,
    trips: "Provenance is asked for, and the job has no identity that it could be signed with.",
    mend:
      "Publish from GitHub Actions with `permissions: id-token: write`, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_REPOSITORY: {
    exit: 1,
    trips:
      "`repository` in package.json is not the repository of this run, so that npm would refuse its provenance.",
    mend: "Write this run's repository into package.json, in the same upper and lower case.",
  },
  PIOT_PROVENANCE_VISIBILITY: {
    exit: 1,
    trips: "Provenance is asked for, and the repository is not public.",
    mend: "Make the repository public, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_RUNNER: {
    exit: 1,
    trips: "Provenance is asked for, and the runner is not one of GitHub's own.",
    mend: "Publish on a GitHub-hosted runner, or remove `publishConfig.provenance`.",
  },
  PIOT_PROVENANCE_ACCESS: {
    exit: 1,
    trips: "Provenance is asked for, and the package is restricted.",
    mend: 'Set `access = "public"`, or remove `publishConfig.provenance`.',
  },
  PIOT_PROVENANCE_SIGNING: {
    exit: 1,
    trips:
      "Sigstore did not sign: its certificate authority or its log refused, or gave no answer.",
    mend:
      "Check Sigstore's status page and run again; a file whose provenance is not signed is not sent.",
  },
} as const;
