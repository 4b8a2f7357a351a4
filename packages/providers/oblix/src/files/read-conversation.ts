import type { ExportedConversation, ExportedMessage } from "./shapes.js";

/** A message without an id gets one when it is stored. */
export type ReadMessage = Omit<ExportedMessage, "id"> & { readonly id?: string };

/** What a file holds: its head at once, its messages as they are read. */
export interface ReadConversation {
  readonly conversation: ExportedConversation;
  readonly messages: AsyncIterable<ReadMessage>;
}
