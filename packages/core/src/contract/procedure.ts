import type { AnyOperation, Operation } from "./operation.js";

/** One exchange that a procedure asks core to make. */
export interface Call<Output = unknown> {
  readonly operation: AnyOperation;
  readonly input: unknown;
  /** Carries the output's type; never present at run time. */
  readonly output?: Output;
}

/**
 * A few exchanges in a row, described as data: core makes each yielded call and gives the decoded answer back, or throws the
 * `ColloquyError` into the generator. So a provider needs no network, no clock and no promise, and a test needs none either.
 *
 * ```ts ignore=fragment
 * *probe(context) {
 *   const session = yield* call(operations.sessions.get, {});
 *   return { word: session.status };
 * }
 * ```
 */
export type Procedure<Result> = Generator<Call, Result, unknown>;

/** Asks for one exchange inside a procedure: `const answer = yield* call(operation, input)`. */
export function* call<Input, Output>(operation: Operation<Input, Output>, input: Input): Procedure<Output> {
  return (yield { operation, input }) as Output;
}

/** The same as data, for facets that are exactly one exchange. */
export function callOf<Input, Output>(operation: Operation<Input, Output>, input: Input): Call<Output> {
  return { operation, input };
}
