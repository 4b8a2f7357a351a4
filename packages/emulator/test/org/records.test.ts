import { describe, expect, it } from "vitest";
import { useServiceStage } from "../support/service-stage.js";

describe("the sessions server's records", () => {
  const stage = useServiceStage(({ org }) => org.sessionsUrl, { org: { dials: { dialect: "repaired" } } });
  const { api } = { api: (...call: Parameters<typeof stage.api>) => stage.api(...call) };

  it("are made with defaults, without what is not known, and read in full", async () => {
    const made = await api("POST", "/session", { session_id: "s1", subject_id: "sub", color: "red" });
    expect(made).toMatchObject({ status: 201, body: { success: true, data: { message: "Session message created" } } });
    expect(made.body.data.id).toMatch(/^[0-9a-f]{24}$/);
    expect((await api("GET", "/session/s1")).body).toEqual({
      success: true,
      data: {
        session_id: "s1",
        subject_id: "sub",
        message_data: {},
        message_data_template: {},
        reception_channel_id: "",
        expiry_date: 0,
        status: "pending",
        dsl_execution_id: "",
      },
    });
    expect(await api("GET", "/session/s2")).toMatchObject({ status: 404, body: { error: "No document found" } });
  });

  it("take an id twice, and mean the first one", async () => {
    for (const subject_id of ["one", "two"]) await api("POST", "/session", { session_id: "s1", subject_id });
    expect((await api("GET", "/session/s1")).body.data.subject_id).toBe("one");
    await api("DELETE", "/session/s1");
    expect((await api("GET", "/session/s1")).body.data.subject_id).toBe("two");
    expect((await api("DELETE", "/session/s1")).body.data.message).toBe("Session message deleted");
    expect(await api("DELETE", "/session/s1")).toMatchObject({
      status: 404,
      body: { error: "No document found to delete" },
    });
  });

  it("are changed, to any status, and refuse a change that changes nothing", async () => {
    await api("POST", "/session", { session_id: "s1" });
    const put = (body: unknown) => api("PUT", "/session/s1", body);
    expect((await put({ status: "failed", extra: 1 })).body.data.message).toBe("Session message updated");
    for (const body of [{ status: "failed" }, {}])
      expect(await put(body)).toMatchObject({ status: 404, body: { error: "No document found to update" } });
    expect((await api("GET", "/session/s1")).body.data).not.toHaveProperty("extra");
    expect((await api("POST", "/sessions", { session_id: "s1" })).body.data).toMatchObject([{ extra: 1 }]);
  });

  it("are made by an update that says that there is none", async () => {
    expect((await api("PUT", "/session/ghost", { status: "failed" })).status).toBe(404);
    expect((await api("GET", "/session/ghost")).body.data).toMatchObject({ session_id: "ghost", status: "failed" });
  });

  it("are found by a database filter", async () => {
    for (const [session_id, expiry_date] of [
      ["a", 10],
      ["b", 20],
      ["c", null],
    ])
      await api("POST", "/session", { session_id, expiry_date, message_data: { team: { name: session_id } } });
    const ids = async (filter: unknown) =>
      (await api("POST", "/sessions", filter)).body.data.map((one: { session_id: string }) => one.session_id);
    expect(await ids({})).toEqual(["a", "b", "c"]);
    expect(await ids({ expiry_date: { $gt: 10, $lte: 20 } })).toEqual(["b"]);
    expect(await ids({ expiry_date: { $lt: 20 } })).toEqual(["a"]);
    expect(await ids({ "message_data.team.name": { $in: ["a", "c"] } })).toEqual(["a", "c"]);
    expect(await ids({ $or: [{ session_id: "a" }, { session_id: { $eq: "b" } }] })).toEqual(["a", "b"]);
    expect(await ids({ $and: [{ session_id: { $ne: "a" } }, { session_id: { $nin: ["b"] } }] })).toEqual(["c"]);
    expect(await ids({ color: { $exists: true } })).toEqual([]);
    expect(await ids({ expiry_date: { $gte: 20 } })).toEqual(["b"]);
    for (const filter of [{ $where: "1" }, { session_id: { $near: 1 } }, { $or: 1 }])
      expect((await api("POST", "/sessions", filter)).status).toBe(400);
    expect((await api("POST", "/sessions", [])).status).toBe(500);
  });

  it.each([
    ["no type", undefined, {}, /415/],
    ["bad JSON", "{", {}, /400 Bad Request/],
    ["a list", [], {}, /'list' object/],
  ])("turn %s into a 500 with the exception's text", async (_what, body, headers, text) => {
    const reply = await api("POST", "/session", body, headers);
    expect(reply).toMatchObject({ status: 500, body: { success: false, error: expect.stringMatching(text) } });
  });

  it("answer unknown routes and wrong methods with pages", async () => {
    for (const [method, path, status] of [
      ["GET", "/nothing", 404],
      ["PATCH", "/sessions/s1", 404],
      ["PUT", "/sessions", 405],
    ] as const) {
      const reply = await api(method, path, method === "GET" ? undefined : {});
      expect([reply.status, reply.text.slice(0, 15)]).toEqual([status, "<!doctype html>"]);
    }
  });
});

describe("the channels server's records", () => {
  const stage = useServiceStage(({ org }) => org.channelsUrl);

  it("work like those of sessions", async () => {
    const channel = {
      channel_id: "c1",
      channel_metadata: { endpoint_url: "http://127.0.0.1:1/" },
      channel_tags: ["a"],
    };
    expect((await stage.api("POST", "/channel", channel)).status).toBe(201);
    expect((await stage.api("PUT", "/channel/c1", { channel_name: "One" })).status).toBe(200);
    expect((await stage.api("GET", "/channel/c1")).body.data).toEqual({
      ...channel,
      channel_name: "One",
      channel_description: "",
    });
    expect((await stage.api("POST", "/channels", { channel_tags: "a" })).body.data).toHaveLength(1);
    expect((await stage.api("DELETE", "/channel/c1")).status).toBe(200);
    expect(stage.emulator.org.channels.map(({ channel_id }) => channel_id)).toEqual(["human"]);
  });
});
