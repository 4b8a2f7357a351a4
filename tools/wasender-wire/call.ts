import type { Stage, World } from "./world.js";

type Run = (world: World) => Promise<unknown>;

/** One route, called by both clients as their users would call it with the same wish. */
export interface Call {
  /** As documented: `PUT /messages/{msgId}`. */
  readonly route: string;
  /** Tells calls of one route apart. */
  readonly what?: string;
  /** Absent when the client has no method for it. */
  readonly theirs?: Run;
  readonly ours: Run;
  readonly before?: (stage: Stage) => Promise<void>;
  /** The answer is a refusal, and that is fine: what is compared is the request. */
  readonly mayFail?: true;
}
