/** An async iterator fed from outside. Nothing is dropped: what nobody read yet is kept. */
export interface Stream<Value> extends AsyncIterableIterator<Value> {
  push(value: Value): void;
  end(): void;
  fail(error: unknown): void;
}

/** `onReturn` runs once when the reader leaves the loop early. */
export function createStream<Value>(onReturn?: () => void | Promise<void>): Stream<Value> {
  const ready: Value[] = [];
  const readers: { resolve: (result: IteratorResult<Value>) => void; reject: (error: unknown) => void }[] = [];
  let closed: { readonly error?: unknown } | undefined;

  const close = (how: { readonly error?: unknown }): void => {
    if (closed) return;
    closed = how;
    for (const reader of readers.splice(0))
      if ("error" in how) reader.reject(how.error);
      else reader.resolve({ done: true, value: undefined });
  };

  return {
    push(value) {
      if (closed) return;
      const reader = readers.shift();
      if (reader) reader.resolve({ done: false, value });
      else ready.push(value);
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    async next() {
      if (ready.length > 0) return { done: false, value: ready.shift() as Value };
      if (closed) {
        if (!("error" in closed)) return { done: true, value: undefined };
        const { error } = closed;
        // Thrown once; afterwards the iterator is simply done.
        closed = {};
        throw error;
      }
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    async return() {
      const wasOpen = !closed;
      close({});
      ready.length = 0;
      if (wasOpen) await onReturn?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
