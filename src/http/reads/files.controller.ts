import { Controller, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FileOptions } from '../../exports/files.js';
import { RenderFile } from '../../exports/render-file.query.js';
import { servedName } from '../../exports/snapshot.js';
import { Refusal } from '../../study/refusal.js';
import { etagOfSize, fileReply, type Reply } from '../platform/reply.js';
import type { ParametersOf } from '../routes/parameters.js';
import { Parameters, Read } from '../routes/route.decorators.js';
import { READS } from '../routes/read-routes.js';

/** Files of a study that other programs open. */
@Controller()
export class FilesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Read(READS.file)
  async file(
    @Param('code') code: string,
    @Param('file') file: string,
    @Parameters() { at, ...options }: ParametersOf<typeof READS.file>,
  ): Promise<Reply | Refusal> {
    const answer = await this.queries.execute(new RenderFile(code, file, { at }, options as FileOptions));
    if (answer instanceof Refusal) return answer;
    const { treeSize, mediaType, bytes } = answer;
    const made = { study: code, size: treeSize, file };
    return fileReply(
      servedName({ code, size: treeSize }, file),
      mediaType,
      bytes,
      etagOfSize(treeSize),
      made,
    );
  }
}
