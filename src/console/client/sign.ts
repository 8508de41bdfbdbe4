/** Signing: shows the bytes that are signed, checks that the passkey is asked for exactly these, and asks for it. */
import { API } from '../../shared/api-prefix.js';
import { preAuthenticationEncoding } from '../../tlog/dsse.js';
import { fromBase64, hashToBase64url, utf8Text } from '../../tlog/encoding.js';
import { post } from './lib/ask-server.js';
import { element, find } from './lib/elements.js';
import { usePasskey } from './lib/passkey.js';
import { sha256 } from './lib/sha256.js';
import { personOfPage, reasonOf, signedInFor } from './lib/unlock.js';

/** The type of the payload; anything else is not signed here. */
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

interface Prepared {
  readonly payload: string;
  readonly ticket: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
}

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly meaning: string;
    readonly printedName: string;
    readonly personId: string;
    readonly role: string;
    readonly time: string;
    readonly zone: string;
    readonly tree: { readonly size: number; readonly root: string };
    readonly lab: { readonly size: number; readonly root: string };
  };
}

interface Asked {
  readonly meaning: string;
  readonly records?: readonly number[];
  readonly range?: { readonly from: number; readonly to: number };
}

const form = find<HTMLFormElement>('form[data-sign]');
if (form) void prepare(form);

async function prepare(form: HTMLFormElement): Promise<void> {
  const { sign = '{}', study = '' } = form.dataset;
  const asked = JSON.parse(sign) as Asked;
  const address = `${API}/studies/${study}/signatures`;
  const alert = find('[data-alert]', form)!;
  const passkey = find<HTMLButtonElement>('[data-by-passkey]', form);
  const prepared = await signedInFor(() => post<Prepared>(`${address}/prepare`, asked)).catch(
    (error: unknown) => {
      alert.textContent = reasonOf(error);
    },
  );
  if (!prepared) return;
  const wrong = show(form, asked, prepared);
  if (wrong !== undefined) {
    alert.textContent = wrong;
    for (const send of form.querySelectorAll('button')) send.disabled = true;
    return;
  }
  if (!passkey) return;
  passkey.disabled = false;
  passkey.addEventListener('click', () => {
    passkey.disabled = true;
    alert.textContent = '';
    signWith(address, prepared).then(
      ({ records: [first] }) => location.assign(nextOf(form, study, first!.number)),
      (error: unknown) => {
        alert.textContent = `${reasonOf(error)} Load this page again to look at what is signed anew.`;
        passkey.disabled = false;
      },
    );
  });
}

/** The page that the form was reached from, which says what was recorded; else the record of the signature. */
function nextOf({ dataset: { next } }: HTMLFormElement, study: string, number: number): string {
  const address = new URL(next ?? '/', location.origin);
  const isBelow = address.origin === location.origin && address.pathname.startsWith(`/studies/${study}/`);
  if (!isBelow) return `/studies/${study}/records/${number}`;
  address.searchParams.set('recorded', String(number));
  return `${address.pathname}${address.search}`;
}

async function signWith(
  address: string,
  { payload, ticket, options }: Prepared,
): Promise<{ readonly records: readonly { readonly number: number }[] }> {
  const credential = await usePasskey(options);
  return post(address, { payload, ticket, credential });
}

/** Shows what is in the bytes. Gives a sentence where they are not what was asked for, or the passkey would sign others. */
function show(form: HTMLFormElement, asked: Asked, { payload, options }: Prepared): string | undefined {
  const bytes = fromBase64(payload);
  const text = utf8Text(bytes);
  const { subject, predicate } = JSON.parse(text) as Statement;
  const challenge = hashToBase64url(sha256(preAuthenticationEncoding(PAYLOAD_TYPE, bytes)));
  const numbers = subject.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
  const { records = [], range } = asked;
  const wanted = range ? `${range.from}-${range.to}` : records.join(', ');
  const isAsked =
    challenge === options.challenge &&
    numbers.join(', ') === wanted &&
    predicate.meaning === asked.meaning &&
    predicate.personId === personOfPage()?.person;
  if (!isAsked)
    return 'The ledger asks for another signature than the one on this page. Nothing was signed: tell whoever runs it.';
  const { tree, lab, printedName, personId, role, time, zone } = predicate;
  const terms: Readonly<Record<string, string>> = {
    Name: `${printedName} (${personId}, ${role})`,
    Meaning: predicate.meaning,
    Time: `${time}, ${zone}`,
    Records: subject.map(({ digest }, index) => `${numbers[index]}: ${digest.sha256}`).join(' '),
    Study: headOf(tree),
    Lab: headOf(lab),
  };
  find('[data-terms]', form)!.append(
    ...Object.entries(terms).flatMap(([term, told]) => [element('dt', {}, term), element('dd', {}, told)]),
  );
  find('[data-payload]', form)!.textContent = text;
  find('[data-shown]', form)!.hidden = false;
  return undefined;
}

function headOf({ size, root }: Statement['predicate']['tree']): string {
  return `${size} records, root ${root}`;
}
