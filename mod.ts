/**
 * @module
 */
export { Failure } from "./src/error.ts";
export type { FailureCode } from "./src/failure_codes.ts";
