import { Controller, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { attachPage, type AttachFound } from '../../console/attach.page.js';
import { Engine } from '../../recording/engine.js';
import { MOST_ATTACHED_BYTES } from '../../store/attachments.js';
import { addAttachment } from '../../study/commands/add-attachment.command.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { Refusal } from '../../study/refusal.js';
import { ATTACHING, STUDY_READERS } from '../../study/who.js';
import { CommandDesk } from '../commands/command-desk.js';
import { BenchShow } from '../pages/bench-show.js';
import { FormTaker } from '../pages/form-taker.js';
import { Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { Problem, statusOf } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import { noteCommand, noteProblem } from '../platform/requests.js';
import { orProblem, refuseTooLong } from './attachment-problem.js';
import { receiveForm } from './receive-form.js';
import { UploadQuota } from './upload-quota.js';

const ADD_ATTACHMENT = addAttachment as unknown as CommandDefinition;
/** Of a form, beside its file. */
const FIELDS_BYTES = 1_048_576;

/** The page on which a file is attached. Its form brings the file, which is kept before it is named in a record. */
@Controller()
export class AttachPageController {
  private readonly show: BenchShow;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(CommandDesk) private readonly desk: CommandDesk,
    @Inject(UploadQuota) private readonly quota: UploadQuota,
  ) {
    this.show = new BenchShow(engine, attachPage, new FormTaker(desk));
  }

  @Get(attachPage.path)
  @AskedBy({ study: STUDY_READERS })
  get(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply> {
    return this.page(request, caller, {});
  }

  @Post(attachPage.path)
  @AskedBy({ study: ATTACHING })
  async post(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @From() caller: Caller,
  ): Promise<Reply> {
    noteCommand(request, ADD_ATTACHMENT);
    let typed = new URLSearchParams();
    try {
      refuseTooLong(request.headers['content-length'], MOST_ATTACHED_BYTES + FIELDS_BYTES);
      const { file, fields } = await orProblem(
        receiveForm(request, this.quota.of({ actor: caller.actor, study }), MOST_ATTACHED_BYTES),
      );
      typed = fields;
      if (!file) throw new Problem('field-missing', 'Choose a file, or drop one on the field.', 'file');
      const told = await this.desk.record(caller, {
        definition: ADD_ATTACHMENT,
        id: fields.get('id') ?? '',
        study,
        body: bodyOf(file, fields),
      });
      if (told instanceof Refusal) throw new Problem(told.code, told.message, told.field);
      return new Reply(303, { Location: `/studies/${study}/files#attached` }, '');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      noteProblem(request, error);
      return this.page(request, caller, { refused: error.detail, typed }, statusOf(error.code));
    }
  }

  private page(request: CalledRequest, caller: Caller, found: AttachFound, status = 200): Promise<Reply> {
    return this.show.show(request, this.callers.reader(caller), async () => found, status);
  }
}

function bodyOf(
  { sha256, size, mediaType, name }: { sha256: string; size: number; mediaType: string; name: string },
  fields: URLSearchParams,
): object {
  const given = (field: string): string | undefined => fields.get(field)?.trim() || undefined;
  const [reason, contributor, comment] = ['reason', 'contributor', 'comment'].map(given);
  return {
    ...(reason !== undefined && { reason }),
    data: {
      sha256,
      size,
      mediaType,
      name,
      kind: given('kind') ?? '',
      ...(contributor !== undefined && { contributor }),
      ...(comment !== undefined && { comment }),
    },
  };
}
