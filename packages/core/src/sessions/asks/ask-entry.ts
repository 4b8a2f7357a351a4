import type { InstantMs } from "../../contract/index.js";
import type { AnswerSchema, AskOutcome } from "./ask.js";

/** What this process keeps of one open question. There may be ten thousand, so all else stays in the store. */
export class AskEntry {
  readonly id: string;
  /** When it is looked at next. */
  dueAtMs: InstantMs;
  looks = 0;
  /** It was on its way when its process ended, and nobody else finds out what became of it. */
  isOrphan = false;
  isBusy = false;
  /** Its end is being told. */
  isEnding = false;
  /** Something was heard while it was being looked at. */
  isWoken = false;
  schema: AnswerSchema | undefined = undefined;
  /** Told to whoever awaits it here; several handles share it. Undefined while nobody does. */
  outcome: Promise<AskOutcome<unknown>> | undefined = undefined;
  resolve: ((outcome: AskOutcome<unknown>) => void) | undefined = undefined;
  reject: ((error: unknown) => void) | undefined = undefined;

  constructor(id: string, dueAtMs: InstantMs) {
    this.id = id;
    this.dueAtMs = dueAtMs;
  }

  wait(): Promise<AskOutcome<unknown>> {
    this.outcome ??= new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    return this.outcome;
  }
}
