import type { Protocol } from '../protocol.js';
import { baseValue } from '../quantity.js';
import type { Fact, Protocols } from '../study.js';
import type { Setting, Stimulation, Substance } from '../protocol/treatments.js';

/** A setting of the stimulation; the one of a protocol that lists none has no id. */
export type PlannedSetting = Partial<Setting>;

/** The settings that a protocol plans, each with what the section says for all; a sham has the duration alone. */
export function settingsOf(stimulation: Stimulation): PlannedSetting[] {
  const { settings, crossOver: _, ...shared } = stimulation;
  if (!settings) return [shared];
  const { duration } = shared;
  const ofSham = duration ? { duration } : {};
  return settings.map((setting) => ({ ...(setting.sham ? ofSham : shared), ...setting }));
}

/** The setting of a stimulation, by the protocol of its day; undefined where that has none of the name. */
export function settingOf(
  { data }: Pick<Fact<'SCSApplied'>, 'data'>,
  { stimulation }: Protocol,
): PlannedSetting | undefined {
  const settings = stimulation ? settingsOf(stimulation) : [];
  if (data.setting === undefined) return settings.length === 1 ? settings[0] : undefined;
  return settings.find(({ id }) => id === data.setting);
}

/**
 * Whether a stimulation is a sham, which is never the response: by its setting; under the second reading also without
 * current, where there is one setting.
 */
export function isSham(session: Pick<Fact<'SCSApplied'>, 'data'>, protocol: Protocol): boolean {
  if (settingOf(session, protocol)?.sham) return true;
  const settings = protocol.stimulation?.settings ?? [];
  return protocol.reading === 2 && settings.length < 2 && baseValue(session.data.amplitude) === 0;
}

/** Every setting that some version of a protocol names, as the latest has it. */
export function namedSettings({ versions }: Protocols): Setting[] {
  const byId = new Map<string, Setting>();
  for (const { protocol } of versions)
    for (const setting of protocol.stimulation?.settings ?? []) byId.set(setting.id, setting);
  return [...byId.values()];
}

/** The substances that a protocol gives, the titrated one with the doses and the wash-out of its titration. */
export function substancesOf({ substances, titration }: Protocol): Substance[] {
  if (!titration) return substances ?? [];
  const { drug, windowMinutes: _, minPoints: __, ...titrated } = titration;
  if (!substances) return [{ id: codeOf(drug), name: drug, ...titrated }];
  return substances.map((one) => (namesSubstance(one, drug) ? { ...one, ...titrated } : one));
}

/** The drug that a protocol titrates; undefined where it titrates none. */
export function titratedIn(protocol: Protocol): Substance | undefined {
  const { titration } = protocol;
  return titration && substancesOf(protocol).find((one) => namesSubstance(one, titration.drug));
}

/** The ketamine that a protocol gives, in whatever form and by whatever name: the titrated one, if there is one. */
export function ketamineIn(protocol: Protocol): Substance | undefined {
  const titrated = titratedIn(protocol);
  return titrated && isKetamine(titrated) ? titrated : substancesOf(protocol).find(isKetamine);
}

/**
 * A substance as a protocol names it, by the id that a record gives. Of a record without one, by AdministerKetamine, it is the
 * ketamine of the protocol; where that has none, the drug that it titrates: once that command was the only one.
 */
export function substanceIn(protocol: Protocol, recorded?: string): Pick<Substance, 'id' | 'name'> {
  const planned =
    recorded === undefined
      ? (ketamineIn(protocol) ?? titratedIn(protocol))
      : substancesOf(protocol).find(({ id }) => id === recorded);
  return planned ?? { id: recorded ?? 'ketamine' };
}

/** What a protocol calls the drug that it titrates; `drug` where it titrates none. */
export function drugIn(protocol: Protocol | undefined): string {
  const titrated = protocol && titratedIn(protocol);
  return titrated?.name ?? titrated?.id ?? 'drug';
}

function isKetamine({ id, name = '' }: Substance): boolean {
  return /ketamine/i.test(`${id} ${name}`);
}

/** Whether a text is the id or the name of a substance, in any case. */
export function namesSubstance({ id, name }: Pick<Substance, 'id' | 'name'>, text: string): boolean {
  return [id, name].some((one) => one?.toLowerCase() === text.toLowerCase());
}

/** `S-ketamine HCl` → `s-ketamine-hcl`: the id of a drug that only the titration names. */
function codeOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Whether some version of a study's protocol has a section. True as long as there is no version. */
export function isSectionPlanned(
  section: 'stimulation' | 'titration',
  { versions }: { readonly versions: readonly { readonly protocol: Protocol }[] },
): boolean {
  return versions.length === 0 || versions.some(({ protocol }) => protocol[section] !== undefined);
}
