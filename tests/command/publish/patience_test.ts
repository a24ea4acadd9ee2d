import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseBefore, readPatience } from "../../../src/command/publish/patience.ts";

for (
  const { given, milliseconds } of [
    { given: undefined, milliseconds: 600_000 },
    { given: "", milliseconds: 600_000 },
    { given: " 90 ", milliseconds: 90_000 },
    { given: "0", milliseconds: 0 },
    { given: "604800", milliseconds: 604_800_000 },
  ]
) {
  test(`PIOT_PATIENCE ${JSON.stringify(given)} is ${milliseconds} milliseconds`, () => {
    assert.equal(readPatience({ PIOT_PATIENCE: given }), milliseconds);
  });
}

for (const given of ["-1", "10m", "1e3", "0x10", "1.5", "NaN", "Infinity", "604801", "9999999"]) {
  test(`PIOT_PATIENCE ${JSON.stringify(given)} is refused, and quoted`, () => {
    assert.throws(() => readPatience({ PIOT_PATIENCE: given }), {
      code: "PIOT_USAGE",
      exitCode: 2,
      message: `Cannot use PIOT_PATIENCE: ${
        JSON.stringify(given)
      } is no whole number of seconds from 0 to 604800`,
    });
  });
}

test("the last pause is taken again and again, and ends with the time that is left", () => {
  const pauses = [1, 2];
  const taken = [0, 1, 2, 9].map((turn) => pauseBefore(turn, { pauses, left: 10 }));
  assert.deepEqual(taken, [1, 2, 2, 2]);
  assert.equal(pauseBefore(5, { pauses, left: 1 }), 1);
  assert.equal(pauseBefore(0, { pauses, left: 0 }), undefined);
  assert.equal(pauseBefore(0, { pauses, left: -1 }), undefined);
});
