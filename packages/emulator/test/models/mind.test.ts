import { describe, expect, it } from "vitest";
import type { PromptMessage } from "../../src/index.js";
import { boundedAnswer } from "../../src/models/answering.js";
import { replyTo } from "../../src/models/mind.js";
import { promptTokenCount, tokensOf } from "../../src/models/tokens.js";

const user = (text: string): PromptMessage => ({ role: "user", text });
const assistant = (text: string): PromptMessage => ({ role: "assistant", text });
const system = (text: string): PromptMessage => ({ role: "system", text });

describe("the small model", () => {
  it.each<[PromptMessage[], string]>([
    [[user("My name is Ada"), assistant("Hello"), user("What's my name?")], "Your name is Ada."],
    [[user("My name is Ada"), user("Call me Bo"), user("Who am I?")], "Your name is Bo."],
    [[user("What's my name?")], "I don't know your name yet."],
    [[system("The user's name is Zoë."), user("What is my name?")], "Your name is Zoë."],
    [[system("Answer in upper case."), user("My name is Ada")], "NICE TO MEET YOU, ADA!"],
    [[system('Answer in lower case and end every answer with "OVER".'), user("Hi")], 'you said: "hi" over'],
    [[system("Your name is Iris."), user("Who are you?")], "My name is Iris."],
    [[user("My numbers: 17 and 4.5"), assistant("…"), user("What were the numbers?")], "The numbers were 17, 4.5."],
    [[user("Add 2 to 40")], "You gave me 2, 40."],
    [[user("Remember that the door is green."), user("What do you remember?")], "I remember: the door is green."],
    [[user("One"), user("Two"), user("What did I just say?")], 'You said: "Two"'],
    [[user("One"), user("Two"), user("How many messages?")], "You have sent 2 messages before this one."],
    [[user("Count to 5")], "1 2 3 4 5"],
    [[user('Say "a b"')], "a b"],
    [[user("Weather?"), assistant(""), { role: "tool", text: "rain" }], "The tool said: rain"],
  ])("answers %j", (messages, reply) => {
    expect(replyTo(messages)).toBe(reply);
  });

  it("counts tokens by its rule, and loses nothing by cutting", () => {
    const text = "  Hello, wörld!\n42 🦊 ";
    expect(tokensOf(text)).toEqual(["  Hell", "o", ",", " wörl", "d", "!", "\n42", " 🦊", " "]);
    expect(tokensOf(text).join("")).toBe(text);
    expect(promptTokenCount([user("Hello"), user("")])).toBe(2 + 3 + 3);
  });

  it("stops at the longest answer and before a stop sequence", () => {
    const prompt = { api: "openai", model: "m", messages: [], isStreamed: false } as const;
    expect(boundedAnswer({ ...prompt, maxTokens: 2, stopSequences: [] }, "1 2 3")).toMatchObject({
      tokens: ["1", " 2"],
      ending: "length",
    });
    expect(boundedAnswer({ ...prompt, maxTokens: 9, stopSequences: ["4", " 3"] }, "1 2 3 4")).toMatchObject({
      tokens: ["1", " 2"],
      ending: "stop_sequence",
      stopSequence: " 3",
    });
  });
});
