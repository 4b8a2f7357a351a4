/** Turns of one conversation go one after another, in the order they came; others do not wait for them. */
export class TurnQueue {
  readonly #last = new Map<string, Promise<void>>();

  async run<Result>(conversationId: string, turn: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(conversationId) ?? Promise.resolve();
    const running = before.then(turn);
    const over = running.then(
      () => {},
      () => {},
    );
    this.#last.set(conversationId, over);
    try {
      return await running;
    } finally {
      if (this.#last.get(conversationId) === over) this.#last.delete(conversationId);
    }
  }
}
