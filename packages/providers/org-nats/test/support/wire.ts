import { ColloquyError, type Procedure, type WireResponse } from "@colloquy/core/contract";
import { runOverWire, type WireRun, wireAnswer } from "@colloquy/core/testing";
import { readFailure } from "../../src/failures.js";

export { wireAnswer as answered } from "@colloquy/core/testing";

/** As the server's web framework writes pages. */
export function page(status: number, title: string): WireResponse {
  return wireAnswer(status, `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`);
}

/** A session as the server answers it. */
export function sessionAnswer(fields: object = {}): WireResponse {
  return wireAnswer(200, {
    success: true,
    data: {
      session_id: "s-1",
      subject_id: "hitl.s-1",
      message_data: {},
      message_data_template: {},
      reception_channel_id: "",
      expiry_date: null,
      status: "pending",
      dsl_execution_id: "",
      ...fields,
    },
  });
}

export const unknownSession: WireResponse = wireAnswer(404, { success: false, error: "No document found" });

/** Runs a procedure over scripted wire answers, going the whole way of a call. Fails when the script does not fit. */
export function drive<Result>(
  procedure: Procedure<Result>,
  script: readonly WireResponse[],
): Pick<WireRun<Result>, "result" | "requests"> {
  const { result, requests } = runOverWire(procedure, script, readFailure);
  return { result, requests };
}

/** The error that a function throws; fails when it throws none of ours. */
export function thrown(run: () => unknown): ColloquyError {
  try {
    run();
  } catch (error) {
    if (error instanceof ColloquyError) return error;
    throw error;
  }
  throw new TypeError("Nothing was thrown.");
}
