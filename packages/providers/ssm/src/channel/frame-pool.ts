import { allocateFrame, headerOf } from "../codec/encode.js";
import { at } from "../codec/layout.js";
import { messageType } from "../codec/message-type.js";

const inputHeader = headerOf(messageType.input);
// As much as a full default window.
const mostSpareBytes = 4 * 1024 * 1024;

/** Frames of our stream, used again once they are acknowledged: nearly all of a long stream have one length. */
export class FramePool {
  #spare: Buffer[] = [];
  #spareLength = 0;

  /** A frame with its header filled, apart from what is different in each. */
  take(payloadBytes: number): Buffer {
    if (this.#spareLength === at.payload + payloadBytes) {
      const spare = this.#spare.pop();
      if (spare) return spare;
    }
    return allocateFrame(inputHeader, payloadBytes);
  }

  giveBack(frame: Buffer): void {
    if (frame.length < this.#spareLength || this.#spare.length * frame.length >= mostSpareBytes) return;
    if (frame.length > this.#spareLength) {
      this.#spare = [];
      this.#spareLength = frame.length;
    }
    this.#spare.push(frame);
  }
}
