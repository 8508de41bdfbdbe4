/** The roles that a person can be granted, in the order of the table in docs/people.md. */
export const ROLES = [
  'administrator',
  'director',
  'technician',
  'veterinarian',
  'statistician',
  'quality',
  'management',
  'inspector',
] as const;
export type Role = (typeof ROLES)[number];

/** Who may give a command. Nobody may what no role is named for. */
export interface Who {
  /** The first one that is held is the role acted in, where none is asked for. */
  readonly roles: readonly Role[];
  /** A grant of one study does not do. */
  readonly ofFacility?: true;
  /** The director of this study at that moment, and nobody else. */
  readonly isStudyDirector?: true;
  /** Whoever made the record, on the same day, where the role may make such a record; else the study's director. */
  readonly isOwnOrStudyDirector?: true;
}

export const REGISTERING: Who = { roles: ['director', 'management'], ofFacility: true };
export const THE_STUDY_DIRECTOR: Who = { roles: ['director'], isStudyDirector: true };
export const MANAGEMENT: Who = { roles: ['management'] };
export const BENCH: Who = { roles: ['technician', 'director'] };
export const ANIMAL_CARE: Who = { roles: ['technician', 'director', 'veterinarian'] };
export const WELFARE_DECISION: Who = { roles: ['director', 'veterinarian'] };
export const CORRECTING: Who = {
  roles: ['technician', 'director', 'veterinarian'],
  isOwnOrStudyDirector: true,
};

/** Quality assurance and management withdraw what they alone record, and nothing else. */
export const WITHDRAWING: Who = {
  roles: [...CORRECTING.roles, 'quality', 'management'],
  isOwnOrStudyDirector: true,
};

export const QUALITY: Who = { roles: ['quality'] };
/** Whoever holds a role: what may be signed with which meaning is decided with the signature. */
export const SIGNING: Who = { roles: ROLES };
/** Whoever can have made a record, or is named in one. */
export const VOUCHING: Who = {
  roles: ['technician', 'director', 'veterinarian', 'statistician', 'quality', 'management'],
};
export const ATTACHING: Who = {
  roles: ['technician', 'director', 'veterinarian', 'statistician', 'quality', 'management'],
};

/** Who may read: a study that one may not read is answered like one that is not there. */
export const STUDY_READERS: Who = {
  roles: ['technician', 'director', 'veterinarian', 'statistician', 'quality', 'management', 'inspector'],
};
/** What is said of all studies together. */
export const READERS_OF_ALL: Who = {
  roles: ['management', 'veterinarian', 'quality', 'inspector'],
  ofFacility: true,
};
export const ACCESS_READERS: Who = {
  roles: ['administrator', 'management', 'quality', 'inspector'],
  ofFacility: true,
};
export const ADMINISTRATION: Who = { roles: ['administrator'], ofFacility: true };
/** Who may take a study out of the ledger as a bundle. */
export const BUNDLE_READERS: Who = {
  roles: ['director', 'statistician', 'quality', 'management', 'inspector'],
};
