import { describe, expect, it } from "vitest";
import { askFacet } from "../src/facets/ask.js";
import { interpret } from "../src/interpret.js";
import { attachSession, closeSession, createSession, lookAt, problemsOfSession } from "../src/lifecycle.js";
import { findRoutes } from "../src/operations/service.js";
import { answered, drive, page, sessionAnswer, thrown, unknownSession } from "./support/wire.js";

const context = {
  sessionId: "ses_1",
  remoteId: "s-1",
  settings: { subjectId: "hitl.s-1", messageData: { amount: 5 } },
};
const created = answered(201, { success: true, data: { id: "0123", message: "Session message created" } });
const down = answered(503, { error: "down" });

describe("making a session", () => {
  const real = {
    newSessionId: () => "s-1",
    // oxlint-disable-next-line require-yield -- it is known already
    *routes() {
      return "real" as const;
    },
  };

  it("takes one request with an id of our own, a subject of its own and a date that says never", () => {
    const { result, requests } = drive(createSession({ messageData: { amount: 5 }, name: "Refund" }, real), [created]);
    expect(requests).toEqual(["POST /session"]);
    expect(result).toMatchObject({
      remoteId: "s-1",
      name: "Refund",
      settings: { subjectId: "hitl.s-1", messageData: { amount: 5 }, answerFields: [] },
    });
  });

  it("uses the documented route where that is the one", () => {
    const documented = {
      ...real,
      // oxlint-disable-next-line require-yield -- it is known already
      *routes() {
        return "documented" as const;
      },
    };
    expect(drive(createSession({}, documented), [sessionAnswer()]).requests).toEqual(["POST /sessions"]);
  });

  it("looks a given id up first, as the server would take it twice", () => {
    const input = { sessionId: "s-1" };
    expect(drive(createSession(input, real), [unknownSession, created]).requests).toEqual([
      "GET /session/s-1",
      "POST /session",
    ]);
    expect(thrown(() => drive(createSession(input, real), [sessionAnswer()]))).toMatchObject({
      code: "INPUT_INVALID",
      fieldErrors: { sessionId: ["Is taken by another session."] },
    });
  });

  it("finds out whether it was made when the answer was lost", () => {
    expect(drive(createSession({}, real), [down, sessionAnswer()]).result.remoteId).toBe("s-1");
    expect(thrown(() => drive(createSession({}, real), [down, unknownSession])).code).toBe("PROVIDER_UNAVAILABLE");
  });

  it("refuses what makes no sense before anything is sent", () => {
    const fields = (input: object) => problemsOfSession(input).map(({ field }) => field);
    expect(fields({})).toEqual([]);
    expect(
      fields({
        messageData: 1,
        messageDataTemplate: null,
        expiresAtMs: 0,
        subjectId: "two words",
        receptionChannelId: 5,
        name: " ",
      }),
    ).toEqual(["messageData", "messageDataTemplate", "expiresAtMs", "subjectId", "receptionChannelId", "name"]);
    for (const subjectId of ["", "a b", "a.*", ">", "a..b", ".a", "a.", "a\n"])
      expect(fields({ subjectId }), subjectId).toEqual(["subjectId"]);
    for (const sessionId of ["", "a b", "a/b", "expire", "..", "a*"])
      expect(fields({ sessionId }), sessionId).toEqual(["sessionId"]);
    expect(fields({ sessionId: "a*", subjectId: "mine" })).toEqual([]);
  });

  it("tells the two kinds of server apart by how they refuse an empty change", () => {
    expect(drive(findRoutes(), [unknownSession])).toEqual({
      result: "documented",
      requests: ["PATCH /sessions/colloquy-dialect-probe"],
    });
    expect(drive(findRoutes(), [page(405, "Method Not Allowed")]).result).toBe("real");
    expect(thrown(() => drive(findRoutes(), [down])).code).toBe("PROVIDER_UNAVAILABLE");
  });
});

describe("looking at a session", () => {
  const word = (fields: object) => drive(lookAt(context, "probe"), [sessionAnswer(fields)]).result.word;

  it("tells the server's word, in lower case", () => {
    expect(word({ message_data: { amount: 5 } })).toBe("pending");
    expect(word({ status: "VALIDATED" })).toBe("validated");
    expect(drive(lookAt(context, "probe"), [unknownSession]).result.word).toBe("not_found");
  });

  it("tells a question that was called off from an answer that did not fit, for which the server has one word", () => {
    expect(word({ status: "failed", message_data: { amount: 5 } })).toBe("rejected");
    expect(word({ status: "failed", message_data: { amount: 5, decision: 1 } })).toBe("failed");
  });

  it("finds one expired by our clock, before the server's sweep", () => {
    expect(word({ expiry_date: Date.parse("2026-11-21T11:59:59Z") / 1_000 })).toBe("expired");
    expect(word({ expiry_date: Date.parse("2026-11-21T12:00:01Z") / 1_000 })).toBe("pending");
  });

  it("gives words that mean what happened", () => {
    const meaning = (said: string) => interpret({ source: "probe", word: said })[0]?.type;
    expect(["pending", "validated", "completed", "failed", "rejected", "expired"].map(meaning)).toEqual([
      "asked",
      "answered",
      "answered",
      "failedRemote",
      "rejectedRemote",
      "expiredRemote",
    ]);
    expect(["deleted", "not_found", "created", "constructor"].map(meaning)).toEqual([
      "remoteClosed",
      "notFound",
      "unknownStatus",
      "unknownStatus",
    ]);
  });

  it("is the way to take one in", () => {
    const pending = drive(attachSession("s-1"), [sessionAnswer({ message_data: { a: 1 }, reception_channel_id: "c" })]);
    expect(pending.result.settings).toEqual({
      subjectId: "hitl.s-1",
      messageData: { a: 1 },
      answerFields: [],
      receptionChannelId: "c",
    });
    expect(drive(attachSession("s-1"), [sessionAnswer({ status: "failed" })]).result.settings).not.toHaveProperty(
      "messageData",
    );
  });
});

describe("ending a session", () => {
  const deleted = answered(200, { success: true, data: { message: "Session message deleted" } });
  const pending = sessionAnswer({ message_data: { amount: 5 } });

  it("deletes a question that is open, and keeps one that was answered", () => {
    expect(drive(closeSession(context), [pending, deleted])).toMatchObject({
      result: { word: "deleted" },
      requests: ["GET /session/s-1", "DELETE /session/s-1"],
    });
    expect(drive(closeSession(context), [sessionAnswer({ status: "validated" })])).toMatchObject({
      result: { word: "validated" },
      requests: ["GET /session/s-1"],
    });
    expect(drive(closeSession(context), [pending, unknownSession]).result.word).toBe("not_found");
  });
});

describe("a question", () => {
  const facet = askFacet(2_000);
  const question = { id: "ask_1", text: "May we?", to: "human", deadlineAtMs: 1 };
  const progress = (response: Parameters<typeof drive>[1][number]) => {
    const look = facet.progress?.(question, {}, context);
    if (look === undefined) throw new TypeError("It has no progress.");
    return drive(look, [response]).result;
  };
  const rules = { policy_input_schema: { decision: { type: "string" } } };

  it("needs a text and a channel, and takes nothing else", () => {
    const check = (fields: object, settings: object = {}) =>
      facet.check({ ...question, ...fields }, { ...context, settings: { ...settings } }).map(({ field }) => field);
    expect(check({})).toEqual([]);
    expect(check({ text: " ", to: " ", details: { colour: "red" } })).toEqual(["text", "to", "details.colour"]);
    expect(
      facet.check({ id: "a", text: "b", deadlineAtMs: 1 }, { ...context, settings: { receptionChannelId: "c" } }),
    ).toEqual([]);
  });

  it("has four ends besides its answer", () => {
    expect(progress(sessionAnswer())).toEqual({ state: "pending" });
    expect(progress(sessionAnswer({ status: "expired" }))).toEqual({ state: "expired" });
    expect(progress(sessionAnswer({ status: "failed", message_data: { amount: 5 } }))).toEqual({ state: "rejected" });
    const bad = { status: "failed", message_data: { amount: 5, decision: 1 }, message_data_template: rules };
    expect(progress(sessionAnswer(bad))).toEqual({
      state: "failed",
      reason: "The answer did not fit the session's template: decision.",
    });
    expect(progress(unknownSession)).toMatchObject({ state: "failed" });
  });

  it("takes for its answer what was asked for, and what is new", () => {
    const answer = (data: object, template: object = {}) =>
      progress(sessionAnswer({ status: "validated", message_data: data, message_data_template: template }));
    expect(answer({ amount: 5, decision: "yes" })).toEqual({ state: "answered", answer: { decision: "yes" } });
    expect(answer({ amount: 6 })).toEqual({ state: "answered", answer: { amount: 6 } });
    expect(answer({ amount: 5 }, { policy_input_schema: { amount: { type: "number" } } })).toEqual({
      state: "answered",
      answer: { amount: 5 },
    });
  });

  it("whose send failed, though the human may have it, is not put again", () => {
    const settle = facet.settle?.(question, undefined, context);
    if (settle === undefined) throw new TypeError("It cannot settle.");
    expect(drive(settle, [sessionAnswer({ message_data: { amount: 5 } })])).toEqual({
      result: { progress: { state: "pending" } },
      requests: ["GET /session/s-1"],
    });
  });

  it("is answered from another chat, withdrawn and put once more with one exchange each", () => {
    const input = (call: { readonly input: unknown } | undefined) => call?.input;
    const named = { ...context, settings: { answerFields: ["decision"] } };
    expect(input(facet.relay?.(question, "yes", named))).toEqual({ sessionId: "s-1", answer: { decision: "yes" } });
    expect(input(facet.relay?.(question, "yes", context))).toEqual({ sessionId: "s-1", answer: { answer: "yes" } });
    expect(input(facet.relay?.(question, { a: 1 }, named))).toEqual({ sessionId: "s-1", answer: { a: 1 } });
    expect(facet.withdraw?.(question, {}, "cancelled", context).operation.name).toBe("sessions.reject");
    expect(facet.withdraw?.(question, {}, "expired", context).operation.name).toBe("sessions.expire");
    expect(facet.remind?.(question, {}, context).operation.name).toBe("messages.send");
  });
});
