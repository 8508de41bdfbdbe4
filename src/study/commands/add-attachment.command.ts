import { Type } from '../schema-types.js';
import { Line, PersonId, Sha256Hex, Text, described } from '../schema.js';
import { ATTACHING } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';

const KINDS = ['contributor-report', 'document', 'raw-data', 'other'] as const;

class Attachment {
  @Required(Sha256Hex, 'SHA-256 of the bytes, hex.')
  sha256!: string;

  @Required(Type.Integer({ minimum: 1, maximum: 2 ** 31 }), 'Number of bytes.')
  size!: number;

  @Required(
    described('a media type such as application/pdf', { pattern: '^[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}$' }),
    'What kind of file it is.',
  )
  mediaType!: string;

  @Required(Line, 'Its name.')
  name!: string;

  @Required(Type.Enum([...KINDS]), 'What it is for the study.')
  kind!: (typeof KINDS)[number];

  @Optional(PersonId, 'Who wrote it, where it is a report.')
  contributor?: string;

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** A file belongs to the study. Its bytes are kept beside the log, and its record holds their digest. */
export class AddAttachment extends StudyCommand {
  @Data(Attachment) readonly data!: Attachment;
}

export const addAttachment = defineCommand(AddAttachment, {
  phase: 'record',
  who: ATTACHING,
  summary: 'Attach a file',
  records: 'AttachmentAdded',
  refuses: ['attachment-missing'],
  afterClose: true,
  beforeProtocol: true,
  example: {
    data: {
      sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      size: 11,
      mediaType: 'application/pdf',
      name: 'Report of the pathologist.pdf',
      kind: 'contributor-report',
      contributor: 'path-1',
    },
  },
  decide: ({ data }) => propose('AttachmentAdded', { ...data }),
});
