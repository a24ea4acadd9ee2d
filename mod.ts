/**
 * Publishes the built artifacts of a polyglot repository to crates.io, PyPI and npm.
 *
 * This is the package `@piot/cli` on JSR, and `putitoutthere` on npm: the same library under both names.
 *
 * Every function takes a {@link Host}, which stands for the machine; {@link createHost} makes one from this process.
 * Nothing here prints or exits: what happens is told to `onEvent`, and what goes wrong is a {@link Failure} with a code. A
 * host's `signal` interrupts: nothing new starts, and what is in flight is finished.
 *
 * ```ts
 * import { createHost, Failure, plan, publish } from "@piot/cli"; // on npm: from "putitoutthere"
 *
 * const host = createHost({ cwd: ".", signal: AbortSignal.timeout(3_600_000) });
 * try {
 *   const planned = await plan(host);
 *   const { outcomes } = await publish(host, { plan: planned, artifacts: "artifacts", dryRun: true });
 *   console.log(outcomes.map(({ name, status }) => `${name}: ${status}`));
 * } catch (error) {
 *   if (!(error instanceof Failure)) throw error;
 *   console.log(error.code, error.message, error.hint);
 * }
 * ```
 *
 * Run as a program, this module is the command line.
 *
 * @module
 */

export { Failure, type FailureOptions, type Location, type Problem } from "./src/error.ts";
export type { FailureCode } from "./src/failure_codes.ts";
export type { Clock, Env, Host, Http, HttpRequest, OnAnswer } from "./src/host/host.ts";
export type { Vault } from "./src/secret/vault.ts";
export type { SecretStream } from "./src/secret/secret_stream.ts";
export type { SendStreamed, StreamedBody, StreamedRequest } from "./src/host/streamed_body.ts";
export { createHost, type HostOptions } from "./src/host/create_host.ts";
export type {
  Bump,
  LeftOut,
  MatrixRow,
  Plan,
  PlannedArtifact,
  PlannedPackage,
  Reason,
} from "./src/core/model/plan.ts";
export type {
  BundleCli,
  CratesPackage,
  Dist,
  Kind,
  NpmPackage,
  Package,
  PackageBase,
  PypiPackage,
  Target,
  TrustPolicy,
} from "./src/core/model/package.ts";
export type { CommitFact, HistoryFact, ReleaseRequest, TagFact } from "./src/core/model/facts.ts";
export { type DeclaredConfig, parseConfig } from "./src/command/parse_config.ts";
export { makePlan, type PlanFacts } from "./src/command/make_plan.ts";
export {
  type VerifiedFile,
  type VerifiedRelease,
  verifyArtifacts,
  type VerifyOptions,
} from "./src/command/verify_artifacts.ts";
export { look, type SeenFile, type SeenRelease } from "./src/command/look.ts";
export { plan, type PlanOptions } from "./src/command/plan.ts";
export { publish, type PublishResult } from "./src/command/publish.ts";
export type { PublishOptions } from "./src/command/publish/run.ts";
export { reconcile, type ReconcileOptions } from "./src/command/reconcile.ts";
export type { StatusQuestion } from "./src/command/read_statuses.ts";
export type {
  ReconcileDocument,
  ReconciledRelease,
  ReconciledTag,
} from "./src/core/status/reconcile_document.ts";
export { status, type StatusOptions } from "./src/command/status.ts";
export type { PackageState } from "./src/core/status/judge_status.ts";
export type { PackageStatusDocument, StatusDocument } from "./src/core/status/status_document.ts";
export {
  setVersion,
  type SetVersionOptions,
  type SetVersionResult,
} from "./src/command/set_version.ts";
export { doctor, type DoctorOptions } from "./src/command/doctor.ts";
export type {
  ArtifactsDocument,
  CheckDocument,
  DoctorDocument,
  FindingCounts,
  PhaseDocument,
} from "./src/core/doctor/doctor_document.ts";
export type { PackageHead, Way } from "./src/core/doctor/authorisation.ts";
export type { Finding, PhaseVerdict, Verdict, Weight } from "./src/core/doctor/finding.ts";
export type { GatheredArtifact } from "./src/command/rehearse/provide_artifacts.ts";
export type { Installation } from "./src/command/rehearse/install.ts";
export type { CommandRun } from "./src/command/rehearse/run_program.ts";
export type { HeldFile, HeldState } from "./src/rehearsal/held_state.ts";
export type { ServiceName } from "./src/rehearsal/server/places.ts";
export type {
  RehearsedRun,
  RemoteTag,
  SeenRequest,
  UploadedFile,
} from "./src/command/rehearse/rehearsed_run.ts";
export {
  type Rehearsal,
  rehearse,
  type RehearseOptions,
  type ServedRehearsal,
} from "./src/command/rehearse.ts";
export type {
  Announcement,
  Authorisation,
  AuthorisedName,
  NextRelease,
  Outcome,
  OutcomeBase,
  OutcomeDetail,
  OutcomeProof,
  ReadBack,
  ReleaseRef,
} from "./src/report/outcome.ts";
export type { Situation } from "./src/report/situations.ts";
export type { Asked } from "./src/report/asked.ts";
export type { WayOut } from "./src/report/ways_out.ts";
export type { Evidence, EvidenceMark, VersionEvidence } from "./src/core/release/evidence.ts";
export type { Event, EventOf, Mode, Stage } from "./src/report/report.ts";

// True where a runtime knows of it and this file is what it was started with. In a bundle of somebody's program it is that
// program's: then this file has another name.
if (
  (import.meta as { main?: boolean }).main === true && import.meta.url.endsWith("/mod.ts")
) {
  await (await import("./src/cli/run_cli.ts")).runCli();
}
