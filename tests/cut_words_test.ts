import assert from "node:assert/strict";
import { test } from "node:test";
import { cutWords } from "../src/cut_words.ts";

for (
  const { name, text, most, cut } of [
    { name: "a short text", text: "as it is", most: 8, cut: "as it is" },
    { name: "the end of a word", text: "one two three", most: 7, cut: "one two" },
    { name: "the middle of a word", text: "one two three", most: 9, cut: "one two" },
    { name: "the beginning of a word", text: "one two three", most: 8, cut: "one two" },
    { name: "the first letter of one", text: "one two", most: 5, cut: "one" },
    { name: "one word", text: "npm_0123456789", most: 5, cut: "" },
    { name: "a script without blanks", text: "登録に失敗しました", most: 5, cut: "登録に失敗" },
    { name: "a token behind one", text: "登録npm_0123", most: 5, cut: "登録" },
    { name: "a character of two units", text: "a😀b😀", most: 2, cut: "a😀" },
    { name: "nothing", text: "abc", most: 0, cut: "" },
  ]
) {
  test(`cutWords() never cuts a word through: ${name}`, () => {
    assert.equal(cutWords(text, most), cut);
  });
}
