import { isDeepStrictEqual } from "node:util";
import { matches } from "./filter.js";

export type Document = Record<string, unknown>;

/** One MongoDB collection, as far as the servers use it. Nothing is unique: of several with one id the first one is meant. */
export class Collection {
  readonly #key: string;
  readonly #documents: Document[];
  readonly #onChange: () => void;

  constructor(key: string, documents: readonly Document[], onChange: () => void) {
    this.#key = key;
    this.#documents = [...documents];
    this.#onChange = onChange;
  }

  get all(): readonly Document[] {
    return this.#documents;
  }

  insert(document: Document): void {
    this.#documents.push(document);
    this.#onChange();
  }

  findOne(id: string): Document | undefined {
    return this.#documents.find((document) => document[this.#key] === id);
  }

  /** Throws `FilterError` for operators that are not emulated. */
  find(filter: Document): readonly Document[] {
    return this.#documents.filter((document) => matches(document, filter));
  }

  /** Sets fields; false when that changed nothing. An unknown id makes a document, and still counts as no change. */
  update(id: string, fields: Document): boolean {
    const found = this.findOne(id);
    if (found === undefined) {
      if (Object.keys(fields).length > 0) this.insert({ [this.#key]: id, ...fields });
      return false;
    }
    const before = structuredClone(found);
    Object.assign(found, structuredClone(fields));
    const isChanged = !isDeepStrictEqual(found, before);
    if (isChanged) this.#onChange();
    return isChanged;
  }

  /** Sets fields of every document that fits. Returns how many. */
  updateWhere(fits: (document: Document) => boolean, fields: Document): number {
    const fitting = this.#documents.filter(fits);
    for (const document of fitting) Object.assign(document, fields);
    if (fitting.length > 0) this.#onChange();
    return fitting.length;
  }

  remove(id: string): boolean {
    const index = this.#documents.findIndex((document) => document[this.#key] === id);
    if (index < 0) return false;
    this.#documents.splice(index, 1);
    this.#onChange();
    return true;
  }

  clear(): void {
    this.#documents.length = 0;
    this.#onChange();
  }
}
