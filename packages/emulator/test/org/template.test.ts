import { describe, expect, it } from "vitest";
import { problemsOf, TemplateCrash } from "../../src/org/template.js";

const check = (value: unknown, rule: unknown): string | undefined =>
  problemsOf({ field: value }, { policy_input_schema: { field: rule } })["field"];

describe("the template language", () => {
  it.each([{}, { type: "object", additionalProperties: true }, { properties: { a: { type: "string" } } }, [], "text"])(
    "accepts everything without a policy_input_schema: %j",
    (template) => {
      expect(problemsOf({ anything: 1 }, template)).toEqual({});
    },
  );

  it("requires every named field and lets every other one pass", () => {
    const template = { policy_input_schema: { a: { type: "any" }, b: { type: "string" } } };
    expect(problemsOf({ b: "x", c: [] }, template)).toEqual({ a: "Missing required field" });
    expect(problemsOf({ a: null, b: "x" }, template)).toEqual({});
  });

  it.each([
    ["x", { type: "string" }, undefined],
    [1, { type: "string" }, "Expected type 'string', got 'int'"],
    [1.5, { type: "string" }, "Expected type 'string', got 'float'"],
    [null, { type: "string" }, "Expected type 'string', got 'NoneType'"],
    [[], { type: "object" }, "Expected type 'object', got 'list'"],
    [{}, { type: "array" }, "Expected type 'array', got 'dict'"],
    [true, { type: "number" }, undefined],
    [1, { type: "boolean" }, "Expected type 'boolean', got 'int'"],
    [true, { type: "string" }, "Expected type 'string', got 'bool'"],
    [5, { type: "integer" }, "Expected type 'integer', got 'int'"],
    [5, {}, "Unsupported type 'None' in schema"],
    [{ deep: 1 }, { type: "object", properties: { deep: { type: "string" } } }, undefined],
  ])("checks the type of %j against %j", (value, rule, problem) => {
    expect(check(value, rule)).toBe(problem);
  });

  it.each([
    ["abc", { type: "string", pattern: "b" }, "Value 'abc' does not match pattern 'b'"],
    ["abc", { type: "string", pattern: "ab" }, undefined],
    ["abc", { type: "string", pattern: "(?P<first>a)b\\Z" }, "Value 'abc' does not match pattern '(?P<first>a)b\\Z'"],
    ["🙂🙂", { type: "string", minLength: 3 }, "Length 2 is less than minimum length 3"],
    ["abcd", { type: "string", maxLength: 3 }, "Length 4 exceeds maximum length 3"],
    ["", { type: "string", pattern: "x", minLength: 1 }, "Value '' does not match pattern 'x'"],
    [1, { type: "number", minimum: 2 }, "Value 1 is less than minimum 2"],
    [true, { type: "number", minimum: 2 }, "Value True is less than minimum 2"],
    [3, { type: "number", maximum: 2 }, "Value 3 exceeds maximum 2"],
    [2, { type: "number", exclusiveMinimum: 2 }, "Value 2 must be greater than exclusive minimum 2"],
    [2, { type: "number", exclusiveMaximum: 2 }, "Value 2 must be less than exclusive maximum 2"],
    [2, { type: "number", minimum: 2, maximum: 2 }, undefined],
    [[1], { type: "array", minItems: 2 }, "Array length 1 is less than minimum items 2"],
    [[1, 2, 3], { type: "array", maxItems: 2 }, "Array length 3 exceeds maximum items 2"],
    [[1, 2, true], { type: "array", uniqueItems: true }, "Array items are not unique"],
    [[1, 2], { type: "array", uniqueItems: true }, undefined],
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
    [{ a: 1 }, { type: "any", enum: [{ a: true }] }, undefined],
    [{ a: 1 }, { type: "any", enum: [{ b: 1 }] }, "Value '{'a': 1}' not in allowed set [{'b': 1}]"],
  ])("checks %j against %j", (value, rule, problem) => {
    expect(check(value, rule)).toBe(problem);
  });

  it.each([
    ["a null template", "x", null],
    ["a null schema", "x", { policy_input_schema: null }],
    ["a rule that is no object", "x", { policy_input_schema: { field: "string" } }],
    ["a bad pattern", "x", { policy_input_schema: { field: { type: "string", pattern: "(" } } }],
    ["unique lists", [[1]], { policy_input_schema: { field: { type: "array", uniqueItems: true } } }],
  ])("crashes on %s", (_what, value, template) => {
    expect(() => problemsOf({ field: value }, template)).toThrow(TemplateCrash);
  });
});
