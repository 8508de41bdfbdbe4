/** The rules by which uses are counted, each with its source; every return contains them. */
export const COUNTING_RULES = {
  'counted-when-it-ends':
    'A use is reported in the year in which it ends: the animal is killed, dies or leaves the project (VersTierMeldV, annex). The year is that of the date as its record writes it, in the record’s own offset.',
  'one-study-one-use':
    'All procedures of one study on one animal are one use; several protocols for one aim are no reuse (ASPeL guidance).',
  'one-option-a-column': 'Animals that differ in any column stand in different rows (VersTierMeldV, annex).',
  'no-birthplace-on-reuse':
    'An animal that is used again has no place of birth in the row (VersTierMeldV, annex).',
  'actual-severity':
    'The severity is the one that a person assessed after the end, never the licence’s; above the licence’s it carries its reason as a remark (VersTierMeldV, annex).',
  'highest-severity':
    'Of several procedures in one use the highest graded severity is proposed; the person who assesses may change it with a reason.',
  'tissue-only':
    'Killing for tissue alone is a row of type T2 in the German form, and no procedure for the others (§ 4 (3) TierSchG).',
  'never-used':
    'An animal to which nothing was done stands in the register and in no row (Art. 30, Art. 54).',
  'killed-unused':
    'The German return lists animals that were bred for experiments, killed in the year and used in none: those of the ledger, and those that a person states because they were never enrolled. One found dead is none of them (VersTierMeldV, § 1 (1) sentence 1 no. 1a).',
  'fiscal-year':
    'The categories of the USDA are counted over the fiscal year that the return’s year names: 1 October of the year before to 30 September.',
} as const;
