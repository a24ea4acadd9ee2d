/**
 * Every check, in the order in which `docs/doctor.md` has them.
 *
 * @module
 */

import type { Check } from "./check.ts";
import { CREDENTIAL } from "./checks/credential.ts";
import { ENVIRONMENT } from "./checks/environment.ts";
import {
  CONTENTS_WRITE,
  ID_TOKEN,
  ID_TOKEN_ELSEWHERE,
  PERMISSIONS_KNOWN,
} from "./checks/permissions.ts";
import { PUBLISH_JOB, PUBLISH_REACHABLE } from "./checks/publish_job.ts";
import { CONFIGURATION, WORKFLOW_READABLE } from "./checks/readable.ts";

/** All of them. */
export const CHECKS: readonly Check[] = [
  CONFIGURATION,
  WORKFLOW_READABLE,
  PUBLISH_JOB,
  PUBLISH_REACHABLE,
  ID_TOKEN,
  CONTENTS_WRITE,
  ENVIRONMENT,
  CREDENTIAL,
  PERMISSIONS_KNOWN,
  ID_TOKEN_ELSEWHERE,
];
