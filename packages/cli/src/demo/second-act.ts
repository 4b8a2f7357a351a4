import { join } from "node:path";
import { type AtlusProvider, atlus } from "@colloquy/atlus";
import { type Colloquy, createColloquy } from "@colloquy/core";
import type { NatsServer } from "@colloquy/emulator";
import { type OrgNatsProvider, orgNats } from "@colloquy/org-nats";
import { sqliteStore } from "@colloquy/store-sqlite";
import type { DemoNats } from "./demo-nats.js";
import type { Stage } from "./stage.js";

/** What the second act saw; `skipped` says why there was none. */
export type SecondAct =
  | { readonly skipped: string }
  | {
      /** Answers to questions, as the asker got them. */
      readonly approvals: readonly string[];
      /** From the human's answer to the asker's. */
      readonly heardAfterMs: number;
      readonly remembered: string;
    };

type Providers = readonly [OrgNatsProvider, AtlusProvider];

const answerWithinMs = 5_000;

/** A human is asked, twice, and an AI is talked with. */
export async function secondAct(stage: Stage, nats: DemoNats): Promise<SecondAct> {
  const { narrator } = stage;
  const server = await nats.soon();
  if (typeof server === "string") {
    narrator.say("");
    narrator.say(`The act with humans over NATS is skipped: ${server}`);
    return { skipped: server };
  }
  let colloquy = open(stage, server);
  try {
    narrator.section("Asking a human, over NATS");
    const approvals = await colloquy.sessions.create("org-nats", { name: "Approvals", receptionChannelId: "human" });
    await approvals.start();
    const first = await approvals.ask("Pay 4,200 euros to Example Ltd?");
    const heard = first.wait({ timeoutMs: answerWithinMs });
    const answeredAtMs = await answerAsHuman(stage, 1, "approved");
    const decisions = [decisionIn(await heard)];
    const heardAfterMs = Math.round(performance.now() - answeredAtMs);
    narrator.beat(`"Pay 4,200 euros?" ${decisions[0]}; heard ${heardAfterMs} ms after the human's click`, {
      heardAfterMs,
    });

    const refunds = await colloquy.sessions.create("org-nats", { name: "Refunds", receptionChannelId: "human" });
    await refunds.start();
    const { id } = await refunds.ask("Refund the order of Example Ltd?");
    await arrived(stage, 2);
    await colloquy.shutdown();
    await answerAsHuman(stage, 2, "refused");
    colloquy = open(stage, server);
    const late = await colloquy.asks.resume(id);
    decisions.push(decisionIn(await late.wait({ timeoutMs: answerWithinMs })));
    narrator.beat(`"Refund the order?" ${decisions[1]}, while no process ran; the next one got it`);

    narrator.section("Talking with ATLUS");
    const assistant = await colloquy.sessions.create("atlus", { name: "Assistant", userId: "ada" });
    await assistant.start();
    let remembered = "";
    for (const text of ["My name is Ada", "What's my name?"]) {
      const reply = await (await assistant.ask(text)).wait({ timeoutMs: answerWithinMs });
      remembered = typeof reply === "string" ? reply : JSON.stringify(reply);
      narrator.beat(`"${text}" – "${remembered}"`);
    }
    return { approvals: decisions, heardAfterMs, remembered };
  } finally {
    await colloquy.shutdown();
  }
}

/** What is not as promised. */
export function secondActComplaints(act: SecondAct): readonly string[] {
  if ("skipped" in act) return [];
  const { approvals, remembered } = act;
  return [
    ...(approvals.join() === "approved,refused" ? [] : [`The humans' answers came as ${approvals.join(", ")}.`]),
    ...(remembered.includes("Ada") ? [] : ["ATLUS forgot the name."]),
  ];
}

function open({ emulator, folder }: Stage, { url }: NatsServer): Colloquy<Providers> {
  const { org, atlus: ai } = emulator;
  return createColloquy({
    providers: [orgNats({ baseUrl: org.sessionsUrl, nats: { servers: url } }), atlus({ baseUrl: ai.baseUrl })],
    store: sqliteStore(join(folder, "second-act.db")),
  });
}

/** Clicks as the human would on the page; gives the moment at which it was done. */
async function answerAsHuman(stage: Stage, count: number, decision: string): Promise<number> {
  await arrived(stage, count);
  const startedAtMs = performance.now();
  await stage.emulator.org.answer(`question_${count}`, { decision });
  return startedAtMs;
}

/** Until so many questions have reached the human. */
async function arrived({ emulator, context }: Stage, count: number): Promise<void> {
  const untilMs = performance.now() + answerWithinMs;
  while (emulator.org.questions.length < count) {
    context.signal.throwIfAborted();
    if (performance.now() > untilMs) throw new Error("The question did not reach the human.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function decisionIn(answer: unknown): string {
  return String((answer as { readonly decision?: unknown }).decision);
}
