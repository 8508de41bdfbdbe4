import { Controller, Get, Req } from '@nestjs/common';
import { AskedBy } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { ASSETS } from './assets.js';

/** Style sheet and scripts of the pages. An address stands for its content for ever. */
@Controller()
export class AssetsController {
  @Get('/assets/:digest/:file')
  @AskedBy('anyone')
  get(@Req() { url }: RoutedRequest): Reply {
    const asset = ASSETS.at(url);
    if (!asset) throw new Problem('route-unknown', 'This file is of another version: load the page again.');
    const { mediaType, text } = asset;
    return new Reply(
      200,
      { 'Content-Type': mediaType, 'Cache-Control': 'public, max-age=31536000, immutable' },
      text,
    );
  }
}
