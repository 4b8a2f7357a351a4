import type { AskWay } from "./ask-way.js";

/** Who puts the questions of one session. */
export interface LaneUser {
  mayLeave(order: number, inTurnWithSends: boolean): boolean;
  /** Resolves when it is taken, settled or back in its lane; `blocked`: somebody else's question is out there. */
  put(id: string): Promise<"over" | "blocked">;
  /** A question that messages given later waited for is over. */
  turnEnded(order: number): void;
}

interface Place {
  readonly id: string;
  readonly order: number;
  readonly user: LaneUser;
}

interface Lane {
  readonly capacity: number;
  readonly needsSession: boolean;
  readonly inTurnWithSends: boolean;
  readonly waiting: Place[];
  readonly out: Map<string, Place>;
  flying: number;
}

// ASSUMED: as many as the transport gladly has under way for one session.
const mostFlying = 16;

/** Keeps questions in order: one chat, or a session with a bound, has only so many out at once. Shared by all sessions. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Where a question waits or is out; of lanes without a bound only what waits. */
  readonly #laneOf = new Map<string, string>();

  /** A question that is to be put. */
  queue(way: AskWay, place: Place): void {
    const { waiting } = this.#lane(way);
    const index = waiting.findLastIndex(({ order, user }) => user !== place.user || order < place.order);
    waiting.splice(index + 1, 0, place);
    this.#laneOf.set(place.id, way.lane);
  }

  /** A question that is out already. */
  occupy(way: AskWay, place: Place): void {
    if (!isTracked(way)) return;
    this.#lane(way).out.set(place.id, place);
    this.#laneOf.set(place.id, way.lane);
  }

  /** Lets questions leave while there is room. */
  pump(name: string): void {
    const lane = this.#lanes.get(name);
    if (!lane) return;
    while (lane.flying < mostFlying && lane.out.size < lane.capacity) {
      const [first] = lane.waiting;
      if (!first || (lane.needsSession && !first.user.mayLeave(first.order, lane.inTurnWithSends))) break;
      lane.waiting.shift();
      if (isTracked(lane)) lane.out.set(first.id, first);
      else this.#laneOf.delete(first.id);
      this.#fly(name, lane, first);
    }
    if (lane.waiting.length + lane.out.size + lane.flying === 0) this.#lanes.delete(name);
  }

  /** It is settled, or no longer ours: the next one may leave. */
  leave(id: string): void {
    const name = this.#laneOf.get(id);
    const lane = name === undefined ? undefined : this.#lanes.get(name);
    if (name === undefined || !lane) return;
    this.#laneOf.delete(id);
    const index = lane.waiting.findIndex((place) => place.id === id);
    const [place = lane.out.get(id)] = index < 0 ? [] : lane.waiting.splice(index, 1);
    lane.out.delete(id);
    if (place && lane.inTurnWithSends) place.user.turnEnded(place.order);
    this.pump(name);
  }

  /** It was not taken, and is the first to leave again. */
  back(way: AskWay, place: Place): void {
    const lane = this.#lane(way);
    const before = lane.out.get(place.id) ?? place;
    lane.out.delete(place.id);
    lane.waiting.unshift(before);
    this.#laneOf.set(place.id, way.lane);
  }

  /** A session is let go. */
  forget(user: LaneUser): void {
    for (const lane of this.#lanes.values())
      for (const { id, user: owner } of [...lane.waiting, ...lane.out.values()]) if (owner === user) this.leave(id);
  }

  #fly(name: string, lane: Lane, { id, user }: Place): void {
    lane.flying += 1;
    const landed = (end: "over" | "blocked"): void => {
      lane.flying -= 1;
      if (end === "over") this.pump(name);
    };
    user.put(id).then(landed, () => landed("over"));
  }

  #lane(way: AskWay): Lane {
    const known = this.#lanes.get(way.lane);
    if (known) return known;
    const { capacity, needsSession, inTurnWithSends } = way;
    const made: Lane = { capacity, needsSession, inTurnWithSends, waiting: [], out: new Map(), flying: 0 };
    this.#lanes.set(way.lane, made);
    return made;
  }
}

/** Whether it matters which questions are out. */
function isTracked({ capacity, inTurnWithSends }: Pick<Lane, "capacity" | "inTurnWithSends">): boolean {
  return inTurnWithSends || Number.isFinite(capacity);
}
