/**
 * fast-check with a seed of its own, so that a run today finds what a run tomorrow finds. To look further afield, give
 * another one: `PIOT_TEST_SEED=42 deno task test`.
 */

import process from "node:process";
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.PIOT_TEST_SEED ?? 20_260_101) });

export default fc;
