/** What a column of a sheet, or a cell above its headers, can be. */
export const MEANINGS = {
  ignore: 'not read',
  animal: 'animal',
  date: 'date',
  time: 'time of day',
  instant: 'date and time with an offset',
  day: 'day, counted from day 0',
  weight: 'body weight',
  responses: 'responses of a run, such as oxoxox',
  last: 'last filament of the run',
  touches: 'touches of a run, such as 2O 4X',
  filament: 'filament of one touch',
  response: 'response to one touch',
  number: 'number of the touch in its run',
  run: 'what tells runs apart',
  paw: 'paw',
  species: 'species',
  strain: 'strain',
  sex: 'sex',
  birth: 'date of birth',
  arrived: 'day of arrival',
  cage: 'cage',
  group: 'group',
  comment: 'remark',
  reason: 'reason of the row',
  later: 'found after closing, yes or no',
  label: 'name of the record, by which other rows point to it',
} as const;

/** One of these, `applied:4` for the responses to one filament, `assay:id`, `score:item`, or `Command.field`. */
export type Meaning = string;

/** Words of headers, in lower case without accents, units and punctuation: English, German, Dutch, French. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  animal: [
    'animal',
    'animal id',
    'animal no',
    'animal number',
    'subject',
    'subject id',
    'rat',
    'rat id',
    'rat no',
    'mouse',
    'mouse id',
    'mouse no',
    'tier',
    'tiernummer',
    'tier nr',
    'tier id',
    'ratte',
    'maus',
    'dier',
    'diernummer',
    'dier nr',
    'muis',
    'rat nr',
    'souris',
    'numero animal',
  ],
  date: ['date', 'test date', 'day of test', 'datum', 'testdatum', 'messdatum', 'meetdatum', 'date du test'],
  time: ['time', 'time of day', 'clock', 'uhrzeit', 'zeit', 'tijd', 'tijdstip', 'heure'],
  instant: [
    'timestamp',
    'date time',
    'datetime',
    'occurred at',
    'occurredat',
    'zeitstempel',
    'tijdstempel',
    'horodatage',
  ],
  day: [
    'day',
    'study day',
    'test day',
    'studientag',
    'versuchstag',
    'studiedag',
    'dag',
    'tag',
    'jour',
    'sni day',
    'timepoint sni day',
  ],
  weight: [
    'weight',
    'body weight',
    'bodyweight',
    'bw',
    'mass',
    'gewicht',
    'korpergewicht',
    'lichaamsgewicht',
    'kg gewicht',
    'poids',
    'poids corporel',
    'masse',
  ],
  responses: [
    'responses',
    'response pattern',
    'pattern',
    'sequence',
    'xo series',
    'xo',
    'up down',
    'reaktionen',
    'reacties',
    'reponses',
  ],
  last: [
    'last',
    'last filament',
    'last hair',
    'final filament',
    'last vf',
    'letztes filament',
    'laatste filament',
    'dernier filament',
    'filaments',
  ],
  touches: ['touches', 'stimuli', 'beruhrungen', 'aanrakingen'],
  filament: ['filament', 'hair', 'vf', 'bending force', 'force', 'von frey filament'],
  response: ['response', 'reaction', 'withdrawal', 'reaktion', 'reactie', 'reponse', 'antwort'],
  number: ['touch', 'touch no', 'touch number', 'stimulus', 'stimulus no', 'trial', 'trial no'],
  run: ['run', 'run no', 'run number', 'series', 'lauf', 'serie'],
  paw: ['paw', 'hind paw', 'side', 'foot', 'pfote', 'seite', 'poot', 'zijde', 'patte', 'cote'],
  species: ['species', 'art', 'spezies', 'soort', 'espece'],
  strain: ['strain', 'stamm', 'stam', 'souche', 'lignee'],
  sex: ['sex', 'gender', 'geschlecht', 'geslacht', 'sexe'],
  birth: [
    'date of birth',
    'dob',
    'born',
    'birth date',
    'geburtsdatum',
    'geboortedatum',
    'date de naissance',
    'ne le',
  ],
  cage: ['cage', 'cage no', 'kafig', 'kafignummer', 'kooi', 'kooinummer'],
  group: ['group', 'treatment group', 'gruppe', 'groep', 'groupe'],
  comment: [
    'remark',
    'remarks',
    'comment',
    'comments',
    'note',
    'notes',
    'bemerkung',
    'bemerkungen',
    'kommentar',
    'anmerkung',
    'opmerking',
    'opmerkingen',
    'remarque',
    'remarques',
    'commentaire',
  ],
  reason: ['reason', 'grund', 'reden', 'raison'],
  later: ['found after closing', 'after close', 'found later'],
  arrived: ['arrived', 'arrival', 'ankunft', 'aankomst', 'arrivee'],
};

const byWord = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
);

/** A header as it is compared: without its unit in brackets, accents and punctuation. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[([][^)\]]*[)\]]/g, ' ')
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .replace(/\b(no|nr|id)\./g, '$1')
    .trim();
}

/** What a header says by its words; undefined where it is none of these. A date in a cell of its own may be of the arrival. */
export function meaningOfHeader(header: string): Meaning | undefined {
  const plain = plainHeader(header);
  return byWord.get(plain) ?? byWord.get(plain.replace(/\s(kg|g|mg|mm|grams?|gramm)$/, ''));
}

/** What stands in brackets at the end of a header. */
export function inBrackets(header: string): string {
  return /[([]\s*([^)\]]{1,12}?)\s*[)\]]\s*$/.exec(header)?.[1] ?? '';
}

/** The unit that a header names, in brackets or at its end. */
export function unitInHeader(header: string): string | undefined {
  const [, inBrackets, atEnd] = /[([]\s*([a-zµ%/]{1,5})\s*[)\]]|[\s_,/](kg|g|mg)\s*$/i.exec(header) ?? [];
  return (inBrackets ?? atEnd)?.toLowerCase();
}
