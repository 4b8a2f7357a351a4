import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createColloquy, isColloquyError, seededRandom } from "@colloquy/core";
import { type Emulator, type NatsServer, natsServer, startEmulator } from "@colloquy/emulator";
import { orgNats } from "@colloquy/org-nats";
import { sqliteStore } from "@colloquy/store-sqlite";
import { type Child, sourceCommand, start } from "../support/child.js";
import type { AskerPlan, RestPlan } from "./plan.js";

/** Who is killed: the process that waits, nats-server while somebody waits, or the REST server between question and answer. */
export type Victim = "waiter" | "nats" | "rest";
export const victims: readonly Victim[] = ["waiter", "nats", "rest"];

export interface AskKillPlan {
  readonly rounds: number;
  readonly seed: number;
  /** Rounds side by side. */
  readonly concurrency: number;
  /** Default: each in turn. */
  readonly only?: Victim;
  readonly onRound?: (result: AskRound) => void;
}

export interface AskRound {
  readonly victim: Victim;
  readonly round: number;
  readonly isDurable: boolean;
  /** From the question's arrival, or the kill, to the next step. */
  readonly afterMs: number;
  /** From the answer, or the end of the outage, to its arrival at the waiter. */
  readonly heardAfterMs: number;
  readonly violations: readonly string[];
}

interface Round {
  readonly folder: string;
  readonly id: string;
  readonly nats: NatsServer;
  readonly afterMs: number;
  readonly jetStream: boolean;
}

interface Heard {
  readonly lines: readonly string[];
  readonly questionCount: number;
  readonly heardAfterMs: number;
}

const answer = { decision: "approved" };
const askEveryMs = 60_000;
const deadlineMs = 60_000;

/** Each round asks one question with real processes, kills one of them, and counts questions and answers. */
export async function killDuringAsks({
  rounds,
  seed,
  concurrency,
  only,
  onRound,
}: AskKillPlan): Promise<readonly AskRound[]> {
  const random = seededRandom(seed);
  const open = victims
    .filter((victim) => only === undefined || victim === only)
    .flatMap((victim) =>
      Array.from({ length: rounds }, (_, round) => ({ victim, round, afterMs: Math.floor(random() * 40) })),
    );
  const results: AskRound[] = [];
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const result = await runRound(next.victim, next.round, next.afterMs);
      results.push(result);
      onRound?.(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

async function runRound(victim: Victim, round: number, afterMs: number): Promise<AskRound> {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-asks-"));
  // Every other round with plain messages: what is told while nobody listens is then found by looking alone.
  const jetStream = round % 2 === 0;
  const nats = await natsServer({ user: "colloquy", password: "made-up", jetStream: true });
  try {
    const world: Round = { folder, id: `ask-${victim}-${round}`, nats, afterMs, jetStream };
    const heard = await scenarios[victim](world);
    const violations = [...violationsOf(heard), ...(await violationsOfStore(world))];
    return { victim, round, isDurable: jetStream, afterMs, heardAfterMs: heard.heardAfterMs, violations };
  } finally {
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SIGKILL of the waiter at a random moment after the human has the question; the answer is given while nobody runs. */
async function killWaiter(round: Round): Promise<Heard> {
  const { org, close } = await emulated(round);
  try {
    // The send is under way for a while, so that some kills come before its answer.
    org.set({ latencyMs: 10 });
    const first = asker(round, org.sessionsUrl);
    await until(() => org.questions.length > 0);
    await pause(round.afterMs);
    await killed(first);
    org.set({ latencyMs: 0 });
    await org.answer(org.questions[0]?.id ?? "", answer);
    const answeredAtMs = Date.now();
    const second = asker(round, org.sessionsUrl);
    await over(second);
    const heardAfterMs = Date.now() - answeredAtMs;
    return { lines: [...said(first), ...said(second)], questionCount: org.questions.length, heardAfterMs };
  } finally {
    await close();
  }
}

/** SIGKILL of nats-server while the waiter waits; the answer is given during the outage. */
async function killNats(round: Round): Promise<Heard> {
  const { org, close } = await emulated(round);
  try {
    const waiter = asker(round, org.sessionsUrl);
    await waiter.line((line) => line === "asked");
    await until(() => org.questions.length > 0);
    await round.nats.kill();
    await pause(round.afterMs);
    // Its own request lasts until the server publishes again, or gives up.
    const answering = org.answer(org.questions[0]?.id ?? "", answer);
    await pause(round.afterMs);
    const backAtMs = Date.now();
    await round.nats.restart();
    await over(waiter);
    const heardAfterMs = Date.now() - backAtMs;
    await answering;
    return { lines: said(waiter), questionCount: org.questions.length, heardAfterMs };
  } finally {
    await close();
  }
}

/** SIGKILL of the sessions and channels servers between question and answer; they come back on the same port. */
async function killRest(round: Round): Promise<Heard> {
  const first = rest(round, 0);
  let second: Child | undefined;
  try {
    const url = await first.line((line) => line.startsWith("http"));
    const waiter = asker(round, `${url}/org/sessions-server`);
    await waiter.line((line) => line === "asked");
    const questions = async (): Promise<readonly { sessionId: string }[]> => {
      const reply = await fetch(`${url}/control/org/questions`);
      return (await reply.json()) as readonly { sessionId: string }[];
    };
    await until(async () => (await questions()).length > 0);
    const asked = await questions();
    await pause(round.afterMs);
    await killed(first);
    second = rest(round, Number(new URL(url).port));
    await second.line((line) => line.startsWith("http"));
    const sent = { session_id: asked[0]?.sessionId, response_data: answer };
    const taken = await fetch(`${url}/org/channels-server/webhook-response`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sent),
    });
    if (taken.status !== 200) throw new Error(`The answer was refused with ${taken.status}.`);
    const answeredAtMs = Date.now();
    await over(waiter);
    const heardAfterMs = Date.now() - answeredAtMs;
    return { lines: said(waiter), questionCount: asked.length + (await questions()).length, heardAfterMs };
  } finally {
    await killed(first);
    if (second) await killed(second);
  }
}

const scenarios: Readonly<Record<Victim, (round: Round) => Promise<Heard>>> = {
  waiter: killWaiter,
  nats: killNats,
  rest: killRest,
};

function emulated({ nats }: Round): Promise<Emulator> {
  return startEmulator({ org: { publish: nats.publish, dials: { dialect: "repaired" } } });
}

function child(file: URL, plan: AskerPlan | RestPlan): Child {
  return start([JSON.stringify(plan)], {}, sourceCommand(file));
}

const asker = ({ folder, id, nats, jetStream }: Round, sessionsUrl: string): Child =>
  child(new URL("./asker.ts", import.meta.url), {
    store: join(folder, "colloquy.db"),
    sessionsUrl,
    natsUrl: nats.url,
    jetStream,
    askId: id,
    // So seldom that what is heard was told by NATS.
    pollMs: askEveryMs,
  });

const rest = ({ folder, nats }: Round, port: number): Child =>
  child(new URL("./rest-server.ts", import.meta.url), {
    port,
    file: join(folder, "organisation.json"),
    natsUrl: nats.url,
  });

const said = ({ output }: Child): readonly string[] => output.stdout.split("\n").filter((line) => line !== "");

async function killed({ process: child, exited }: Child): Promise<void> {
  child.kill("SIGKILL");
  await exited;
}

async function over({ exited, process: child, output }: Child): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const { exitCode } = await exited;
  clearTimeout(timer);
  if (exitCode !== 0) throw new Error(`The waiter ended with ${exitCode}.\n${output.stdout}\n${output.stderr}`);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endAtMs = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > endAtMs) throw new Error("The question never reached the human.");
    await pause(2);
  }
}

function violationsOf({ lines, questionCount }: Heard): readonly string[] {
  const answers = lines.filter((line) => line.startsWith("answered "));
  const violations: string[] = [];
  if (questionCount !== 1) violations.push(`the human was asked ${questionCount} times`);
  if (answers.length !== 1) violations.push(`the answer was delivered ${answers.length} times: ${lines.join(", ")}`);
  if (answers.some((line) => line !== `answered ${JSON.stringify(answer)}`)) violations.push("it was another answer");
  return violations;
}

/** Whoever comes later is told that the answer was given. */
async function violationsOfStore({ folder, id }: Round): Promise<readonly string[]> {
  const store = sqliteStore(join(folder, "colloquy.db"));
  const colloquy = createColloquy({ providers: [orgNats({ nats: false })], store });
  try {
    const ask = await colloquy.asks.resume(id);
    const end = await ask.answer.then(
      () => "answered",
      (error: unknown) => (isColloquyError(error) ? error.code : String(error)),
    );
    return end === "ASK_DELIVERED" ? [] : [`a later process hears "${end}"`];
  } finally {
    await colloquy.shutdown();
  }
}
