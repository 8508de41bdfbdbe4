import { Fragment, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import Pdf from 'pdfkit';
import type { Document } from './document.js';
import { FONT_FILES, hasGlyph } from './fonts.js';
import { MARGINS, Typesetter } from './typesetter.js';
import { printedDocument } from './printed-text.js';

/**
 * The document on A4, tagged: headings, paragraphs, tables and figures can be read aloud. The same document gives the same
 * bytes: its date is that of the records, and the file's identifier follows from date and title.
 */
export function pdfDocument(document: Document): Promise<Uint8Array> {
  const { title, notice, dated } = document;
  const name = notice === undefined ? title : `SIMULATED: ${title}`;
  const pdf = new Pdf({
    size: 'A4',
    margins: MARGINS,
    bufferPages: true,
    // Compressed bytes would depend on the version of zlib.
    compress: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: name, Creator: 'Study Ledger', Producer: 'Study Ledger', CreationDate: new Date(dated) },
  });
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Uint8Array>((resolve) => pdf.on('end', () => resolve(Buffer.concat(parts))));
  for (const [font, file] of Object.entries(FONT_FILES)) pdf.registerFont(font, file);
  new Typesetter(pdf).set(printedDocument(document, hasGlyph));
  escapeInMetadata(pdf, name);
  pdf.end();
  return done;
}

/** PDFKit writes the title into the XML of the metadata as it is, where `<` and `&` would break it. */
function escapeInMetadata(pdf: InstanceType<typeof Pdf>, title: string): void {
  const steps = pdf as unknown as { endMetadata(): void };
  const write = steps.endMetadata.bind(pdf);
  steps.endMetadata = () => {
    // The dictionary with the title that readers show was written before.
    pdf.info.Title = renderToString(h(Fragment, null, title));
    write();
  };
}
