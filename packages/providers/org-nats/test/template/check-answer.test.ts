import { startEmulator } from "@colloquy/emulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOfAnswer, problemsOfTemplate } from "../../src/index.js";

const templateOf = (rule: unknown): object => ({ policy_input_schema: { field: rule } });
const check = (value: unknown, rule: unknown): string | undefined =>
  problemsOfAnswer({ field: value }, templateOf(rule))["field"];

describe("an answer held against a template", () => {
  it.each([{}, { type: "object", additionalProperties: true }, { properties: { a: { type: "string" } } }])(
    "fits always where there is no policy_input_schema: %j",
    (template) => {
      expect(problemsOfAnswer({ anything: 1 }, template)).toEqual({});
    },
  );

  it("must have every named field, and may have any other", () => {
    const template = { policy_input_schema: { a: { type: "any" }, b: { type: "string" } } };
    expect(problemsOfAnswer({ b: "x", c: [] }, template)).toEqual({ a: "Missing required field" });
    expect(problemsOfAnswer({ a: null, b: "x" }, template)).toEqual({});
  });

  it.each([
    ["x", { type: "string" }, undefined],
    [1, { type: "string" }, "Expected type 'string', got 'int'"],
    [1.5, { type: "string" }, "Expected type 'string', got 'float'"],
    [null, { type: "string" }, "Expected type 'string', got 'NoneType'"],
    [[], { type: "object" }, "Expected type 'object', got 'list'"],
    [{}, { type: "array" }, "Expected type 'array', got 'dict'"],
    [true, { type: "number" }, undefined],
    [true, { type: "string" }, "Expected type 'string', got 'bool'"],
    [1, { type: "boolean" }, "Expected type 'boolean', got 'int'"],
    [5, { type: "integer" }, "Expected type 'integer', got 'int'"],
    [5, {}, "Unsupported type 'None' in schema"],
    [{ deep: 1 }, { type: "object", properties: { deep: { type: "string" } } }, undefined],
    ["abc", { type: "string", pattern: "b" }, "Value 'abc' does not match pattern 'b'"],
    ["abc", { type: "string", pattern: "ab" }, undefined],
    ["abc", { type: "string", pattern: "(?P<first>a)b\\Z" }, "Value 'abc' does not match pattern '(?P<first>a)b\\Z'"],
    ["ABC", { type: "string", pattern: "(?i)abc$" }, undefined],
    ["a-b", { type: "string", pattern: "[\\w-.]+$" }, undefined],
    ["aa", { type: "string", pattern: "(?P<x>a)(?P=x)$" }, undefined],
    ["🙂🙂", { type: "string", minLength: 3 }, "Length 2 is less than minimum length 3"],
    ["abcd", { type: "string", maxLength: 3 }, "Length 4 exceeds maximum length 3"],
    ["", { type: "string", pattern: "x", minLength: 1 }, "Value '' does not match pattern 'x'"],
    [1, { type: "number", minimum: 2 }, "Value 1 is less than minimum 2"],
    [true, { type: "number", minimum: 2 }, "Value True is less than minimum 2"],
    [3, { type: "number", maximum: 2 }, "Value 3 exceeds maximum 2"],
    [2, { type: "number", exclusiveMinimum: 2 }, "Value 2 must be greater than exclusive minimum 2"],
    [2, { type: "number", exclusiveMaximum: 2 }, "Value 2 must be less than exclusive maximum 2"],
    [0.00001, { type: "number", minimum: 1 }, "Value 1e-05 is less than minimum 1"],
    [[1], { type: "array", minItems: 2 }, "Array length 1 is less than minimum items 2"],
    [[1, 2, 3], { type: "array", maxItems: 2 }, "Array length 3 exceeds maximum items 2"],
    [[1, 2, true], { type: "array", uniqueItems: true }, "Array items are not unique"],
    [["a", 1], { type: "array", items: { type: "string" } }, "Item at index 1 expected type 'string', got 'int'"],
    [
      ["a", "b"],
      { type: "array", items: { type: "string", pattern: "a" } },
      "Item at index 1 with value 'b' does not match pattern 'a'",
    ],
    ["c", { type: "string", enum: ["a", "b"] }, "Value 'c' not in allowed set ['a', 'b']"],
    [7, { type: "string", enum: ["it's", 1, true, null] }, `Value '7' not in allowed set ["it's", 1, True, None]`],
    [true, { type: "any", enum: [1] }, undefined],
    [[1, true], { type: "any", enum: [[1, 1]] }, undefined],
    [{ a: 1 }, { type: "any", enum: [{ b: 1 }] }, "Value '{'a': 1}' not in allowed set [{'b': 1}]"],
    ["\u0001", { type: "any", enum: ["\n"] }, "Value '\u0001' not in allowed set ['\\n']"],
  ])("%j against %j", (value, rule, problem) => {
    expect(check(value, rule)).toBe(problem);
  });

  it("is judged as the server judges it, in its words, whatever the template and the answer are", async () => {
    const { org, close } = await startEmulator();
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch(`${org.sessionsUrl}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await reply.json()) as Record<string, unknown>;
    };
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.dictionary(name, rule, { maxKeys: 4 }), answer, async (rules, given) => {
          const template = { policy_input_schema: rules };
          expect(problemsOfTemplate(template)).toEqual([]);
          const id = `s-${(count += 1)}`;
          await post("/session", { session_id: id, message_data_template: template });
          const verdict = await post("/webhook/validate_response", { session_id: id, response_data: given });
          expect(verdict["errors"]).toEqual(problemsOfAnswer(given, template));
        }),
        { numRuns: 60, seed: 20_261_121 },
      );
    } finally {
      await close();
    }
    expect(count).toBeGreaterThanOrEqual(60);
  }, 20_000);
});

const name = fc.constantFrom("a", "b", "decision", "amount");
const text = fc.constantFrom("", "a", "ab", "it's", 'say "no"', "🙂", "approved", "a\nb");
const number = fc.constantFrom(-1, 0, 1, 2, 2.5, 10);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(name, scalar, { maxKeys: 2 }));
const answer = fc.dictionary(name, value, { maxKeys: 4 });
const pattern = fc.constantFrom("a", "^a$", "(?P<x>a)b", "[\\w-]+\\Z", "it");
const count = fc.integer({ min: 0, max: 3 });
const allowed = { enum: fc.array(value, { maxLength: 3 }) };
const rule = fc.oneof(
  fc.record(
    { type: fc.constant("string"), pattern, minLength: count, maxLength: count, ...allowed },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("number"),
      minimum: number,
      maximum: number,
      exclusiveMinimum: number,
      exclusiveMaximum: number,
      ...allowed,
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("array"),
      minItems: count,
      maxItems: count,
      items: fc.record({ type: fc.constantFrom("string", "number", "any"), pattern }, { requiredKeys: [] }),
    },
    { requiredKeys: ["type"] },
  ),
  fc.record({ type: fc.constantFrom("boolean", "object", "any"), ...allowed }, { requiredKeys: ["type"] }),
);
