import { describe, expect, it } from "vitest";
import { withPluginArguments } from "../../src/commands/ssm.js";
import { readPluginArguments } from "../../src/ssm/plugin-arguments.js";

const reply = { SessionId: "alice-0123", StreamUrl: "wss://gateway.example/1", TokenValue: "canary-token" };
const started = { sessionId: "alice-0123", streamUrl: "wss://gateway.example/1", tokenValue: "canary-token" };
const text = JSON.stringify(reply);
const request = '{"Target": "i-0123456789abcdef0", "DocumentName": "AWS-StartSSHSession"}';

describe("the plugin's arguments", () => {
  it("are read in the AWS CLI's order, the reply itself or a variable's name first", () => {
    const all = {
      started,
      region: "eu-west-1",
      profile: "work",
      target: "i-0123456789abcdef0",
      endpoint: "https://ssm.example",
    };
    const rest = ["eu-west-1", "StartSession", "work", request, "https://ssm.example"];
    expect(readPluginArguments([text, ...rest], {})).toEqual(all);
    expect(readPluginArguments(["REPLY", ...rest], { REPLY: text })).toEqual(all);
  });

  it("may be the three of older versions, or have empty ones", () => {
    const three = { started, region: "eu-west-1", profile: undefined, target: undefined, endpoint: undefined };
    expect(readPluginArguments([text, "eu-west-1", "StartSession"], {})).toEqual(three);
    expect(readPluginArguments([text, "eu-west-1", "StartSession", "", "", ""], {})).toEqual(three);
  });

  it.each<[string, readonly string[]]>([
    ["a variable that is not set", ["REPLY", "eu-west-1", "StartSession"]],
    ["a reply without a token", [JSON.stringify({ ...reply, TokenValue: undefined }), "eu-west-1", "StartSession"]],
    ["a reply cut short", [text.slice(0, -4), "eu-west-1", "StartSession"]],
    ["no region", [text]],
    ["another operation", [text, "eu-west-1", "ResumeSession"]],
  ])("are refused with exit code 7 for %s, and nothing of the reply is shown", (_name, args) => {
    const read = (): unknown => readPluginArguments(args, {});
    expect(read).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    expect(read).not.toThrow(/canary|gateway/);
  });

  it("are never taken for options of ours", () => {
    expect(withPluginArguments(["ssm", "plugin", "--version"])).toEqual(["ssm", "plugin", "--", "--version"]);
    expect(withPluginArguments(["ssm", "plugin", "--help"])).toEqual(["ssm", "plugin", "--help"]);
    expect(withPluginArguments(["ssm", "run", "--json"])).toEqual(["ssm", "run", "--json"]);
  });
});
