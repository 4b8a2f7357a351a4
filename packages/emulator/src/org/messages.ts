import { Refused, type Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { isMissing, takeAnswer } from "./answers.js";
import type { Document } from "./collection.js";
import { postJson } from "./post.js";
import { done, failed, isDocument, json, readUncaught } from "./replies.js";
import type { OrgState } from "./state.js";

/** The channels server waits so long for a human's endpoint, and for the sessions server. */
const patienceMs = 5_000;

/** `POST /sessions/{id}/send_message`. The session is not looked at: an unknown, answered or expired one is as good. */
export async function sendMessage(state: OrgState, request: ServiceRequest, sessionId: string): Promise<Reply> {
  const { channel_id: channelId, message } = readUncaught(request);
  if (isMissing(channelId) || isMissing(message)) return json(400, { error: "Missing 'channel_id' or 'message'" });
  const server = state.weather.dials.responseUrl === "channels" ? "channels-server" : "sessions-server";
  const responseUrl = `${state.root}/${server}/webhook-response`;
  try {
    const data = await deliver(state, {
      channel_id: channelId,
      session_id: sessionId,
      message,
      response_url: responseUrl,
    });
    return json(200, { status: "message_sent", details: { success: true, data } });
  } catch (error) {
    if (error instanceof Undeliverable) return json(500, { error: { success: false, error: error.message } });
    throw error;
  }
}

const messageFields = ["channel_id", "session_id", "message", "response_url"];

/** `POST /channel/message` of the channels server. */
export async function relayMessage(state: OrgState, request: ServiceRequest): Promise<Reply> {
  const body = readUncaught(request);
  const missing = messageFields.find((field) => isMissing(body[field]));
  if (missing !== undefined) return failed(400, `Missing field: ${missing}`);
  try {
    return done(await deliver(state, body));
  } catch (error) {
    if (error instanceof Undeliverable) return failed(400, error.message);
    throw error;
  }
}

/**
 * `POST /webhook-response` of the channels server: where humans answer. An empty answer counts as a missing one here, and
 * success does not say that the answer was valid.
 */
export async function takeWebhookResponse(state: OrgState, request: ServiceRequest): Promise<Reply> {
  const body = readUncaught(request);
  const { session_id: id, response_data: answer } = body;
  const isEmpty = isDocument(answer) && Object.keys(answer).length === 0;
  if (isMissing(id) || isMissing(answer) || isEmpty) return failed(400, "Missing session_id or response_data");
  const reply = await Promise.race([taken(state, body), state.timers.wait(patienceMs).then(() => undefined)]);
  if (reply === undefined) return failed(500, "HTTPConnectionPool: Read timed out. (read timeout=5)");
  return reply.status === 200
    ? json(200, { success: true, message: "Response processed" })
    : failed(500, reply.body ?? "");
}

async function taken(state: OrgState, body: Document): Promise<Reply> {
  try {
    return await takeAnswer(state, body);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

/** The message did not get through, or its receipt is not to the server's liking: the human may have it all the same. */
class Undeliverable extends Error {}

async function deliver(state: OrgState, message: Document): Promise<unknown> {
  const channel = state.channels.findOne(String(message["channel_id"]));
  if (channel === undefined) throw new Undeliverable(`Channel ${String(message["channel_id"])} not found`);
  const metadata = channel["channel_metadata"];
  const endpoint = isDocument(metadata) ? metadata["endpoint_url"] : undefined;
  if (typeof endpoint !== "string" || endpoint === "")
    throw new Undeliverable("Channel metadata missing 'endpoint_url'");
  const sent = Object.fromEntries(messageFields.map((field) => [field, message[field]]));
  const { status, text } = await posted(state, endpoint, sent);
  if (status !== 200 && status !== 202) throw new Undeliverable(`Failed to send message: ${status}`);
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Undeliverable("Expecting value: line 1 column 1 (char 0)");
  }
}

async function posted(state: OrgState, url: string, body: Document): ReturnType<typeof postJson> {
  const abort = new AbortController();
  const timer = state.timers.after(patienceMs, () => abort.abort());
  try {
    return await postJson(url, body, AbortSignal.any([abort.signal, state.outgoing.signal]));
  } catch (error) {
    throw new Undeliverable(
      abort.signal.aborted
        ? "HTTPConnectionPool: Read timed out. (read timeout=5)"
        : `HTTPConnectionPool: Max retries exceeded (${error instanceof Error ? error.message : "failed"})`,
    );
  } finally {
    timer.cancel();
  }
}
