import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOfTemplate } from "../../src/index.js";
import { problemsOfNewSession } from "../../src/operations/new-session.js";
import { compilePattern } from "../../src/template/pattern.js";

const fieldsOf = (template: unknown): readonly string[] => problemsOfTemplate(template).map(({ field }) => field);
const withRule = (rule: unknown): object => ({ policy_input_schema: { amount: rule } });
const place = "messageDataTemplate.policy_input_schema";

describe("a template is refused before anything is sent", () => {
  it.each([
    ["null", null, "messageDataTemplate"],
    ["null rules", { policy_input_schema: null }, place],
    ["rules as a list", { policy_input_schema: [] }, place],
    ["a rule that is no object", withRule("string"), `${place}.amount`],
    ["a null rule", withRule(null), `${place}.amount`],
    ["a rule without a type", withRule({}), `${place}.amount.type`],
    ["a type that no answer fits", withRule({ type: "integer" }), `${place}.amount.type`],
    ["a pattern that is none", withRule({ type: "string", pattern: "(" }), `${place}.amount.pattern`],
    ["a pattern with an unknown escape", withRule({ type: "string", pattern: "\\y" }), `${place}.amount.pattern`],
    ["a pattern of JavaScript", withRule({ type: "string", pattern: "(?<a>b)" }), `${place}.amount.pattern`],
    ["a pattern that is no text", withRule({ type: "string", pattern: 1 }), `${place}.amount.pattern`],
    ["a bound that is no number", withRule({ type: "number", minimum: "1" }), `${place}.amount.minimum`],
    ["a set that is no list", withRule({ type: "any", enum: "a" }), `${place}.amount.enum`],
    ["items that are no object", withRule({ type: "array", items: [] }), `${place}.amount.items`],
    ["a bad pattern of items", withRule({ type: "array", items: { pattern: "*" } }), `${place}.amount.items.pattern`],
    [
      "unique lists",
      withRule({ type: "array", uniqueItems: true, items: { type: "array" } }),
      `${place}.amount.items.type`,
    ],
  ])("for %s, by its place", (_what, template, field) => {
    expect(fieldsOf(template)).toEqual([field]);
    expect(
      problemsOfNewSession({ sessionId: "s-1", messageDataTemplate: template as never }).map(({ field: at }) => at),
    ).toEqual([field]);
  });

  it.each([{}, { type: "object", additionalProperties: true }, { policy_input_schema: {} }, { a: null }])(
    "but not for %j",
    (template) => {
      expect(fieldsOf(template)).toEqual([]);
    },
  );

  it("and the check itself takes anything", () => {
    fc.assert(
      fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything()), (template, rules) => {
        expect(Array.isArray(problemsOfTemplate(template))).toBe(true);
        expect(Array.isArray(problemsOfTemplate({ policy_input_schema: rules }))).toBe(true);
      }),
      { seed: 20_261_121 },
    );
  });

  it("reads a pattern as Python does: anchored at its start only", () => {
    expect(compilePattern("a|b")?.test("cb")).toBe(false);
    expect(compilePattern("a|b")?.test("bc")).toBe(true);
    expect(compilePattern("\\Aa\\Z")?.test("a\n")).toBe(false);
    expect(compilePattern("(?#note)a")?.test("a")).toBe(true);
    expect(compilePattern("\\'\\ \\#")?.test("' #")).toBe(true);
    expect(compilePattern("(?x)a b")).toBeUndefined();
    expect(compilePattern("a++")).toBeUndefined();
    expect(compilePattern("[*+]$")?.test("+")).toBe(true);
    expect(compilePattern("[\\d\\]+]+$")?.test("1]+")).toBe(true);
  });
});
