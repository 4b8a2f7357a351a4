import { z } from "zod";
import { optionalCount, optionalFlag, optionalText } from "../decode.js";
import { isRecord, type JsonRecord, withoutUndefined } from "../json.js";
import { writtenInstantMs } from "../timestamps.js";

/** What the service keeps of a conversation. After it was restarted there is no count until somebody talks again. */
export interface AtlusMemory {
  readonly hasSessionMemory?: boolean;
  readonly hasWorkingMemory?: boolean;
  readonly hasBehaviorProfile?: boolean;
  /** Questions with their answers. */
  readonly conversationTurns?: number;
}

/** A session at ATLUS. Only the id is promised by us; unknown keys stay in `raw`. */
export interface AtlusSession {
  readonly sessionId: string;
  readonly userId?: string;
  readonly createdAtMs?: number;
  /** When the last chat began, not when it was answered. */
  readonly lastActivityAtMs?: number;
  readonly isActive?: boolean;
  readonly metadata?: JsonRecord;
  /** Only told by `sessions.get`. */
  readonly memory?: AtlusMemory;
  /** The data as it came. */
  readonly raw: JsonRecord;
}

const memory = z.looseObject({
  has_session_memory: optionalFlag,
  has_working_memory: optionalFlag,
  has_behavior_profile: optionalFlag,
  conversation_turns: optionalCount,
});

const data = z.looseObject({
  session_id: z.string().min(1),
  user_id: optionalText,
  created_at: z.unknown().optional(),
  last_activity: z.unknown().optional(),
  is_active: optionalFlag,
  metadata: z.unknown().optional(),
  memory: memory.optional().catch(undefined),
});

export const sessionBody: z.ZodType<AtlusSession> = z.looseObject({ data }).transform((body) => sessionOf(body.data));

function sessionOf(found: z.infer<typeof data>): AtlusSession {
  return withoutUndefined<AtlusSession>({
    sessionId: found.session_id,
    userId: found.user_id,
    createdAtMs: writtenInstantMs(found.created_at),
    lastActivityAtMs: writtenInstantMs(found.last_activity),
    isActive: found.is_active,
    metadata: isRecord(found.metadata) ? found.metadata : undefined,
    memory: found.memory === undefined ? undefined : memoryOf(found.memory),
    raw: found,
  });
}

function memoryOf(found: z.infer<typeof memory>): AtlusMemory {
  return withoutUndefined<AtlusMemory>({
    hasSessionMemory: found.has_session_memory,
    hasWorkingMemory: found.has_working_memory,
    hasBehaviorProfile: found.has_behavior_profile,
    conversationTurns: found.conversation_turns,
  });
}
