import type { AnyOperation, Operation, OperationTree, PagedOperation, Priority } from "../contract/index.js";
import type { OperationResult } from "../transport/exchange.js";
import { eachRow, everyPage } from "./paging.js";

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

/** An operation that answers with one page of a list, and reads the whole list by itself. Leaving a loop early stops asking. */
export type PagedCall<Input, Output, Row> = BoundCall<Input, Output> &
  (Record<string, never> extends Input
    ? {
        each(input?: Input, options?: CallOptions): AsyncGenerator<Row, void, void>;
        pages(input?: Input, options?: CallOptions): AsyncGenerator<Output, void, void>;
      }
    : {
        /**
         * Every row from the page of the input (the first by default) on. Where rows have a lasting name, none comes twice when
         * others are added while the list is read, and none is lost when others are removed; where as many were removed as
         * added between two pages, that cannot be seen. `timeoutMs` counts for each page.
         */
        each(input: Input, options?: CallOptions): AsyncGenerator<Row, void, void>;
        /** Each page as it came. */
        pages(input: Input, options?: CallOptions): AsyncGenerator<Output, void, void>;
      });

/** A provider's whole API, typed by its operation table: `session.provider.messages.edit({ … })`. */
export type BoundOperations<Tree extends OperationTree> = {
  readonly [Noun in keyof Tree]: {
    readonly [Verb in keyof Tree[Noun]]: Tree[Noun][Verb] extends PagedOperation<infer Input, infer Output, infer Row>
      ? PagedCall<Input, Output, Row>
      : Tree[Noun][Verb] extends Operation<infer Input, infer Output>
        ? BoundCall<Input, Output>
        : never;
  };
};

type Execute = (operation: AnyOperation, input: unknown, options?: CallOptions) => Promise<OperationResult<unknown>>;

/** Binds each operation of the tree to `execute`. */
export function bindOperations<Tree extends OperationTree>(tree: Tree, execute: Execute): BoundOperations<Tree> {
  const bind = (verbs: Readonly<Record<string, AnyOperation>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(verbs).map(([verb, operation]) => [verb, bound(operation, execute)]));
  return Object.fromEntries(Object.entries(tree).map(([noun, verbs]) => [noun, bind(verbs)])) as BoundOperations<Tree>;
}

function bound(operation: AnyOperation, execute: Execute): unknown {
  const call = (input: unknown = {}, options?: CallOptions): Promise<OperationResult<unknown>> =>
    execute(operation, input, options);
  const { paging } = operation as Partial<PagedOperation<unknown, unknown, unknown>>;
  if (!paging) return call;
  const fetching =
    (options?: CallOptions) =>
    async (input: unknown): Promise<unknown> =>
      (await call(input, options)).value;
  return Object.assign(call, {
    each: (input: unknown = {}, options?: CallOptions) => eachRow(paging, input, fetching(options)),
    pages: (input: unknown = {}, options?: CallOptions) => everyPage(paging, input, fetching(options)),
  });
}
