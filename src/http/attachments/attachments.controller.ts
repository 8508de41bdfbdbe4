import { Controller, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { Engine } from '../../recording/engine.js';
import { MOST_ATTACHED_BYTES } from '../../store/attachments.js';
import { attachmentsOf, namedAttachments } from '../../study/attachments.js';
import { Refusal } from '../../study/refusal.js';
import { Sha256Hex, matches } from '../../study/schema.js';
import { ATTACHING } from '../../study/who.js';
import type { Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { JSON_MEDIA, Reply } from '../platform/reply.js';
import { Stream } from '../platform/stream.js';
import { READS } from '../routes/read-routes.js';
import { Read, Takes } from '../routes/route.decorators.js';
import { orProblem, refuseTooLong } from './attachment-problem.js';
import { bytesOf } from './receive-form.js';
import { savedUnder } from './saved-under.js';
import { UploadQuota } from './upload-quota.js';

/** A page that a file brings along may do nothing here, whatever a browser makes of it. */
const DOWNLOAD = { 'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'" };

/** The bytes of files: they are sent before the record that names them, and handed out only through such a record. */
@Controller()
export class AttachmentsController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(UploadQuota) private readonly quota: UploadQuota,
  ) {}

  @Read(READS.attachments)
  async list(@Param('code') study: string): Promise<object> {
    const { state, size } = await this.engine.study(study);
    return {
      study,
      treeSize: size,
      attachments: attachmentsOf(state).map(({ number, withdrawnBy, ...rest }) => ({
        record: number,
        ...rest,
        withdrawnBy: withdrawnBy ?? null,
      })),
    };
  }

  @Read(READS.attachment)
  async bytes(@Param('code') study: string, @Param('digest') digest: string): Promise<Reply> {
    const { state, size: treeSize } = await this.engine.study(study);
    const named = namedAttachments(state.records).get(digest);
    if (!named)
      throw new Problem(
        'attachment-unknown',
        'No record of the study names a file with this SHA-256.',
        'digest',
      );
    const { attachments } = this.engine;
    const { size } = await orProblem(attachments.check(digest));
    const headers = {
      ...DOWNLOAD,
      'Content-Type': named.mediaType,
      'Content-Length': String(size),
      'Content-Disposition': savedUnder(named.name),
    };
    const made = { study, size: treeSize, file: `attachment.${digest.slice(0, 16)}` };
    return new Reply(200, headers, new Stream(() => attachments.bytes(digest)), undefined, made);
  }

  @Put(READS.attachment.path)
  @HttpCode(201)
  @AskedBy({ study: ATTACHING })
  @Takes([])
  async keep(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @Param('digest') sha256: string,
    @From() { actor }: Caller,
  ): Promise<Reply | Refusal> {
    if (!matches(Sha256Hex, sha256))
      throw new Problem(
        'parameter-invalid',
        'The address ends with the SHA-256 of the file, in hex.',
        'digest',
      );
    // Whether there is such a study is said before the file is read.
    const run = await this.engine.dryRun(study);
    if (run instanceof Refusal) return run;
    refuseTooLong(request.headers['content-length']);
    const bounds = { most: MOST_ATTACHED_BYTES, sha256 };
    const kept = await orProblem(this.quota.receive({ actor, study }, bytesOf(request), bounds));
    return new Reply(201, { 'Content-Type': JSON_MEDIA }, JSON.stringify({ study, ...kept }));
  }
}
