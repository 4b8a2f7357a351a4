import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import type { Collection, Document } from "./collection.js";
import { known } from "./documents.js";
import { FilterError } from "./filter.js";
import { done, failed, readCaught } from "./replies.js";
import type { OrgState } from "./state.js";

/** What is kept: its name in answers, its defaults, and where. */
export interface Kind {
  readonly name: string;
  readonly defaults: Document;
  readonly of: (state: OrgState) => Collection;
}

export function create(state: OrgState, { name, defaults, of }: Kind, request: ServiceRequest): Reply {
  of(state).insert(known(defaults, readCaught(request)));
  return done({ id: state.random.hex(24), message: `${name} created` }, 201);
}

export function read(state: OrgState, { defaults, of }: Kind, id: string): Reply {
  const found = of(state).findOne(id);
  return found === undefined ? failed(404, "No document found") : done(known(defaults, found));
}

/** An unknown id is told as such, though the upsert has made it. So are values that change nothing. */
export function update(state: OrgState, { name, of }: Kind, request: ServiceRequest, id: string): Reply {
  return of(state).update(id, readCaught(request))
    ? done({ message: `${name} updated` })
    : failed(404, "No document found to update");
}

export function remove(state: OrgState, { name, of }: Kind, id: string): Reply {
  return of(state).remove(id) ? done({ message: `${name} deleted` }) : failed(404, "No document found to delete");
}

/** Runs the body as a database filter. Shows documents with every key that they have. */
export function query(state: OrgState, { of }: Kind, request: ServiceRequest): Reply {
  const filter = readCaught(request);
  try {
    return done(of(state).find(filter));
  } catch (error) {
    if (error instanceof FilterError) return failed(400, error.message);
    throw error;
  }
}
