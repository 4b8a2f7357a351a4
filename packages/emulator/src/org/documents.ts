import type { Document } from "./collection.js";

/** A session as the server answers it: these keys and no others. */
export const sessionDefaults: Document = {
  session_id: "",
  subject_id: "",
  message_data: {},
  message_data_template: {},
  reception_channel_id: "",
  expiry_date: 0,
  status: "pending",
  dsl_execution_id: "",
};

export const channelDefaults: Document = {
  channel_id: "",
  channel_name: "",
  channel_description: "",
  channel_metadata: {},
  channel_tags: [],
};

/** The known keys of what was given, defaults for the others. Unknown keys are dropped. */
export function known(defaults: Document, given: Document): Document {
  return Object.fromEntries(
    Object.entries(defaults).map(([key, standard]) => [
      key,
      structuredClone(given[key] === undefined ? standard : given[key]),
    ]),
  );
}
