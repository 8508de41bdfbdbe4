import type { Type } from '@nestjs/common';
import { AttachPageController } from './attachments/attach-page.controller.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { CommandsController } from './commands/commands.controller.js';
import { ImportPageController } from './imports/import-page.controller.js';
import { ImportsController } from './imports/imports.controller.js';
import { FindingsController } from './reads/findings.controller.js';
import { EvidenceController } from './reads/evidence.controller.js';
import { AssetsController } from './pages/assets.controller.js';
import { FindController } from './pages/find.controller.js';
import { pageControllers } from './pages/pages.controller.js';
import { RecordsCsvController } from './pages/records-csv.controller.js';
import { EnrolmentController } from './people/enrolment.controller.js';
import { LabCommandsController } from './people/lab-commands.controller.js';
import { OidcController } from './people/oidc.controller.js';
import { PeopleController } from './people/people.controller.js';
import { SignaturesController } from './signatures/signatures.controller.js';
import { SignInController } from './people/sign-in.controller.js';
import { FallbackController } from './routes/fallback.controller.js';
import { FeedController } from './reads/feed.controller.js';
import { FilesController } from './reads/files.controller.js';
import { ReadsController } from './reads/reads.controller.js';
import { SiteController } from './reads/site.controller.js';
import { WelfareController } from './reads/welfare.controller.js';

/** In the order in which the router tries them. */
export const HTTP_CONTROLLERS: Type[] = [
  CommandsController,
  ImportsController,
  AttachmentsController,
  LabCommandsController,
  SignaturesController,
  SignInController,
  EnrolmentController,
  OidcController,
  PeopleController,
  ReadsController,
  FindingsController,
  FilesController,
  EvidenceController,
  FeedController,
  WelfareController,
  SiteController,
  AssetsController,
  FindController,
  RecordsCsvController,
  ImportPageController,
  AttachPageController,
  ...pageControllers(),
  FallbackController,
];
