import type { Type } from '@nestjs/common';
import { CommandsController } from './commands.controller.js';
import { EvidenceController } from './evidence.controller.js';
import { FeedController } from './feed.controller.js';
import { FilesController } from './files.controller.js';
import { ReadsController } from './reads.controller.js';
import { SiteController } from './site.controller.js';
import { WelfareController } from './welfare.controller.js';

export const HTTP_CONTROLLERS: Type[] = [
  CommandsController,
  ReadsController,
  FilesController,
  EvidenceController,
  FeedController,
  WelfareController,
  SiteController,
];
