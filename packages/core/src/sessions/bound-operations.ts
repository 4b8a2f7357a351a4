import type { AnyOperation, Operation, OperationTree, Priority } from "../contract/index.js";
import type { OperationResult } from "../transport/exchange.js";

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For queueing and all attempts together, in milliseconds. Default: no limit on queueing. */
  readonly timeoutMs?: number;
  readonly priority?: Priority;
}

/** One operation, ready to be called. An input whose every field is optional may be left out. */
export type BoundCall<Input, Output> =
  Record<string, never> extends Input
    ? (input?: Input, options?: CallOptions) => Promise<OperationResult<Output>>
    : (input: Input, options?: CallOptions) => Promise<OperationResult<Output>>;

/** A provider's whole API, typed by its operation table: `session.provider.messages.edit({ … })`. */
export type BoundOperations<Tree extends OperationTree> = {
  readonly [Noun in keyof Tree]: {
    readonly [Verb in keyof Tree[Noun]]: Tree[Noun][Verb] extends Operation<infer Input, infer Output>
      ? BoundCall<Input, Output>
      : never;
  };
};

type Execute = (operation: AnyOperation, input: unknown, options?: CallOptions) => Promise<OperationResult<unknown>>;

/** Binds each operation of the tree to `execute`. */
export function bindOperations<Tree extends OperationTree>(tree: Tree, execute: Execute): BoundOperations<Tree> {
  const bind = (verbs: Readonly<Record<string, AnyOperation>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(verbs).map(([verb, operation]) => [
        verb,
        (input: unknown = {}, options?: CallOptions) => execute(operation, input, options),
      ]),
    );
  return Object.fromEntries(Object.entries(tree).map(([noun, verbs]) => [noun, bind(verbs)])) as BoundOperations<Tree>;
}
