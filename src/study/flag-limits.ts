/**
 * Numbers of this project's own, taken from no guideline and no published study. They decide where a record is flagged,
 * never whether it is taken. `docs/flags.md` lists them, with the members by which a protocol sets its own.
 */

/** Minutes by which the time of a run or a score may differ from its planned minute. */
export const MINUTE_TOLERANCE = 10;

/** Days within which a weight is compared with the last one. */
export const WEIGHT_DAYS = 7;

/** Per cent by which a weight may differ from the last one. */
export const WEIGHT_CHANGE_PERCENT = 20;

/** Per cent by which the weight that a dose was worked out with may differ from the last one. */
export const DOSE_WEIGHT_PERCENT = 15;

/** µg/kg of ketamine intrathecally in rats above which a dose is implausible. */
export const KETAMINE_INTRATHECAL_RAT = 1600;

/** Per cent by which volume · concentration may differ from the dose: what rounding explains. */
export const DOSE_VOLUME_PERCENT = 5;

/** Points by which the percentage of the motor threshold may differ from amplitude ÷ threshold. */
export const MOTOR_THRESHOLD_POINTS = 2;

/** The most equal responses that a bound at an end of the ladder takes. */
export const BOUND_TOUCHES = 4;
