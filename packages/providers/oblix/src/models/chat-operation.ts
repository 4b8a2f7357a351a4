import type {
  ChatAnswer,
  ChatPiece,
  ChatRequest,
  PieceReader,
  RequestParts,
  ResponseHead,
  StreamedOperation,
} from "@colloquy/core/contract";
import { malformed } from "./malformed.js";

/** The bucket of an endpoint: one allowance for all of its conversations. */
export const chatBucket = "chat";

/** Until an answer begins. ASSUMED: a local model may have to be loaded from a disk first. */
const answerBeginsMs = 300_000;

export type ChatReader = PieceReader<ChatPiece, ChatAnswer>;

export interface ChatWire {
  /** For errors: the endpoint's name. */
  readonly displayName: string;
  readonly path: string;
  encode(request: ChatRequest): RequestParts;
  /** Reads an answer that comes in parts. */
  reader(): ChatReader;
  /** Reads an answer that came whole. */
  whole(body: unknown): ChatAnswer;
}

export type ChatOperation = StreamedOperation<ChatRequest, ChatAnswer, ChatPiece>;

/** One model call as data. */
export function chatOperation(wire: ChatWire): ChatOperation {
  const whole = (text: string): ChatAnswer => wire.whole(parsed(wire.displayName, text));
  return {
    name: "chat",
    summary: "Asks the model and reads its answer as it comes.",
    method: "POST",
    path: wire.path,
    credential: "personal_access_token",
    // An answer costs money each time it is made, so one that was lost is not asked for again.
    repeatable: "never",
    buckets: [chatBucket],
    attemptTimeoutMs: answerBeginsMs,
    encode: (request) => wire.encode(request),
    decode: ({ text }) => whole(text),
    // Some servers know nothing of streams and answer whole, whatever they were asked.
    pieces: (head) => (isWhole(head) ? wholeReader(whole) : wire.reader()),
  };
}

function isWhole({ headers }: ResponseHead): boolean {
  return /^application\/json\b/i.test(headers["content-type"] ?? "");
}

function wholeReader(read: (text: string) => ChatAnswer): ChatReader {
  let all = "";
  return {
    push: (text) => {
      all += text;
      return [];
    },
    end: () => read(all),
  };
}

function parsed(displayName: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(displayName, "it is no JSON");
  }
}
