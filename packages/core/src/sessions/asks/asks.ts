import type { JsonValue } from "../../contract/index.js";
import type { AskQuery, AskRow } from "../../store/asks.js";
import type { AnswerSchema, Ask } from "./ask.js";
import type { AskDesk } from "./ask-desk.js";

export interface ResumeOptions<Answer> {
  /** The schema of the question, which no store can keep. Default: the answer comes as it was given. */
  readonly schema?: AnswerSchema<Answer>;
}

export interface Asks {
  /**
   * The handle on a question that this or another process asked. Going on with one that is not put yet takes its session over;
   * one that is out is only looked after. Rejects with `ASK_NOT_FOUND`.
   */
  resume<Answer = JsonValue>(id: string, options?: ResumeOptions<Answer>): Promise<Ask<Answer>>;
  /** What the store holds, in order of acceptance, 1,000 at most unless `limit` says otherwise. Consumes nothing. */
  list(query?: AskQuery): Promise<readonly AskRow[]>;
}

/** `ready` opens the store first. */
export function boundAsks(desk: AskDesk, ready: () => Promise<void>): Asks {
  return {
    async resume<Answer>(id: string, { schema }: ResumeOptions<Answer> = {}) {
      await ready();
      return (await desk.resume(id, schema)) as Ask<Answer>;
    },
    async list(query = {}) {
      await ready();
      return desk.list(query);
    },
  };
}
