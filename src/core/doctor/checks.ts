/**
 * Every check, in the order in which `docs/doctor.md` has them.
 *
 * @module
 */

import type { Check } from "./check.ts";
import * as checkout from "./checks/checkout.ts";
import * as concurrency from "./checks/concurrency.ts";
import * as conditions from "./checks/conditions.ts";
import { CREDENTIAL } from "./checks/credential.ts";
import * as deliveries from "./checks/deliveries.ts";
import * as downloads from "./checks/downloads.ts";
import { ENVIRONMENT } from "./checks/environment.ts";
import * as manifests from "./checks/manifests.ts";
import * as matrix from "./checks/matrix.ts";
import { ENVIRONMENT_RULES, NAMES_TAKEN } from "./checks/online.ts";
import * as permissions from "./checks/permissions.ts";
import * as pins from "./checks/pins.ts";
import { PUBLISH_JOB, PUBLISH_REACHABLE } from "./checks/publish_job.ts";
import { CONFIGURATION, WORKFLOW_READABLE } from "./checks/readable.ts";
import * as runners from "./checks/runners.ts";
import * as surroundings from "./checks/surroundings.ts";
import * as tokens from "./checks/tokens.ts";
import * as triggers from "./checks/triggers.ts";
import * as uploads from "./checks/uploads.ts";
import { VERSIONS_SET } from "./checks/versions_set.ts";

/** All of them. */
export const CHECKS: readonly Check[] = [
  CONFIGURATION,
  manifests.PUBLISHABLE,
  manifests.VERSIONS_WRITABLE,
  manifests.REPOSITORY,
  manifests.LICENSE,
  manifests.BUILD_FITS,
  WORKFLOW_READABLE,
  PUBLISH_JOB,
  PUBLISH_REACHABLE,
  permissions.ID_TOKEN,
  permissions.CONTENTS_WRITE,
  ENVIRONMENT,
  CREDENTIAL,
  runners.TOP_LEVEL,
  runners.HOSTED_RUNNER,
  tokens.TOKEN_NAMES,
  tokens.TOKEN_IS_SECRET,
  tokens.SECRETS_HANDED_ON,
  permissions.PERMISSIONS_KNOWN,
  conditions.NEEDS_EXIST,
  conditions.SKIPPED_BUILD,
  conditions.FAILED_BUILD,
  conditions.FAILURE_IS_RED,
  triggers.DISPATCH,
  triggers.TAG_TRIGGER,
  concurrency.NOT_CANCELLED,
  concurrency.NOT_DROPPED,
  concurrency.ONE_AT_A_TIME,
  runners.NO_MATRIX,
  surroundings.ONE_PUBLISHER,
  surroundings.NO_NPM_UPGRADE,
  checkout.CHECKOUT,
  checkout.WHOLE_HISTORY,
  checkout.NO_TREELESS,
  checkout.SAME_COMMIT,
  checkout.PUSH_CREDENTIAL,
  checkout.RELEASE_TOKEN,
  matrix.PLAN_OUTPUTS,
  matrix.BARE_ARRAY,
  matrix.EMPTY_MATRIX,
  matrix.MATRIX_SIZE,
  matrix.DELEGATED,
  pins.NO_SECRETS_IN_PLAN,
  VERSIONS_SET,
  deliveries.ROWS_UPLOADED,
  downloads.ROWS_DOWNLOADED,
  downloads.NOT_MERGED,
  deliveries.WAITS_FOR_BUILDS,
  uploads.ONE_NAME_EACH,
  uploads.HIDDEN_FILES,
  uploads.ARCHIVED,
  uploads.NOTHING_FOUND,
  uploads.OVERWRITE,
  uploads.ARTIFACT_VERSIONS,
  ENVIRONMENT_RULES,
  triggers.SAFE_EVENTS,
  permissions.ID_TOKEN_ELSEWHERE,
  runners.ALONE,
  surroundings.NO_INSTALLS,
  surroundings.NO_BUILDS,
  surroundings.NO_CACHES,
  surroundings.NO_STRANGERS,
  pins.PINNED,
  pins.NO_INJECTION,
  pins.BUILD_CREDENTIALS,
  tokens.NO_LITERAL_TOKEN,
  NAMES_TAKEN,
];
