import { answer, topLevelAnswer } from "../answer.js";
import { openReceivedMedia, uploadBase64, uploadMedia } from "../media.js";
import { phoneRoute, type Route, sessionRoute } from "../route.js";

export const mediaRoutes: Route[] = [
  sessionRoute("POST", "/upload", ({ account, body, bytes, contentType }) => {
    const isJson = contentType.startsWith("application/json");
    const publicUrl = isJson ? uploadBase64(account, body) : uploadMedia(account, bytes, contentType);
    return topLevelAnswer({ publicUrl });
  }),
  phoneRoute("POST", "/decrypt-media", ({ account, body }) => {
    const publicUrl = openReceivedMedia(account, body);
    return account.weather.dials.decryptWithoutSuccess ? answer(200, { publicUrl }) : topLevelAnswer({ publicUrl });
  }),
];
