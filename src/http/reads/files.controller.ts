import { Controller, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MakeFile } from '../../exports/make-file.js';
import type { Form } from '../../exports/served.js';
import { Refusal } from '../../study/refusal.js';
import { VERSION } from '../../shared/version.js';
import { etagOfSize, fileReply, type Reply } from '../platform/reply.js';
import type { ParametersOf } from './parameters.js';
import { Parameters, Read } from './read.decorators.js';
import { READS } from './routes.js';

/** Files of a study that other programs open. */
@Controller()
export class FilesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Read(READS.file)
  async file(
    @Param('code') code: string,
    @Param('file') file: string,
    @Parameters() { at, ...form }: ParametersOf<typeof READS.file>,
  ): Promise<Reply | Refusal> {
    const answer = await this.queries.execute(new MakeFile(code, file, VERSION, { at }, form as Form));
    if (answer instanceof Refusal) return answer;
    const { treeSize, mediaType, bytes } = answer as {
      treeSize: number;
      mediaType: string;
      bytes: Uint8Array;
    };
    return fileReply(`${code}-${treeSize}-${file}`, mediaType, bytes, etagOfSize(treeSize));
  }
}
