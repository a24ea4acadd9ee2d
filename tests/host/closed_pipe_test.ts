import { doesNotThrow, throws } from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { allowClosedPipe } from "../../src/host/closed_pipe.ts";

function fail(code: string): void {
  const stream = new EventEmitter();
  allowClosedPipe(stream);
  stream.emit("error", Object.assign(new Error(`write ${code}`), { code }));
}

test("allowClosedPipe() lets the reader of a stream leave early", () => {
  doesNotThrow(() => fail("EPIPE"));
  doesNotThrow(() => fail("EOF"));
});

test("allowClosedPipe() throws what else is wrong with a stream", () => {
  throws(() => fail("ENOSPC"), /write ENOSPC/);
});
