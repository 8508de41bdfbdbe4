import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { MakeFile } from '../../exports/make-file.js';
import { SERVED, type Form } from '../../exports/served.js';
import { Refusal } from '../../study/refusal.js';
import { sendAnswer, sendFile } from '../platform/answer.js';
import { AtLeastGuard } from '../platform/at-least.guard.js';
import { VERSION } from '../openapi/openapi.js';
import { parametersOf } from './parameters.js';
import { READS } from './routes.js';

/** Files of a study that other programs open. */
@Controller()
@UseGuards(AtLeastGuard)
export class FilesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(READS.file.path)
  async file(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { code = '', file = '' } = request.params as Record<string, string>;
    const forms = SERVED.find(({ name }) => name === file)?.forms ?? [];
    const { at, atLeast: _, ...form } = parametersOf(request, ['at', 'atLeast', ...forms]);
    const answer = await this.queries.execute(new MakeFile(code, file, VERSION, { at }, form as Form));
    if (answer instanceof Refusal) return sendAnswer(request, response, answer);
    const { treeSize, mediaType, bytes } = answer as {
      treeSize: number;
      mediaType: string;
      bytes: Uint8Array;
    };
    sendFile(request, response, { treeSize, mediaType, bytes, name: `${code}-${treeSize}-${file}` });
  }
}
