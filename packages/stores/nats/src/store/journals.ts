import type { Journal } from "./journal.js";

/** What the states of journals may take in memory together before those that were not used for longest are forgotten. ASSUMED. */
const mostBytes = 64 * 2 ** 20;

/** Their sizes are added up once in so many uses. ASSUMED. */
const usesBetweenLooks = 256;

/** And how many there may be. ASSUMED: small ones take about 2 KB. */
const mostJournals = 10_000;

/** The journals that were used of late. One that was forgotten is read again from the stream. */
export class Journals<State, Event, Kept> {
  readonly #make: (subject: string) => Journal<State, Event, Kept>;
  readonly #bySubject = new Map<string, Journal<State, Event, Kept>>();
  #uses = 0;

  constructor(make: (subject: string) => Journal<State, Event, Kept>) {
    this.#make = make;
  }

  at(subject: string): Journal<State, Event, Kept> {
    const journal = this.#bySubject.get(subject) ?? this.#make(subject);
    // The last in order is the one used last.
    this.#bySubject.delete(subject);
    this.#bySubject.set(subject, journal);
    if (++this.#uses % usesBetweenLooks === 0 || this.#bySubject.size > mostJournals) this.#forgetSome(subject);
    return journal;
  }

  #forgetSome(present: string): void {
    let bytes = 0;
    for (const journal of this.#bySubject.values()) bytes += journal.bytes;
    for (const [subject, journal] of this.#bySubject) {
      if ((bytes <= mostBytes && this.#bySubject.size <= mostJournals) || subject === present) return;
      this.#bySubject.delete(subject);
      bytes -= journal.bytes;
    }
  }
}
