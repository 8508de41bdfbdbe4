import { createReadStream, existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { v7 } from 'uuid';
import { AttachmentError, MOST_ATTACHED_BYTES } from '../../store/attachments.js';
import { addAttachment } from '../../study/commands/add-attachment.command.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { parseCommand } from '../../study/parse.js';
import { Refusal } from '../../study/refusal.js';
import { directorOf } from '../../study/study.js';
import { actingBy, readTokenFile } from '../acting.js';
import { openForRecording } from '../open-for-recording.js';
import type { Place } from '../open-ledger.js';
import { Failure } from '../output/failure.js';

export interface AttachOptions extends Place {
  readonly study: string;
  readonly kind: string;
  readonly name?: string;
  readonly mediaType?: string;
  readonly contributor?: string;
  readonly comment?: string;
  readonly reason?: string;
  readonly actor?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.txt': 'text/plain',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.zip': 'application/zip',
};

const ADD_ATTACHMENT = addAttachment as unknown as CommandDefinition;

/** Keeps the bytes of a file beside the log, and records in the study which they are. */
export async function attach(path: string, options: AttachOptions): Promise<string> {
  const { study, kind, name = basename(path), contributor, comment, reason, json = false } = options;
  if (!existsSync(path)) throw new Failure(`There is no file ${path}.`, 'Check its path.', 'file-unreadable');
  const token = options.tokenFile === undefined ? undefined : readTokenFile(options.tokenFile);
  const ledger = await openForRecording(options, { holder: `study-ledger attach ${name}` });
  try {
    const { engine } = ledger;
    const director = directorOf((await engine.study(study)).state);
    const acting = await actingBy(engine, token, options.actor ?? director);
    const { sha256, size } = await engine.attachments.receive(createReadStream(path), {
      most: MOST_ATTACHED_BYTES,
    });
    const body = {
      ...(reason !== undefined && { reason }),
      data: {
        sha256,
        size,
        mediaType:
          options.mediaType ?? MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
        name,
        kind,
        ...(contributor !== undefined && { contributor }),
        ...(comment !== undefined && { comment }),
      },
    };
    const command = parseCommand(ADD_ATTACHMENT, body, { id: v7(), study, ...acting });
    if (command instanceof Refusal) throw Failure.of(command);
    const receipt = await engine.execute(ADD_ATTACHMENT, command);
    if (receipt instanceof Refusal) throw Failure.of(receipt);
    const number = receipt.records[0]!.number;
    if (json) return JSON.stringify({ study, record: number, sha256, size });
    return `Record #${number} of ${study} names “${name}”: ${size} bytes, SHA-256 ${sha256}.`;
  } catch (error) {
    if (error instanceof AttachmentError) throw new Failure(error.message, '', error.code);
    throw error;
  } finally {
    await ledger.close();
  }
}
