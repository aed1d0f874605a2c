import {
  BadImage,
  convertible,
  decodingFacts,
  type Imaging,
  inspectImage,
  sniffFormat,
} from "../../core/imaging.ts";
import { bareOf } from "../../core/imaging/bare.ts";

/** The Imaging port where no decoder can run: pictures are looked at, and shown as they came. */
export const imaging: Imaging = {
  decodes: false,
  inspect: (bytes) => inspectImage(bytes),
  async keepable(bytes) {
    if (!sniffFormat(bytes) && convertible(bytes)) throw new BadImage("other-format");
    return bytes;
  },
  async bare(bytes) {
    const { format, turn } = decodingFacts(bytes);
    return bareOf(bytes, format, turn);
  },
  reencode: refuse,
  sheet: refuse,
};

async function refuse(): Promise<never> {
  throw new BadImage("too-costly");
}
