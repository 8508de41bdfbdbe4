import { accessPage } from './access.page.js';
import { animalPage } from './animal.page.js';
import { animalsPage } from './animals.page.js';
import { archivePage } from './archive.page.js';
import { attachPage } from './attach.page.js';
import { benchAnimalPage } from './bench-animal.page.js';
import { correctPage } from './correct.page.js';
import { enterPage } from './enter.page.js';
import { dosePage } from './dose.page.js';
import { enrolPage } from './enrol.page.js';
import { findingsPage } from './findings.page.js';
import { filesPage } from './files.page.js';
import { importPage } from './import.page.js';
import { labPage } from './lab.page.js';
import { labelPage } from './label.page.js';
import { labelsPage } from './labels.page.js';
import { mePage } from './me.page.js';
import type { Page } from './page.js';
import { newStudyPage } from './new-study.page.js';
import { peoplePage } from './people.page.js';
import { personPage } from './person.page.js';
import { protocolPage } from './protocol.page.js';
import { qualityPage } from './quality.page.js';
import { recordPage } from './record.page.js';
import { recordsPage } from './records.page.js';
import { reviewPage } from './review.page.js';
import { signInPage } from './sign-in.page.js';
import { signPage } from './sign.page.js';
import { stimulationPage } from './stimulation.page.js';
import { studiesPage } from './studies.page.js';
import { studyOverviewPage } from './study.page.js';
import { thresholdPage } from './threshold.page.js';
import { timelinePage } from './timeline.page.js';
import { todayPage } from './today.page.js';
import { verifyPage } from './verify.page.js';
import { voidPage } from './void.page.js';
import { weightsPage } from './weights.page.js';
import { welfarePage } from './welfare.page.js';

/** Every page, in the order of the navigation. Routes, navigation and the test that walks all pages come from here. */
export const PAGES: readonly Page[] = [
  studiesPage,
  labPage,
  archivePage,
  peoplePage,
  personPage,
  accessPage,
  signInPage,
  enrolPage,
  mePage,
  // Before a study’s own page: a code is in capitals, so no study is called new.
  newStudyPage,
  studyOverviewPage,
  todayPage,
  benchAnimalPage,
  protocolPage,
  animalsPage,
  animalPage,
  labelPage,
  labelsPage,
  timelinePage,
  recordsPage,
  recordPage,
  correctPage,
  voidPage,
  signPage,
  welfarePage,
  reviewPage,
  qualityPage,
  findingsPage,
  verifyPage,
  filesPage,
  attachPage,
  importPage,
  enterPage,
  dosePage,
  weightsPage,
  stimulationPage,
  thresholdPage,
];
