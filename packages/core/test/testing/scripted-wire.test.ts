import { describe, expect, it } from "vitest";
import { referenceProvider, runOverWire, wireAnswer } from "../../src/testing/index.js";

const provider = referenceProvider({ baseUrl: "http://127.0.0.1:1", personalAccessToken: "pat_made_up" });
const context = { sessionId: "ses_1", remoteId: "s/1", settings: {} };
const online = wireAnswer(200, { id: "s/1", status: "online", key: "key_1", signing_secret: "sig_1" });

describe("running a procedure over scripted wire answers", () => {
  it("encodes each call and decodes its answer", () => {
    const { result, requests } = runOverWire(provider.probe(context), [online], provider.readFailure);
    expect(result).toMatchObject({ source: "probe", word: "online" });
    expect(requests).toEqual(["GET /sessions/s%2F1"]);
  });

  it("throws a refusal into the procedure", () => {
    const gone = wireAnswer(404, { error: "not_found" });
    expect(() => runOverWire(provider.close(context), [gone], () => ({ code: "REMOTE_NOT_FOUND" }))).toThrow(
      expect.objectContaining({ code: "REMOTE_NOT_FOUND", status: 404 }),
    );
  });

  it("refuses a script that does not fit", () => {
    expect(() => runOverWire(provider.probe(context), [], provider.readFailure)).toThrow("No answer is scripted");
    expect(() => runOverWire(provider.probe(context), [online, online], provider.readFailure)).toThrow(
      "Only 1 of 2 answers",
    );
  });
});
