import { describe, expect, it } from "vitest";
import { ColloquyError, call, isColloquyError, type Procedure } from "../../src/contract/index.js";
import { referenceOperations, referenceProvider, runProcedure } from "../../src/testing/index.js";

const provider = referenceProvider({ baseUrl: "http://127.0.0.1:1", personalAccessToken: "pat_made_up" });
const context = { sessionId: "ses_1", remoteId: "s1", settings: {} };
const row = { id: "s1", status: "online", key: "key_1", signingSecret: "sig_1", account: "+15550100" };

describe("running a procedure from a script", () => {
  it("gives each call its answer and tells what was asked", () => {
    const { result, calls } = runProcedure(provider.probe(context), [{ operation: "sessions.get", output: row }]);
    expect(result).toEqual({ source: "probe", word: "online", identity: { id: "+15550100" } });
    expect(calls).toEqual([{ operation: "sessions.get", input: { id: "s1" } }]);
  });

  it("throws a scripted error into the procedure, which may catch it", () => {
    function* forgiving(): Procedure<string> {
      try {
        yield* call(referenceOperations.sessions.get, { id: "s1" });
      } catch (error) {
        return isColloquyError(error) ? error.code : "other";
      }
      return "found";
    }
    const error = new ColloquyError({ code: "REMOTE_NOT_FOUND", message: "No such session." });
    expect(runProcedure(forgiving(), [{ operation: "sessions.get", error }]).result).toBe("REMOTE_NOT_FOUND");
    expect(() => runProcedure(provider.close(context), [{ operation: "sessions.remove", error }])).toThrow(error);
  });

  it("refuses a script that does not fit", () => {
    const wrong = [{ operation: "sessions.connect", output: row }];
    expect(() => runProcedure(provider.probe(context), wrong)).toThrow(
      "Call 1 is sessions.get; the script has sessions.connect.",
    );
    expect(() => runProcedure(provider.probe(context), [])).toThrow("the script has nothing more");
    const tooLong = [1, 2].map(() => ({ operation: "sessions.get", output: row }));
    expect(() => runProcedure(provider.probe(context), tooLong)).toThrow(
      "ended after 1 calls; the script has 2 answers",
    );
  });
});
