import { Inject, Injectable } from '@nestjs/common';
import { Engine } from '../../recording/engine.js';
import {
  AttachmentError,
  UNNAMED_MS,
  type Attachments,
  type Bounds,
  type KeptAttachment,
} from '../../store/attachments.js';
import { namedAttachments } from '../../study/attachments.js';
import { HttpSettings, type UploadBounds } from '../platform/http-settings.js';

export interface Sender {
  readonly actor: string;
  readonly study: string;
}

interface Upload extends Sender {
  readonly atMs: number;
  size: number;
  /** What it is said to be. */
  readonly expected: string | undefined;
  /** Once all of it has come. */
  sha256?: string;
}

/**
 * Bounds what people send and no record names. It counts what comes while it comes, and forgets what a record has named or what is
 * a day old and so may be deleted. What came before the process began is not counted.
 */
@Injectable()
export class UploadQuota {
  private readonly uploads = new Set<Upload>();

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  /** Takes bytes as `Attachments.receive` does. @throws AttachmentError, `quota` as well */
  async receive(sender: Sender, bytes: AsyncIterable<Uint8Array>, bounds: Bounds): Promise<KeptAttachment> {
    await this.forgetNamed();
    const upload: Upload = { ...sender, atMs: this.engine.clock(), size: 0, expected: bounds.sha256 };
    this.uploads.add(upload);
    try {
      this.check(upload);
      const kept = await this.engine.attachments.receive(this.counted(upload, bytes), bounds);
      // The same bytes lie there once.
      for (const other of this.uploads) if (other.sha256 === kept.sha256) this.uploads.delete(other);
      upload.sha256 = kept.sha256;
      return kept;
    } catch (error) {
      this.uploads.delete(upload);
      throw error;
    }
  }

  /** What takes the files of one person. */
  of(sender: Sender): Pick<Attachments, 'receive'> {
    return { receive: (bytes, bounds) => this.receive(sender, bytes, bounds) };
  }

  private async *counted(upload: Upload, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      upload.size += chunk.length;
      this.check(upload);
      yield chunk;
    }
  }

  private check({ actor, expected }: Upload): void {
    const { person, all } = this.settings.uploads;
    // What is sent again takes no more room.
    const uploads = [...this.uploads].filter((one) => one.sha256 === undefined || one.sha256 !== expected);
    const own = uploads.filter((one) => one.actor === actor);
    refuseBeyond(own, person, 'You have sent', 'of one person');
    refuseBeyond(uploads, all, 'This server holds', 'of all people together');
  }

  /** The records are looked at only here: a file is sent seldom, and they are in memory. */
  private async forgetNamed(): Promise<void> {
    const before = this.engine.clock() - UNNAMED_MS;
    for (const upload of this.uploads) if (upload.atMs < before) this.uploads.delete(upload);
    for (const study of new Set([...this.uploads].map((upload) => upload.study))) {
      const named = namedAttachments((await this.engine.study(study)).state.records);
      for (const upload of this.uploads)
        if (upload.study === study && named.has(upload.sha256 ?? '')) this.uploads.delete(upload);
    }
  }
}

function refuseBeyond(
  uploads: readonly Upload[],
  { files, size: most }: UploadBounds,
  whose: string,
  bound: string,
): void {
  const size = uploads.reduce((sum, one) => sum + one.size, 0);
  if (uploads.length <= files && size <= most) return;
  throw new AttachmentError(
    'quota',
    `${whose} ${uploads.length} files of ${megabytes(size)} that no record names, this one among them; at most ${files} files and ${megabytes(most)} ${bound} may wait for their records. Attach what was sent (AddAttachment), or send this again when a day has passed: what no record names then is deleted.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 104_857.6) / 10} MB`;
}
