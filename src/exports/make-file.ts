import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../queries/as-of.js';
import { Engine } from '../recording/engine.js';
import type { Answer } from '../queries/queries.js';
import { answerFromView } from '../queries/ask.js';
import type { Study } from '../study/study.js';
import { Refusal, refuse } from '../study/refusal.js';
import { FileMaker } from './file-maker.js';
import { SERVED, type Form } from './served.js';
import { standOf } from './snapshot.js';

/** A file of one study, as known then: its bytes, its media type, and where it stands. */
export class MakeFile extends Query<Answer | Refusal> {
  constructor(
    readonly study: string,
    readonly file: string,
    readonly version: string,
    readonly asOf: Pick<AsOf, 'at'> = {},
    readonly form: Form = {},
  ) {
    super();
  }
}

@QueryHandler(MakeFile)
export class MakeFileHandler {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(FileMaker) private readonly maker: FileMaker,
  ) {}

  async execute({ study: code, file, version, asOf, form }: MakeFile): Promise<Answer | Refusal> {
    const served = SERVED.find(({ name }) => name === file);
    const known = await answerFromView(this.engine, code, asOf, ({ study }) => ({ folded: study }));
    if (known instanceof Refusal) return known;
    if (!served)
      return refuse(
        'file-unknown',
        `There is no file “${file.slice(0, 60)}”; there are ${SERVED.map(({ name }) => name).join(', ')}.`,
        'file',
      );
    const { folded: study, treeSize, root } = known as { folded: Study; treeSize: number; root: string };
    const { facility, simulated } = await this.engine.lab();
    const stand = standOf(study, { facility, simulated, root, version });
    const bytes = await this.maker.make(served, form, { study, stand });
    if (bytes instanceof Refusal) return bytes;
    return { study: code, treeSize, root, mediaType: served.mediaType, bytes };
  }
}
