/** Who the label says made the picture. */
const producer = "Drawbridge";

/**
 * XMP that says a picture was generated: IPTC's DigitalSourceType, which European law is met with, and TC260's AIGC, which
 * Chinese law asks for (GB 45438-2025). `code` is that of the job, or of several,
 * with spaces between them.
 * https://cv.iptc.org/newscodes/digitalsourcetype/
 */
export function labelOf(code: string): string {
  const aigc = JSON.stringify({ Label: "1", ContentProducer: producer, ProduceID: code });
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia" TC260:AIGC="${aigc.replaceAll('"', "&quot;")}"/></rdf:RDF></x:xmpmeta>`;
}
