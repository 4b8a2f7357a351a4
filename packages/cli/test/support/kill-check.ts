import type { OutboxRow } from "@colloquy/core";
import type { Emulator } from "@colloquy/emulator";

export interface RoundResult {
  readonly round: number;
  readonly wasKilled: boolean;
  readonly takenAtKill: number;
  readonly accepted: number;
  readonly sent: number;
  readonly unknown: number;
  readonly unknownButArrived: number;
  readonly refusedForRate: number;
  /** What is not as promised. Empty when all is well. */
  readonly violations: readonly string[];
}

interface Evidence {
  readonly round: number;
  readonly messages: readonly { readonly id: string; readonly text: string }[];
  readonly rows: readonly OutboxRow[];
  readonly emulator: Emulator;
  readonly wasKilled: boolean;
  readonly takenAtKill: number;
  readonly resume: { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };
}

/**
 * Accepted are all messages or none. Each of them arrived exactly once and is told as sent, or is told as unknown and
 * arrived at most once. The resuming process tells every one that the killed one left open.
 */
export function checkRound(evidence: Evidence): RoundResult {
  const { round, messages, rows, emulator, wasKilled, takenAtKill } = evidence;
  const times = new Map<string, number>();
  for (const { text = "" } of emulator.wasender.sent) times.set(text, (times.get(text) ?? 0) + 1);
  const timesOf = (id: string): number => times.get(messages.find((message) => message.id === id)?.text ?? "") ?? 0;
  const unknown = rows.filter(({ state }) => state === "unknown");
  const violations = [
    ...(rows.length === 0 || rows.length === messages.length
      ? []
      : [`${rows.length} of ${messages.length} were accepted`]),
    ...[...times].filter(([, count]) => count > 1).map(([text, count]) => `${text} arrived ${count} times`),
    ...rows.filter(({ id, state }) => state === "sent" && timesOf(id) !== 1).map(({ id }) => `${id} was lost`),
    ...rows
      .filter(({ state }) => state !== "sent" && state !== "unknown")
      .map(({ id, state, error }) => `${id} is ${state} (${error?.code ?? "no error"})`),
    ...resumeProblems(evidence, unknown.length),
  ];
  return {
    round,
    wasKilled,
    takenAtKill,
    accepted: rows.length,
    sent: rows.filter(({ state }) => state === "sent").length,
    unknown: unknown.length,
    unknownButArrived: unknown.filter(({ id }) => timesOf(id) === 1).length,
    refusedForRate: emulator.wasender.refusals,
    violations,
  };
}

function resumeProblems({ resume, wasKilled }: Evidence, unknownCount: number): readonly string[] {
  if (!wasKilled) return [];
  const { exitCode, stdout, stderr } = resume;
  try {
    const report = JSON.parse(stdout) as { unknown: number; queued: number; resumed: number };
    const expected = unknownCount > 0 ? 1 : 0;
    return [
      ...(report.unknown === unknownCount
        ? []
        : [`resume told ${report.unknown} unknown, the store holds ${unknownCount}`]),
      ...(report.queued === 0 ? [] : [`resume left ${report.queued} queued`]),
      ...(exitCode === expected ? [] : [`resume ended with ${exitCode} instead of ${expected}`]),
    ];
  } catch {
    return [`resume ended with ${exitCode} and no report: ${stdout} ${stderr}`];
  }
}
