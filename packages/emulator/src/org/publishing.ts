import { pythonJson, pythonStr } from "../http/python.js";
import type { Document } from "./collection.js";
import type { OrgState, PublishedView } from "./state.js";

/**
 * Tells an answer to whoever listens on the session's subject: no session id, no status and no time are in it. The server as
 * shipped has lost its publisher, and only notes so in its log. Rejects when publishing fails.
 */
export async function publishAnswer(state: OrgState, session: Document, answer: unknown): Promise<void> {
  if (state.weather.dials.dialect === "as-shipped") return;
  const payload = pythonJson({
    event_type: "human_intervention_results",
    sender_subject_id: "sessions_system",
    event_payload: answer,
  });
  const whole = `${pythonStr(session["subject_id"])}__human_intervention_results`;
  // The protocol's line is split at spaces: what follows the first one is taken for a reply subject.
  const [subject = "", reply] = whole.split(" ");
  const view: PublishedView = {
    subject,
    ...(reply === undefined ? {} : { reply }),
    payload,
    atMs: state.clock.now(),
    isDelivered: false,
  };
  state.published.push(view);
  if (state.weather.dials.publishFails) throw new Error("nats: connection closed");
  await (reply === undefined ? state.publish(subject, payload) : state.publish(subject, payload, reply));
  view.isDelivered = true;
}
