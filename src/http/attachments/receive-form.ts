import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Attachments, KeptAttachment } from '../../store/attachments.js';
import { AttachmentError } from '../../store/attachments.js';
import { isMultipart } from '../platform/multipart.js';
import { Problem } from '../platform/problems.js';

/** A file that a form brought, kept by its digest, and what else the form says. */
export interface ReceivedForm {
  readonly file: (KeptAttachment & { readonly name: string; readonly mediaType: string }) | undefined;
  readonly fields: URLSearchParams;
}

const LIMITS = { files: 1, fields: 40, parts: 41, fieldSize: 64 * 1024, fieldNameSize: 100 };
const MEDIA_TYPE = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/;
const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Reads a form with one file of at most `most` bytes, which goes to disk while it comes.
 * @throws Problem for what is no such form; AttachmentError for the file
 */
export async function receiveForm(
  request: IncomingMessage,
  attachments: Pick<Attachments, 'receive'>,
  most: number,
): Promise<ReceivedForm> {
  if (!isMultipart(request))
    throw new Problem('content-type-unsupported', 'Send the form as multipart/form-data.', 'Content-Type');
  const form = busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  const fields = new URLSearchParams();
  let file: Promise<ReceivedForm['file']> | undefined;
  form.on('field', (name, value) => fields.append(name, value));
  form.on('file', (_name, stream, { filename, mimeType }) => {
    // A form sends a file that nobody chose with an empty name; the types do not say that there may be none.
    if (((filename as string | undefined) ?? '') === '') return void stream.resume();
    const mediaType = MEDIA_TYPE.test(mimeType) ? mimeType : UNKNOWN_TYPE;
    file = attachments
      .receive(bytesOf(stream), { most })
      .then((kept) => ({ ...kept, name: filename, mediaType }));
    // What is left of it is read, so that the form comes to its end.
    file.catch(() => stream.resume());
  });
  await new Promise<void>((resolve, reject) => {
    form.on('close', resolve);
    form.on('error', () =>
      reject(
        new Problem('body-malformed', 'The form is no multipart/form-data, or was cut off: send it again.'),
      ),
    );
    request.on('error', () => form.destroy(new Error('cut')));
    request.pipe(form);
  }).catch(async (problem: unknown) => {
    request.unpipe(form);
    await file?.catch(() => undefined);
    throw problem;
  });
  return { file: await file, fields };
}

/** The bytes of a request or of a part of one. It stays open where its reader stops, so that an answer can be sent. */
export async function* bytesOf(source: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    throw new AttachmentError('cut', 'The file came only in part: send it again.');
  }
}
