import sharp from "sharp";

/** An SVG document as a PNG of exactly this size, in pixels. The same document gives the same bytes. */
export async function rasterize(
  svg: string,
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const image = sharp(Buffer.from(svg)).resize({ ...size, fit: "fill" });
  return image.flatten({ background: "white" }).png({ compressionLevel: 6 }).toBuffer();
}
