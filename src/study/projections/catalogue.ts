import { auditTrail } from './audit-trail.projection.js';
import { doseTitration } from './dose-titration.projection.js';
import { due } from './due.projection.js';
import { measurementSeries } from './measurement-series.projection.js';
import type { Projection } from './projection.js';
import { responderStatus } from './responder-status.projection.js';
import { qualityAssurance } from './quality-assurance.projection.js';
import { review } from './review.projection.js';
import { studyFlow } from './study-flow.projection.js';
import { thresholdSeries } from './threshold-series.projection.js';
import { welfare } from './welfare.projection.js';

/** Every projection; routes, CLI and documents read this list. */
export const PROJECTIONS: readonly Projection[] = [
  responderStatus,
  doseTitration,
  thresholdSeries,
  measurementSeries,
  studyFlow,
  auditTrail,
  welfare,
  due,
  review,
  qualityAssurance,
];
