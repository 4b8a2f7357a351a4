/** One HTTP answer before faults touch it. A body of `undefined` is an empty one. */
export interface Answer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body, headers };
}

/** `{"success": true, "data": …}`, the usual envelope. */
export function dataAnswer(data: unknown, status = 200): Answer {
  return answer(status, { success: true, data });
}

/** `{"success": true, …}` with the value beside it, as a handful of endpoints answer. */
export function topLevelAnswer(fields: Record<string, unknown>): Answer {
  return answer(200, { success: true, ...fields });
}
